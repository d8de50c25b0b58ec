// What each codec shows of what CPEs say, and what it tells them for what a Controller gives.
import t from 'tap';
import type { BaseType } from '../../../proxy/path/value-type.ts';
import { codecs } from '../../../proxy/mapping/rules/codecs/registry.ts';
import { afterWriting, codecNamed } from './codec-at-hand.ts';

type Texts = readonly (string | undefined)[];
/** What the CPE says and what is shown for it. */
type Shown = readonly [texts: Texts, shown: string | undefined];
/** What the CPE said, what is given, and what the CPE says then; undefined: refused. */
type Given = readonly [before: Texts, value: string, after: Texts | undefined];

interface Case {
  readonly as: string;
  readonly base?: BaseType;
  readonly shows: readonly Shown[];
  readonly writes?: readonly Given[];
}

const cases: readonly Case[] = [
  {
    as: 'either:Enabled,Disabled',
    shows: [
      [['1'], 'Enabled'],
      [['true'], 'Enabled'],
      [['0'], 'Disabled'],
      [[''], 'Disabled'],
      [[undefined], undefined],
    ],
    writes: [
      [['0'], 'Enabled', ['1']],
      [['true'], 'Enabled', ['true']],
      [['0'], 'Perhaps', undefined],
    ],
  },
  {
    as: 'equals:DHCP,Static',
    shows: [
      [['DHCP'], 'true'],
      [['dhcp'], 'true'],
      [['Static'], 'false'],
    ],
    writes: [
      [['DHCP'], 'false', ['Static']],
      [['PPPoE'], 'false', ['PPPoE']],
      [['Static'], 'true', ['DHCP']],
    ],
  },
  { as: 'equals:Passthrough', shows: [[['Normal'], 'false']], writes: [[['Passthrough'], 'false', undefined]] },
  {
    as: 'differs:Off',
    shows: [
      [['RIPv2'], 'true'],
      [['Off'], 'false'],
      [[''], 'false'],
    ],
    writes: [
      [['RIPv2'], 'false', ['Off']],
      [['Off'], 'true', undefined],
      [['RIPv1'], 'true', ['RIPv1']],
    ],
  },
  { as: 'negated', shows: [[['0'], 'true']], writes: [[['0'], 'false', ['1']]] },
  {
    as: 'present',
    shows: [
      [[''], 'true'],
      [[undefined], undefined],
    ],
  },
  {
    as: 'any',
    shows: [
      [['0', '1', undefined], 'true'],
      [['0', '0'], 'false'],
      [[undefined], undefined],
    ],
    writes: [
      [['1', '1'], 'false', ['0', '0']],
      [['0', '0'], 'true', undefined],
      [['0'], 'true', ['1']],
    ],
  },
  {
    as: 'scale:1000',
    base: 'unsignedInt',
    shows: [
      [['54'], '54000'],
      [['5.5'], '5500'],
      [['Auto'], 'Auto'],
    ],
    writes: [
      [['54'], '11000', ['11']],
      [['54'], '11500', undefined],
    ],
  },
  { as: 'scale:0.001', base: 'unsignedInt', shows: [[['2500000000'], '2500000']] },
  { as: 'scale:0.1', base: 'decimal', shows: [[['123'], '12.3']] },
  {
    as: 'bit-rate',
    shows: [
      [['Auto'], '-1'],
      [['auto'], '-1'],
      [['100'], '100'],
    ],
    writes: [
      [['100'], '-1', ['Auto']],
      [['auto'], '-1', ['auto']],
      [['Auto'], '1000', ['1000']],
    ],
  },
  {
    as: 'unsigned',
    shows: [
      [['7'], '7'],
      [['-1'], undefined],
    ],
    writes: [[['-1'], '7', ['7']]],
  },
  {
    as: 'within:0,100',
    shows: [
      [['50'], '50'],
      [['200'], '200'],
    ],
    writes: [
      [['50'], '100', ['100']],
      [['50'], '-1', undefined],
      [['200'], '200', ['200']],
    ],
  },
  {
    as: 'megabits',
    shows: [
      [['1000000000'], '1000'],
      [['1000'], '1000'],
      [['0'], '0'],
    ],
  },
  {
    as: 'decibels',
    shows: [
      [['-3'], '-3000'],
      [['-21.55'], '-21550'],
      [['-21.5 dBm'], '-21500'],
      [['-21.5551'], '-21556'],
      [['-999999'], '-65536'],
      [['--'], undefined],
    ],
  },
  {
    as: 'tenth-microwatts',
    shows: [
      [['58'], '-22366'],
      [['0'], undefined],
      [['10000'], '0'],
    ],
  },
  {
    as: 'number-or-zero',
    shows: [
      [['Auto'], '0'],
      [['300'], '300'],
    ],
  },
  {
    as: 'truncated:4',
    shows: [
      [['abcdef'], 'abcd'],
      [['abc😀'], 'abc'],
    ],
  },
  {
    as: 'hex',
    shows: [
      [['0x00ff'], '00ff'],
      [['AB:CD'], 'ABCD'],
      [['no hex'], 'no hex'],
    ],
    writes: [
      [['00'], 'AB', ['AB']],
      [['00'], 'xyz', undefined],
      [['0x00ff'], '00ff', ['0x00ff']],
    ],
  },
  { as: 'base64', shows: [[['AQID'], '010203']], writes: [[[''], '010203', ['AQID']]] },
  {
    as: 'joined',
    shows: [
      [['a', '', 'c'], 'a,c'],
      [['', ''], ''],
      [[undefined], undefined],
    ],
    writes: [
      [['a', ''], 'x,y', ['x', 'y']],
      [['a', 'b'], 'x', ['x', '']],
      [['a', 'b'], 'x,y,z', undefined],
    ],
  },
  {
    as: 'item:2',
    shows: [
      [['1.1.1.1, 2.2.2.2'], '2.2.2.2'],
      [['1.1.1.1'], undefined],
    ],
    writes: [
      [['1.1.1.1,2.2.2.2'], '3.3.3.3', ['1.1.1.1,3.3.3.3']],
      [['1.1.1.1'], '3.3.3.3', undefined],
    ],
  },
  {
    as: 'first-of:PAP,CHAP,MS-CHAP,None',
    shows: [
      [['AUTO_AUTH'], 'None'],
      [['PAP,CHAP,MS-CHAP'], 'PAP'],
      [['MS-CHAP'], 'MS-CHAP'],
    ],
  },
  {
    as: 'address',
    shows: [
      [['0.0.0.0'], ''],
      [['10.0.0.1'], '10.0.0.1'],
    ],
    writes: [
      [['10.0.0.1'], '', ['0.0.0.0']],
      [[''], '', ['']],
      [['0.0.0.0'], '10.0.0.2', ['10.0.0.2']],
    ],
  },
  {
    as: 'address-while:DHCP',
    shows: [
      [['10.0.0.1,0.0.0.0', 'DHCP'], '10.0.0.1'],
      [['10.0.0.1', 'Static'], ''],
      [['10.0.0.1', undefined], '10.0.0.1'],
    ],
  },
  {
    as: 'mac',
    shows: [
      [['c0-b1-01-e4-28-6e'], 'c0:b1:01:e4:28:6e'],
      [['C0B101E4286E'], 'C0:B1:01:E4:28:6E'],
      [[''], ''],
    ],
  },
  { as: 'list:address', shows: [[['0.0.0.0,0.0.0.0'], '']], writes: [[['0.0.0.0,0.0.0.0'], '', ['0.0.0.0,0.0.0.0']]] },
  { as: 'list:channels', shows: [[['1, 2,3;1,2'], '1,2,3']] },
  { as: 'list:int', shows: [[['20 40 60'], '20,40,60']] },
  { as: 'list:mac', shows: [[['aabbccddeeff;11-22-33-44-55-66'], 'aa:bb:cc:dd:ee:ff,11:22:33:44:55:66']] },
  { as: 'list:words', shows: [[['HTTP, FTP'], 'HTTP,FTP']] },
  {
    as: 'network-mask',
    shows: [
      [['255.255.255.0', '192.168.1.0'], '192.168.1.0/24'],
      [['', '10.1.1.1'], ''],
      [['255.0.255.0', '10.1.1.1'], ''],
    ],
    writes: [
      [['', '10.0.0.0'], '10.0.0.0/9', ['255.128.0.0', '10.0.0.0']],
      [['255.0.0.0', '10.0.0.0'], '', ['', '10.0.0.0']],
      [['', '10.0.0.0'], '11.0.0.0/8', undefined],
    ],
  },
  {
    as: 'atm.circuit',
    shows: [
      [['PVC: 8/35'], '8/35'],
      [['8/35,PVC: 0/32'], '8/35,0/32'],
    ],
    writes: [
      [['PVC: 8/35'], '0/32', ['PVC: 0/32']],
      [['8/35'], '8/35', ['8/35']],
    ],
  },
  {
    as: 'row:QoS.Queue',
    shows: [
      [['3'], 'Device.QoS.Queue.3'],
      [['-1'], ''],
      [['0'], ''],
    ],
    writes: [
      [['-1'], 'Device.QoS.Queue.3', ['3']],
      [['3'], '', ['-1']],
      [['0'], '', ['0']],
      [['3'], 'Device.QoS.Policer.3', undefined],
    ],
  },
  {
    as: 'while-connected',
    shows: [
      [['77', 'Connected'], '77'],
      [['77', 'Disconnected'], '0'],
      [['77', undefined], '77'],
    ],
  },
  {
    as: 'dhcp.state',
    shows: [
      [['Connected', 'DHCP'], 'Bound'],
      [['Connecting', undefined], 'Selecting'],
      [['Connected', 'Static'], 'Init'],
    ],
  },
  {
    as: 'lease-end',
    shows: [
      [['-1'], '9999-12-31T23:59:59Z'],
      [['3600'], '0001-01-01T00:00:00Z'],
    ],
  },
  {
    as: 'passthrough:A.1.B.2',
    shows: [
      [['Passthrough', 'InternetGatewayDevice.A.1.B.2.'], 'true'],
      [['Passthrough', 'A.1.B.3'], 'false'],
      [['Normal', 'A.1.B.2'], 'false'],
    ],
    writes: [[['Normal', ''], 'true', ['Passthrough', 'InternetGatewayDevice.A.1.B.2']]],
  },
  { as: 'text-octets', shows: [[['AB'], '4142']] },
  {
    as: 'time-zone',
    shows: [
      [['CET-1CEST,M3.5.0,M10.5.0/3', '+01:00'], 'CET-1CEST,M3.5.0,M10.5.0/3'],
      [['Greenwich Mean Time: Dublin', '+00:00'], 'UTC0'],
      [['Mumbai', '+05:30'], '<+0530>-5:30'],
      [['Caracas', '-04:00'], '<-04>4'],
      [['Somewhere', undefined], 'Somewhere'],
    ],
    writes: [
      [['UTC0', '+00:00'], 'JST-9', ['JST-9', '+09:00']],
      [['UTC0', '+00:00'], 'EST5EDT,M3.2.0,M11.1.0', ['EST5EDT,M3.2.0,M11.1.0', '+00:00']],
      [['Dublin', '+00:00'], '<-04>4', ['Dublin', '-04:00']],
      [['Dublin', '+00:00'], 'CET-1CEST', undefined],
      [['UTC0', '+00:00'], 'Europe/Berlin', undefined],
    ],
  },
  {
    as: 'time-zone.offset',
    shows: [[['+05:30'], '<+0530>-5:30']],
    writes: [
      [['+00:00'], '<+01>-1', ['+01:00']],
      [['+00:00'], 'CET-1CEST', undefined],
    ],
  },
];

for (const { as, base, shows, writes = [] } of cases) {
  await t.test(as, async (t) => {
    const codec = codecNamed(as, base);
    for (const [texts, shown] of shows) t.equal(codec.read(texts), shown, `${JSON.stringify(texts)} is shown`);
    for (const [before, value, after] of writes) {
      t.same(afterWriting(codec, value, before), after, `${value} is written over ${JSON.stringify(before)}`);
    }
  });
}

await t.test('an argument that is none is told, not taken', async (t) => {
  for (const as of ['scale', 'scale:x', 'either:A', 'list:shoes', 'item:0', 'enum:nowhere', 'mac:1', 'truncated:0']) {
    t.throws(() => codecNamed(as), as);
  }
});

await t.test('every codec has a case here or with the wireless ones', async (t) => {
  const named = new Set(cases.map(({ as }) => as.replace(/:.*/, '')));
  const elsewhere = [...codecs.keys()].filter((name) => !named.has(name) && !/^(?:wifi|wps|enum)/.test(name));
  t.same(elsewhere, []);
});
