// causeway map, in this process: dumps and rule files need no gateway.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { COMMANDS } from '../../proxy/cli/commands.ts';
import { dispatch } from '../../proxy/cli/dispatch.ts';
import { formatCoverage, gapsIn } from '../../proxy/cli/map/coverage.ts';
import { formatExplained } from '../../proxy/cli/map/explain.ts';
import { formatTrips } from '../../proxy/cli/map/test.ts';
import { noPaint } from '../../proxy/cli/output/paint.ts';
import { parseAskedFor } from '../../proxy/mapping/asked-for.ts';
import { sumOf } from '../../proxy/mapping/coverage.ts';

interface Ran {
  readonly code: number;
  readonly out: readonly string[];
  readonly err: readonly string[];
}

async function run(...args: readonly string[]): Promise<Ran> {
  const [out, err]: [string[], string[]] = [[], []];
  const io = {
    out: (line: string) => void out.push(line),
    err: (line: string) => void err.push(line),
    paint: noPaint,
    errPaint: noPaint,
  };
  const code = await dispatch(args, COMMANDS, { environment: {}, io, version: '' });
  return { code, out, err };
}

const WLAN = 'InternetGatewayDevice.LANDevice.1.WLANConfiguration.1.';
const ROWS: readonly string[] = [
  'InternetGatewayDevice.DeviceInfo.SoftwareVersion,false,false,1.2,xsd:string',
  `${WLAN}Enable,false,true,1,xsd:boolean`,
  `${WLAN}SSID,false,true,meadow,xsd:string`,
  `${WLAN}X_EXAMPLE_Colour,false,true,red,xsd:string`,
  `${WLAN}X_EXAMPLE_Size,false,true,3,xsd:unsignedInt`,
];

function file(t: Test, name: string, text: string): string {
  const path = join(t.testdir({}), name);
  writeFileSync(path, text);
  return path;
}
const dumpOf = (t: Test, rows = ROWS): string =>
  file(t, 'dump.csv', ['Parameter,Object,Writable,Value,Value type', ...rows].join('\n'));

t.test('coverage tells the share, its parts, and what is missing', async (t) => {
  const { code, out } = await run('map', 'coverage', dumpOf(t));
  t.equal(code, 0);
  t.match(out[0], /^\d+\.\d % of the standard parameters: \d+ of \d+$/);
  t.match(out.join('\n'), /\n {4}\d {2}shown as values/);
  t.match(out.join('\n'), /\n {4}2 {2}vendors' own, which are not counted/);
});

t.test('coverage --json tells of every parameter what shows it', async (t) => {
  const { out } = await run('map', 'coverage', dumpOf(t), '--json');
  const told = JSON.parse(out.join('\n')) as { readonly parameters: readonly { readonly name: string }[] };
  t.match(
    told.parameters.find(({ name }) => name === `${WLAN}SSID`),
    { disposition: 'shown', shownBy: ['Device.WiFi.SSID.1.SSID'] },
  );
});

t.test('what is asked for most stands first among what is missing', async (t) => {
  const open = ['UserInterface.Nothing', 'LANDevice.1.Hosts.Nothing', 'LANDevice.2.Hosts.Nothing'];
  const covered = open.map(
    (name) => ({ name: `InternetGatewayDevice.${name}`, disposition: 'open', shownBy: [] }) as const,
  );
  const gaps = gapsIn(covered, parseAskedFor('# a comment\nLANDevice.{i}.Hosts.\nLANDevice.{i}.\nUserInterface.\n'));
  t.same(gaps, [
    { name: 'InternetGatewayDevice.LANDevice.{i}.Hosts.Nothing', instances: 2, rank: 1 },
    { name: 'InternetGatewayDevice.UserInterface.Nothing', instances: 1, rank: 3 },
  ]);
  t.same(formatCoverage(sumOf(covered), gaps, noPaint), [
    '0.0 % of the standard parameters: 0 of 3',
    '',
    'not there, what operators ask for most first',
    '    2  InternetGatewayDevice.LANDevice.{i}.Hosts.Nothing',
    '    1  InternetGatewayDevice.UserInterface.Nothing',
  ]);
});

t.test('test without a dump checks the files', async (t) => {
  const { code, out, err } = await run('map', 'test');
  t.same([code, out], [0, []]);
  t.match(err[0], /^\d+ files, \d+ rules of objects: all is well$/);
});

t.test('test with a dump sends values there and back', async (t) => {
  const { code, out, err } = await run('map', 'test', dumpOf(t));
  t.same([code, out], [0, []]);
  t.match(err[0], /^\d+ values tried: \d+ good, \d+ refused, 0 wrong$/);
});

t.test('what went wrong is told value by value', async (t) => {
  const path = 'Device.WiFi.SSID.1.SSID';
  const trips = [
    { path, value: 'a', outcome: { kind: 'good' } },
    { path, value: 'b\n', outcome: { kind: 'wrong', why: 'it shows "c" afterwards' } },
    { path, value: 'd', outcome: { kind: 'refused', code: 7012, why: 'too long' } },
  ] as const;
  t.same(formatTrips(trips, true, noPaint), {
    result: [`wrong ${path}=b\\n: it shows "c" afterwards`, `refused ${path}=d: 7012 too long`],
    beside: ['3 values tried: 1 good, 1 refused, 1 wrong'],
  });
  t.same(formatTrips(trips, false, noPaint).result.length, 1);
});

t.test('what is no dump for these rules', async (t) => {
  const refused = async (path: string): Promise<string> => {
    const { code, err } = await run('map', 'coverage', path);
    t.equal(code, 2);
    return err.join('\n');
  };
  t.match(await refused('/no/such/file'), /cannot be read/);
  t.match(await refused(file(t, 'text', 'hello')), /is no dump: the first line names no column/);
  t.match(
    await refused(dumpOf(t, ['Device.DeviceInfo.UpTime,false,false,1,xsd:unsignedInt'])),
    /has the root Device\., which needs no rules/,
  );
});

t.test('they take no options of a gateway', async (t) => {
  t.match(await run('map', 'test', '--gateway', 'http://127.0.0.1:1'), { code: 2, err: [/--gateway is no option/] });
});

t.test('an explanation: the value, where it comes from, and by which rule', async (t) => {
  const explained = {
    root: 'InternetGatewayDevice.',
    parameters: [
      {
        path: 'Device.WiFi.SSID.1.SSID',
        rules: [{ file: 'mappings/tr098/wifi.yaml', line: 40 }],
        parameters: [`${WLAN}SSID`],
      },
      { path: 'Device.WiFi.SSIDNumberOfEntries', rules: [], parameters: [] },
    ],
    values: { 'Device.WiFi.SSID.1.SSID': 'meadow\t' },
    cpeValues: { [`${WLAN}SSID`]: '' },
  };
  t.same(formatExplained(explained, noPaint), [
    'Device.WiFi.SSID.1.SSID = meadow\\t',
    `  from  ${WLAN}SSID = `,
    '  rule  mappings/tr098/wifi.yaml:40',
    'Device.WiFi.SSIDNumberOfEntries',
    '  rule  the number of rows',
  ]);
  t.match(formatExplained({ ...explained, root: 'Device.' }, noPaint)[4], /the device has Device:2 itself/);
});
