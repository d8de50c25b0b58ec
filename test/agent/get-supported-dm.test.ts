// GetSupportedDM, case by case (facts: usp-agent-requirements §5.3). Its answers cost the CPE nothing.
import t from 'tap';
import type { SupportedObjectResult } from '../../proxy/usp/messages/get-supported-dm.ts';
import { AgentAtHand } from './agent-at-hand.ts';
import { dumpOf } from '../cpe/dump.ts';
import { dumpRows } from '../cpe/dumps.ts';
import { get, getSupportedDm, resultOf } from './requests.ts';

const agent = new AgentAtHand();
type Flags = Parameters<typeof getSupportedDm>[1];
async function ask(path: string, flags?: Flags): Promise<readonly SupportedObjectResult[]> {
  const { req_obj_results } = await agent.expect('get_supported_dm_resp', getSupportedDm(path, flags));
  t.equal(req_obj_results[0]?.err_code, 0, path);
  return req_obj_results[0]?.supported_objs ?? [];
}
const pathsOf = (objects: readonly SupportedObjectResult[]): readonly string[] =>
  objects.map(({ supported_obj_path }) => supported_obj_path);

t.test('an object in full, then all below it', async (t) => {
  const objects = await ask('Device.WiFi.');
  t.same(pathsOf(objects), [
    'Device.WiFi.',
    'Device.WiFi.Radio.{i}.',
    'Device.WiFi.SSID.{i}.',
    'Device.WiFi.AccessPoint.{i}.',
    'Device.WiFi.AccessPoint.{i}.Security.',
  ]);
  const [wifi, radio, ssid] = objects;
  t.match(wifi, { is_multi_instance: false, access: 'OBJ_READ_ONLY', divergent_paths: [], unique_key_sets: [] });
  t.match(radio, { is_multi_instance: true, access: 'OBJ_READ_ONLY' });
  t.match(ssid, { is_multi_instance: true, access: 'OBJ_ADD_DELETE' });
  t.same(ssid?.unique_key_sets, [{ key_names: ['Alias'] }, { key_names: ['Name'] }, { key_names: ['BSSID'] }]);
});

t.test('each flag takes its own list away', async (t) => {
  const all = (await ask('Device.LocalAgent.Subscription.'))[0];
  t.ok((all?.supported_params.length ?? 0) > 0);
  t.same(all?.unique_key_sets, [{ key_names: ['Alias'] }, { key_names: ['Recipient', 'ID'] }]);
  t.same((await ask('Device.LocalAgent.Subscription.', { return_params: false }))[0]?.supported_params, []);
  t.same((await ask('Device.LocalAgent.Subscription.', { return_unique_key_sets: false }))[0]?.unique_key_sets, []);
  t.same((await ask('Device.', { return_commands: false, first_level_only: true }))[0]?.supported_commands, []);
  t.same((await ask('Device.', { return_events: false, first_level_only: true }))[0]?.supported_events, []);
});

t.test('first_level_only: the object in full, its children bare', async (t) => {
  const [wifi, ...children] = await ask('Device.WiFi.', { first_level_only: true });
  t.equal(wifi?.supported_params[0]?.param_name, 'RadioNumberOfEntries');
  t.same(pathsOf(children), ['Device.WiFi.Radio.{i}.', 'Device.WiFi.SSID.{i}.', 'Device.WiFi.AccessPoint.{i}.']);
  for (const child of children) {
    t.match(child, { supported_params: [], supported_commands: [], supported_events: [], unique_key_sets: [] });
  }
});

t.test('one object by every spelling of its path', async (t) => {
  const expected = pathsOf(await ask('Device.WiFi.SSID.{i}.'));
  for (const path of ['Device.WiFi.SSID.', 'Device.WiFi.SSID', 'Device.WiFi.SSID.1.', 'Device.WiFi.SSID.{i}']) {
    t.same(pathsOf(await ask(path)), expected, path);
  }
});

t.test('the path of a command, an event or a parameter: only that, whatever the flags say', async (t) => {
  const none: Flags = { return_commands: false, return_events: false, return_params: false };
  const command = await ask('Device.Reboot()', none);
  t.match(command, [
    {
      supported_obj_path: 'Device.',
      supported_commands: [{ command_name: 'Reboot()', command_type: 'CMD_SYNC' }],
      supported_events: [],
      supported_params: [],
    },
  ]);
  t.equal(command[0]?.supported_commands.length, 1);
  const event = await ask('Device.Boot!', none);
  t.same(
    event[0]?.supported_events.map(({ event_name }) => event_name),
    ['Boot!'],
  );
  t.same(event[0]?.supported_commands, []);
  const parameter = await ask('Device.LocalAgent.EndpointID', none);
  t.same(parameter[0]?.supported_params, [
    {
      param_name: 'EndpointID',
      access: 'PARAM_READ_ONLY',
      value_type: 'PARAM_STRING',
      value_change: 'VALUE_CHANGE_ALLOWED',
    },
  ]);
});

t.test('types, access and value changes of parameters', async (t) => {
  const [ssid] = await ask('Device.WiFi.SSID.{i}.');
  const of = (name: string): unknown => ssid?.supported_params.find(({ param_name }) => param_name === name);
  t.match(of('Enable'), { access: 'PARAM_READ_WRITE', value_type: 'PARAM_BOOLEAN' });
  t.match(of('BSSID'), { access: 'PARAM_READ_ONLY', value_type: 'PARAM_STRING' });
  t.match(of('LastChange'), { value_type: 'PARAM_UNSIGNED_INT', value_change: 'VALUE_CHANGE_WILL_IGNORE' });
  t.match(of('Alias'), { access: 'PARAM_READ_WRITE' }, 'writeOnceReadOnly is told as read-write');
  t.match(of('LowerLayers'), { value_type: 'PARAM_STRING' }, 'a list is a string');
});

t.test('what is not supported, and what is no path', async (t) => {
  const { req_obj_results } = await agent.expect('get_supported_dm_resp', {
    ...getSupportedDm(''),
    obj_paths: ['Device.Bogus.', 'Device.Bogus()', 'Device.WiFi.[x].', 'Device.Time.1.', 'Device.'],
  });
  t.same(
    req_obj_results.map(({ err_code }) => err_code),
    [7026, 7026, 7008, 7026, 0],
  );
  t.same(
    req_obj_results.map(({ supported_objs }) => supported_objs.length > 0),
    [false, false, false, false, true],
  );
  t.equal(req_obj_results[4]?.data_model_inst_uri, 'urn:broadband-forum-org:tr-181-2-15-0');
});

t.test('all of it costs no RPC', async (t) => {
  await agent.ask(getSupportedDm('Device.'));
  t.same(agent.cpe.rpcs, []);
});

t.test('an Agent that the CPE has of its own is not shown: ours stands in its place', async (t) => {
  const own = { type: 'string', writable: true, value: 'theirs', facets: {} } as const;
  const rows = ['EndpointID', 'Threshold.1.Name', 'Subscription.1.ID'].map((name) => ({
    ...own,
    path: `Device.LocalAgent.${name}`,
  }));
  const both = new AgentAtHand({ dump: dumpOf([...dumpRows('tiny-tr181'), ...rows]) });
  const { req_obj_results } = await both.expect('get_supported_dm_resp', getSupportedDm('Device.'));
  const paths = pathsOf(req_obj_results[0]?.supported_objs ?? []);
  t.equal(new Set(paths).size, paths.length, 'nothing twice');
  t.same(
    paths.filter((path) => path.startsWith('Device.LocalAgent.')),
    pathsOf(await ask('Device.LocalAgent.')),
  );
  const values = await both.expect('get_resp', get('Device.LocalAgent.', 'Device.'));
  t.notMatch(JSON.stringify([resultOf(values), resultOf(values, 1)]), /theirs/);
});
