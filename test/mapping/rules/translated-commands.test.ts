// Commands of a translated view that write what they are given, and tests of which a device has several.
import t from 'tap';
import { fitted, ROOT, shippedModel, SmallDevice, smallModel } from './small-device.ts';
import type { View } from '../../../proxy/mapping/view.ts';

const noTypes = (): undefined => undefined;

async function viewOf(values: Readonly<Record<string, string>>): Promise<{ cpe: SmallDevice; view: View }> {
  const cpe = new SmallDevice(values);
  const tree = cpe.tree();
  return { cpe, view: await fitted(shippedModel(tree), cpe, tree) };
}

t.test('what a command is given is written in its row', async (t) => {
  const { view } = await viewOf({
    'SoftwareModules.ExecEnv.2.Name': 'java',
    'SoftwareModules.ExecEnv.2.RequestedRunLevel': '0',
    'SoftwareModules.ExecutionUnit.5.Name': 'app',
    'SoftwareModules.ExecutionUnit.5.RequestedState': '',
  });
  const run = (command: string, args: Readonly<Record<string, string>>): unknown =>
    view.triggerFor(`Device.SoftwareModules.${command}`, new Map(Object.entries(args)), noTypes);
  t.strictSame(run('ExecEnv.2.SetRunLevel()', { RequestedRunLevel: '3' }), {
    ok: true,
    settings: [{ Name: `${ROOT}SoftwareModules.ExecEnv.2.RequestedRunLevel`, Value: '3', Type: 'int' }],
  });
  t.strictSame(run('ExecutionUnit.5.SetRequestedState()', { RequestedState: 'Active' }), {
    ok: true,
    settings: [{ Name: `${ROOT}SoftwareModules.ExecutionUnit.5.RequestedState`, Value: 'Active', Type: 'string' }],
  });
  t.match(run('ExecutionUnit.5.SetRequestedState()', { RequestedState: 'Asleep' }), { ok: false, code: 7027 });
  t.match(run('ExecEnv.2.SetRunLevel()', { RequestedRunLevel: '70000' }), { ok: false, code: 7027 });
  const commands = view.supported.objects.get('Device.SoftwareModules.ExecEnv.{i}.')?.commands;
  t.strictSame(commands?.get('SetRunLevel()')?.inputs, [{ name: 'RequestedRunLevel', mandatory: true }]);
});

t.test('a command without what it writes is not there', async (t) => {
  const { view } = await viewOf({ 'SoftwareModules.ExecEnv.2.Name': 'java' });
  t.equal(view.supported.objects.get('Device.SoftwareModules.ExecEnv.{i}.')?.commands.size, 0);
});

const link = (number: number): string => `WANDevice.1.WANConnectionDevice.${number}.`;
const ofLink = (number: number): Readonly<Record<string, string>> => ({
  [`${link(number)}WANDSLLinkConfig.Enable`]: '1',
  [`${link(number)}WANDSLLinkConfig.LinkType`]: 'EoA',
  [`${link(number)}WANATMF5LoopbackDiagnostics.DiagnosticsState`]: 'None',
  [`${link(number)}WANATMF5LoopbackDiagnostics.NumberOfRepetitions`]: '1',
  [`${link(number)}WANATMF5LoopbackDiagnostics.Timeout`]: '1',
  [`${link(number)}WANATMF5LoopbackDiagnostics.SuccessCount`]: '0',
});
const LINE = {
  'WANDevice.1.WANDSLInterfaceConfig.Enable': '1',
  'WANDevice.1.WANDSLDiagnostics.LoopDiagnosticsState': 'None',
  'WANDevice.1.WANDSLDiagnostics.ACTPSDds': '-38',
};
const LOOPBACK = 'Device.ATM.Diagnostics.F5Loopback()';

t.test('the interface that is named says which object is tested', async (t) => {
  const { cpe, view } = await viewOf({ ...LINE, ...ofLink(1), ...ofLink(4) });
  const args = (row: number): ReadonlyMap<string, string> =>
    new Map([
      ['Interface', `Device.ATM.Link.${row}`],
      ['NumberOfRepetitions', '5'],
      ['Timeout', '200'],
    ]);
  const second = view.diagnosticFor(LOOPBACK, args(2));
  const object = `${ROOT}${link(4)}WANATMF5LoopbackDiagnostics.`;
  t.equal(second?.object, object);
  t.equal(second?.chosenBy, 'Interface');
  t.strictSame(second?.settingsFor(args(2), cpe.tree(), noTypes), {
    ok: true,
    settings: [
      { Name: `${object}NumberOfRepetitions`, Value: '5', Type: 'unsignedInt' },
      { Name: `${object}Timeout`, Value: '200', Type: 'unsignedInt' },
      { Name: `${object}DiagnosticsState`, Value: 'Requested', Type: 'string' },
    ],
    lastsMs: 1000,
  });
  t.strictSame(
    second?.outputsOf([
      [`${object}DiagnosticsState`, 'Complete'],
      [`${object}SuccessCount`, '5'],
    ]),
    new Map([
      ['Status', 'Complete'],
      ['SuccessCount', '5'],
    ]),
  );
  for (const wrong of ['Device.ATM.Link.9', 'Device.DSL.Channel.1', '']) {
    const given = new Map([...args(1), ['Interface', wrong] as const]);
    t.match(view.diagnosticFor(LOOPBACK, given)?.settingsFor(given, cpe.tree(), noTypes), { ok: false, code: 7027 });
  }
});

t.test('a line is tested by the name of its channel', async (t) => {
  const { cpe, view } = await viewOf({ ...LINE, ...ofLink(1) });
  const args = new Map([['Interface', 'Device.DSL.Channel.1.']]);
  const test = view.diagnosticFor('Device.DSL.Diagnostics.ADSLLineTest()', args);
  const state = `${ROOT}WANDevice.1.WANDSLDiagnostics.LoopDiagnosticsState`;
  t.match(test?.settingsFor(args, cpe.tree(), noTypes), { settings: [{ Name: state, Value: 'Requested' }] });
  t.strictSame(
    test
      ?.outputsOf([
        [state, 'Complete'],
        [`${ROOT}WANDevice.1.WANDSLDiagnostics.ACTPSDds`, '-38'],
      ])
      .get('ACTPSDds'),
    '-38',
  );
});

t.test('an input must say where it goes', (t) => {
  const tree = new SmallDevice({}).tree();
  t.throws(
    () => smallModel('commands: { Reboot(): { at: A., inputs: { X: { as: hex } } } }', tree),
    /needs to, only or/,
  );
  t.throws(() => smallModel('commands: { Reboot(): { at: A. } }', tree), /at and set, or at and inputs/);
  t.end();
});
