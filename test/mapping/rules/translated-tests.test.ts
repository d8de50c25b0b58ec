// Tests of a translated CPE that are commands, and commands that are parameters.
import t from 'tap';
import { fitted, ROOT, SmallDevice, smallModel } from './small-device.ts';

const RULES = `
tables:
  ip: { at: "WANDevice.{wan}.WANConnectionDevice.{link}.WANIPConnection.{wanIp}." }
objects:
  - at: WANDevice.{wan}.WANConnectionDevice.{link}.WANIPConnection.{wanIp}.
    to: IP.Interface.{ip}.
    same: [Enable]
commands:
  IP.Diagnostics.IPPing():
    test: IPPingDiagnostics.
    inputs:
      Interface: { to: Interface, as: "reference:IP.Interface" }
      Host: Host
      NumberOfRepetitions: { to: NumberOfRepetitions, default: 3 }
      Timeout: { to: Timeout, default: 1000 }
      ProtocolVersion: { only: [Any, IPv4] }
    outputs:
      SuccessCount: SuccessCount
    lasts: [NumberOfRepetitions*Timeout]
  IP.Interface.{ip}.Reset():
    at: WANDevice.{wan}.WANConnectionDevice.{link}.WANIPConnection.{wanIp}.
    set: { Reset: 1 }
`;
const CONNECTION = 'WANDevice.1.WANConnectionDevice.3.WANIPConnection.2';
const PING = 'Device.IP.Diagnostics.IPPing()';

const device = (): SmallDevice =>
  new SmallDevice({
    [`${CONNECTION}.Enable`]: '1',
    [`${CONNECTION}.Reset`]: '0',
    'IPPingDiagnostics.DiagnosticsState': 'None',
    'IPPingDiagnostics.Interface': '',
    'IPPingDiagnostics.Host': '',
    'IPPingDiagnostics.NumberOfRepetitions': '1',
    'IPPingDiagnostics.Timeout': '500',
    'IPPingDiagnostics.SuccessCount': '0',
  });

t.test('a test is begun with one SetParameterValues, its state last', async (t) => {
  const cpe = device();
  const tree = cpe.tree();
  const view = await fitted(smallModel(RULES, tree), cpe, tree);
  t.ok(view.supported.objects.get('Device.IP.Diagnostics.')?.commands.has('IPPing()'));
  const test = view.diagnosticFor(PING);
  t.equal(test?.state, `${ROOT}IPPingDiagnostics.DiagnosticsState`);
  const args = new Map([
    ['Host', 'example.org'],
    ['Interface', 'Device.IP.Interface.1'],
  ]);
  const begun = test?.settingsFor(args, tree, () => undefined);
  t.match(begun, { ok: true, lastsMs: 3000 });
  const settings = begun?.ok === true ? begun.settings : [];
  t.strictSame(
    settings.map(({ Name, Value, Type }) => [Name.slice(`${ROOT}IPPingDiagnostics.`.length), Value, Type]).sort(),
    [
      ['DiagnosticsState', 'Requested', 'string'],
      ['Host', 'example.org', 'string'],
      ['Interface', `${ROOT}${CONNECTION}`, 'string'],
      ['NumberOfRepetitions', '3', 'unsignedInt'],
      ['Timeout', '1000', 'unsignedInt'],
    ],
  );
  t.match(settings.at(-1), { Value: 'Requested' });
});

t.test('what the CPE cannot do is refused with the argument named', async (t) => {
  const cpe = device();
  const tree = cpe.tree();
  const test = (await fitted(smallModel(RULES, tree), cpe, tree)).diagnosticFor(PING);
  const refusal = (name: string, value: string): unknown =>
    test?.settingsFor(
      new Map([
        ['Host', 'a'],
        [name, value],
      ]),
      tree,
      () => undefined,
    );
  t.match(refusal('ProtocolVersion', 'IPv6'), { ok: false, code: 7027, why: /ProtocolVersion/ });
  t.match(refusal('Interface', 'Device.IP.Interface.9'), { ok: false, code: 7027, why: /Interface/ });
  t.match(refusal('Timeout', 'soon'), { ok: false, code: 7027, why: /Timeout/ });
  t.match(refusal('DSCP', '3'), { ok: false, code: 7027, why: /DSCP/ });
});

t.test('results are told by their names, and only of a test that ended well', async (t) => {
  const cpe = device();
  const tree = cpe.tree();
  const test = (await fitted(smallModel(RULES, tree), cpe, tree)).diagnosticFor(PING);
  const told = (state: string): unknown =>
    Object.fromEntries(
      test?.outputsOf([
        [`${ROOT}IPPingDiagnostics.DiagnosticsState`, state],
        [`${ROOT}IPPingDiagnostics.SuccessCount`, '2'],
      ]) ?? [],
    );
  t.strictSame(told('Complete'), { Status: 'Complete', SuccessCount: '2' });
  t.strictSame(told('Error_CannotResolveHostName'), { Status: 'Error_CannotResolveHostName' });
});

t.test('a command that is a parameter is written where its row is', async (t) => {
  const cpe = device();
  const tree = cpe.tree();
  const view = await fitted(smallModel(RULES, tree), cpe, tree);
  t.strictSame(
    view.triggerFor('Device.IP.Interface.1.Reset()', new Map(), () => undefined),
    {
      ok: true,
      settings: [{ Name: `${ROOT}${CONNECTION}.Reset`, Value: '1', Type: 'boolean' }],
    },
  );
  t.equal(
    view.triggerFor('Device.Reboot()', new Map(), () => undefined),
    undefined,
  );
});
