import t from 'tap';
import { startHarness } from '../gateway/harness.ts';
import { causeway, knownCpe } from './run-causeway.ts';

interface Supported {
  readonly req_obj_results: readonly {
    readonly supported_objs: readonly {
      readonly supported_obj_path: string;
      readonly supported_params: readonly { readonly param_name: string }[];
      readonly supported_commands: readonly unknown[];
      readonly supported_events: readonly unknown[];
    }[];
  }[];
}

t.test('supported and operate', async (t) => {
  const harness = await startHarness(t);
  const cpe = await knownCpe(harness, { timings: { rebootTime: 50 } });
  const usp = (...args: readonly string[]) => causeway(harness, 'usp', ...args);
  const objectsOf = async (...args: readonly string[]) => {
    const { json, code } = await usp('supported', 'T0001', ...args, '--json');
    t.equal(code, 0);
    return (json as Supported).req_obj_results.flatMap(({ supported_objs }) => supported_objs);
  };

  await t.test('the model is the CPE’s, with types and access', async (t) => {
    const { code, out, err } = await usp('supported', 'T0001', 'Device.NAT.');
    t.same({ code, err }, { code: 0, err: '' });
    t.match(out, /^Device\.NAT\.\n {2}PortMappingNumberOfEntries {2}r- {2}unsignedInt\n/);
    t.match(out, /\n {2}PortMapping\.\{i\}\. {2}\(add, delete; key Alias \| RemoteHost\+ExternalPort\+Protocol\)\n/);
    t.match(out, /\n {4}ExternalPort {10}rw {2}unsignedInt\n/);
    t.match(out, /\n {4}Status {16}r- {2}string\n/);
  });

  await t.test('everything at once, or what is asked for', async (t) => {
    const all = await objectsOf();
    t.ok(all.length > 20);
    const radio = all.find(({ supported_obj_path }) => supported_obj_path === 'Device.WiFi.Radio.{i}.');
    t.ok(radio?.supported_params.some(({ param_name }) => param_name === 'Channel'));
    const root = all.find(({ supported_obj_path }) => supported_obj_path === 'Device.');
    t.ok(root !== undefined && root.supported_commands.length > 0 && root.supported_events.length > 0);
    const bare = await objectsOf('Device.', '--no-params', '--no-commands', '--no-events', '--first-level');
    t.ok(bare.length < all.length);
    for (const { supported_params, supported_commands, supported_events } of bare) {
      t.same([supported_params, supported_commands, supported_events], [[], [], []]);
    }
  });

  await t.test('a path that is not in the model', async (t) => {
    const { code, err } = await usp('supported', 'T0001', 'Device.Nope.');
    t.equal(code, 1);
    t.match(err, /^Device\.Nope\.: 7026 invalid path/);
  });

  await t.test('Device.Reboot() reboots the CPE; the parentheses may be left out', async (t) => {
    const booted = cpe.waitFor('session-ended', ({ events }) => events.some(({ code }) => code === 'M Reboot'));
    const { code, out, err } = await usp('operate', 'T0001', 'Device.Reboot', '--key', 'maintenance');
    t.same({ code, out, err }, { code: 0, out: 'Device.Reboot() done\n', err: '' });
    t.ok(cpe.rpcs.some(({ method }) => method === 'Reboot'));
    await booted;
  });

  await t.test('a command that is not there fails by itself', async (t) => {
    const { code, json, err } = await usp('operate', 'T0001', 'Device.Explode()', '--json');
    t.equal(code, 1);
    t.match(err, /^Device\.Explode\(\): 7026 invalid path/);
    t.match(json, {
      kind: 'operate_resp',
      operation_results: [{ operation_resp: { kind: 'cmd_failure', err_code: 7026 } }],
    });
  });
});
