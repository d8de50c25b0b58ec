// The grammar of paths: TR-369's own examples, what practice adds to them, and what is refused where.
import t from 'tap';
import { parsePath } from '../../proxy/path/parse.ts';
import { asObject, formatPath, type Comparison, type Leaf, type Path, type Segment } from '../../proxy/path/path.ts';

const name = (text: string): Segment => ({ kind: 'name', name: text });
const names = (text: string): Segment[] => text.split('.').map(name);
const row = (number: number): Segment => ({ kind: 'instance', number });
const follow = (item: number | 'all'): Segment => ({ kind: 'reference', item });
const search = (...comparisons: Comparison[]): Segment => ({ kind: 'search', comparisons });
const wildcard: Segment = { kind: 'wildcard' };
const object: Leaf = { kind: 'object' };
const bare = (text: string): Leaf => ({ kind: 'parameter-or-object', name: text });

type Case = readonly [text: string, segments: readonly Segment[], leaf: Leaf];

function parse(text: string): Path | string {
  const parsed = parsePath(text);
  return parsed.ok ? parsed.path : `${parsed.code} at ${parsed.position}: ${parsed.why}`;
}

function compare(parameter: string, operator: Comparison['operator'], text: string, quoted: boolean): Comparison {
  const steps = parameter.split('.').map((step) => ({ kind: 'name', name: step }) as const);
  return { parameter: steps, operator, constant: { text, quoted } };
}

t.test('objects, rows, parameters, commands, events', async (t) => {
  const cases: readonly Case[] = [
    ['Device.', [name('Device')], object],
    ['Device.IP.Interface.3.', [...names('Device.IP.Interface'), row(3)], object],
    ['Device.IP.Interface.4294967295.', [...names('Device.IP.Interface'), row(4294967295)], object],
    ['Device.IP.Interface.*.', [...names('Device.IP.Interface'), wildcard], object],
    ['Device.IP.Interface.*.Type', [...names('Device.IP.Interface'), wildcard], bare('Type')],
    ['Device.IP.Interface.1.Reset()', [...names('Device.IP.Interface'), row(1)], { kind: 'command', name: 'Reset' }],
    ['Device.Boot!', [name('Device')], { kind: 'event', name: 'Boot' }],
    ['Device._a1.B_2', names('Device._a1'), bare('B_2')],
  ];
  for (const [text, segments, leaf] of cases) t.same(parse(text), { segments, leaf }, text);
});

t.test("searches: the specification's examples", async (t) => {
  const interfaces = names('Device.IP.Interface');
  const normal = compare('Type', '==', 'Normal', true);
  const fixed = search(compare('AddressingType', '==', 'Static', true));
  const cases: readonly Case[] = [
    ['Device.IP.Interface.[Type=="Normal"].Status', [...interfaces, search(normal)], bare('Status')],
    [
      'Device.IP.Interface.[Type=="Normal"].IPv4Address.[AddressingType=="Static"].IPAddress',
      [...interfaces, search(normal), name('IPv4Address'), fixed],
      bare('IPAddress'),
    ],
    [
      'Device.IP.Interface.[Type=="Normal"&&Stats.ErrorsSent>0].IPv4Address.[AddressingType=="Static"].IPAddress',
      [...interfaces, search(normal, compare('Stats.ErrorsSent', '>', '0', false)), name('IPv4Address'), fixed],
      bare('IPAddress'),
    ],
    [
      'Device.DSL.Line.[Enable==true].CurrentProfile',
      [...names('Device.DSL.Line'), search(compare('Enable', '==', 'true', false))],
      bare('CurrentProfile'),
    ],
    [
      'Device.IP.Interface.*.IPv6Address.[ValidLifetime<2021-06-06T08:00:00Z].IPAddress',
      [
        ...interfaces,
        wildcard,
        name('IPv6Address'),
        search(compare('ValidLifetime', '<', '2021-06-06T08:00:00Z', false)),
      ],
      bare('IPAddress'),
    ],
    [
      'Device.USB.USBHosts.Host.*.Device.[DeviceClass==08].',
      [
        ...names('Device.USB.USBHosts.Host'),
        wildcard,
        name('Device'),
        search(compare('DeviceClass', '==', '08', false)),
      ],
      object,
    ],
    [
      'Device.PCP.Client.*.Server.[Capabilities~="IPv6Firewall"].',
      [
        ...names('Device.PCP.Client'),
        wildcard,
        name('Server'),
        search(compare('Capabilities', '~=', 'IPv6Firewall', true)),
      ],
      object,
    ],
    [
      'Device.NAT.PortMapping.[RemoteHost==""&&ExternalPort==0&&Protocol=="TCP"].',
      [
        ...names('Device.NAT.PortMapping'),
        search(
          compare('RemoteHost', '==', '', true),
          compare('ExternalPort', '==', '0', false),
          compare('Protocol', '==', 'TCP', true),
        ),
      ],
      object,
    ],
  ];
  for (const [text, segments, leaf] of cases) t.same(parse(text), { segments, leaf }, text);
});

t.test('references', async (t) => {
  const ssid = [...names('Device.WiFi.SSID'), row(1), name('LowerLayers')];
  const mappings = [...names('Device.NAT.PortMapping'), row(1), name('Interface')];
  const cases: readonly Case[] = [
    ['Device.NAT.PortMapping.1.Interface+.Name', [...mappings, follow(1)], bare('Name')],
    ['Device.NAT.PortMapping.1.Interface+.', [...mappings, follow(1)], object],
    ['Device.WiFi.SSID.1.LowerLayers#1+.Name', [...ssid, follow(1)], bare('Name')],
    ['Device.WiFi.SSID.1.LowerLayers#12+.Name', [...ssid, follow(12)], bare('Name')],
    ['Device.WiFi.SSID.1.LowerLayers#*+.Name', [...ssid, follow('all')], bare('Name')],
    ['Device.WiFi.SSID.1.LowerLayers+.Stats.X.2.', [...ssid, follow(1), ...names('Stats.X'), row(2)], object],
    ['Device.WiFi.SSID.1.LowerLayers+.A+.B', [...ssid, follow(1), name('A'), follow(1)], bare('B')],
  ];
  for (const [text, segments, leaf] of cases) t.same(parse(text), { segments, leaf }, text);
  const inSearch = parse(
    'Device.WiFi.AccessPoint.[SSIDReference+.SSID=="MyHome"].AssociatedDevice.[OperatingStandard=="ac"].SignalStrength',
  );
  t.match(inSearch, {
    segments: [
      {},
      {},
      {},
      {
        comparisons: [{ parameter: [{ name: 'SSIDReference' }, { kind: 'reference', item: 1 }, { name: 'SSID' }] }],
      },
    ],
  });
});

t.test('trap 1: constants without quotes', async (t) => {
  for (const text of ['true', 'false', '0', '1', '-1', '+123', '0123', '08', '1.50', '2021-06-06T08:00:00.5Z', '0A']) {
    const expected = { segments: [...names('Device.X'), search(compare('A', '==', text, false))], leaf: object };
    t.same(parse(`Device.X.[A==${text}].`), expected, text);
  }
});

t.test('trap 2: white space around the parts of a search', async (t) => {
  const tight = parse('Device.X.[A=="b c"&&D>=5].E');
  for (const text of ['[A == "b c"&&D >= 5]', '[ A\t==\t"b c" && D>= 5 ]', '[  A=="b c"  &&  D  >=  5  ]']) {
    t.same(parse(`Device.X.${text}.E`), tight, text);
  }
});

t.test('trap 3: a hyphen in a name', async (t) => {
  t.same(parse('Device.X_EXAMPLE-COM_Foo.1.A-b'), {
    segments: [...names('Device.X_EXAMPLE-COM_Foo'), row(1)],
    leaf: bare('A-b'),
  });
  t.match(parse('Device.-A.'), /at 7: expected a name/);
});

t.test('trap 4: an object without its dot', async (t) => {
  t.same(parse('Device.LocalAgent.Subscription'), { segments: names('Device.LocalAgent'), leaf: bare('Subscription') });
  t.same(parse('Device'), { segments: [], leaf: bare('Device') });
  t.same(parse('Device.LocalAgent.Subscription.7'), parse('Device.LocalAgent.Subscription.7.'));
  t.same(parse('Device.LocalAgent.Subscription.*'), parse('Device.LocalAgent.Subscription.*.'));
  t.same(parse('Device.IP.Interface.[Name=="eth0"]'), parse('Device.IP.Interface.[Name=="eth0"].'));
  t.same(parse('Device.NAT.PortMapping.1.Interface+'), parse('Device.NAT.PortMapping.1.Interface+.'));
  const parsed = parsePath('Device.LocalAgent.Subscription');
  t.equal(parsed.ok && formatPath(asObject(parsed.path)), 'Device.LocalAgent.Subscription.');
  const command = parsePath('Device.A()');
  t.equal(command.ok && formatPath(asObject(command.path)), 'Device.A()', 'a command is no object');
});

t.test('trap 5: escapes in a constant, decoded after tokenising', async (t) => {
  const constantOf = (literal: string): unknown => {
    const parsed = parsePath(`Device.X.[A=="${literal}"].`);
    const last = parsed.ok ? parsed.path.segments.at(-1) : undefined;
    return last?.kind === 'search' ? last.comparisons[0]?.constant.text : parsed;
  };
  t.equal(constantOf('say %22hi%22'), 'say "hi"');
  t.equal(constantOf('100%25'), '100%');
  t.equal(constantOf('%2522'), '%22');
  t.equal(constantOf('%41%'), '%41%');
  t.equal(constantOf(']&&B.C==1'), ']&&B.C==1');
  t.equal(constantOf('ä\n.'), 'ä\n.');
});

t.test('what is refused, and where', async (t) => {
  const cases: readonly (readonly [string, number])[] = [
    ['', 0],
    ['.', 0],
    ['1.', 0],
    ['*', 0],
    ['Device..', 7],
    ['Device.1.', 7],
    ['Device.*.', 7],
    ['Device. A', 7],
    ['Device.A ', 8],
    ['Device.Ä', 7],
    ['Device.A.0.', 9],
    ['Device.A.01.', 9],
    ['Device.A.4294967296.', 9],
    ['Device.A.99999999999999999999.', 9],
    ['Device.A.1.2.', 11],
    ['Device.A.1B.', 10],
    ['Device.A.**.', 10],
    ['Device.A.{i}.', 9],
    ['Device.A(', 8],
    ['Device.A().', 8],
    ['Device.A()x', 8],
    ['Device.A!.B', 8],
    ['Device()', 0],
    ['Boot!', 0],
    ['Device+.A', 6],
    ['Device.A+B', 9],
    ['Device.A+.1.', 10],
    ['Device.A#+.B', 9],
    ['Device.A#0+.B', 9],
    ['Device.A#1.B', 10],
    ['Device.IP.Interface.[].', 21],
    ['Device.IP.Interface.{Type=="Normal"}.Status', 20],
    ['Device.IP.Interface.[Type=="Normal"&&IPv4Address.*.AddressingType=="Static"].Status', 49],
    ['Device.X.[A].', 11],
    ['Device.X.[A=1].', 11],
    ['Device.X.[A==].', 13],
    ['Device.X.[A==1', 14],
    ['Device.X.[A==1&B==2].', 14],
    ['Device.X.[A==1||B==2].', 14],
    ['Device.X.[A==1&&].', 16],
    ['Device.X.[A=="b].', 13],
    ["Device.X.[A=='b'].", 13],
    ['Device.X.[A+==1].', 12],
    ['Device.X.[A==1]B', 15],
  ];
  for (const [text, position] of cases) t.match(parsePath(text), { ok: false, code: 7008, position }, text);
});

t.test('bounds', async (t) => {
  const comparisons = (count: number): string => Array.from({ length: count }, () => 'A==1').join('&&');
  t.match(parsePath(`Device.X.[${comparisons(32)}].`), { ok: true });
  t.match(parsePath(`Device.X.[${comparisons(33)}].`), { ok: false, why: /32 comparisons/ });
  t.match(parsePath('A.'.repeat(256)), { ok: true });
  t.match(parsePath('A.'.repeat(257)), { ok: false, why: /256 segments/ });
  t.match(parsePath('A'.repeat(16_384)), { ok: true });
  t.match(parsePath('A'.repeat(16_385)), { ok: false, why: /16384 characters/ });
});
