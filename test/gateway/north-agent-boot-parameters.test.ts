// BootParameters that only the CPE can answer: read in the session of the boot, and told with Boot!.
import t from 'tap';
import { add, create, get, resultOf } from '../agent/requests.ts';
import { loadDump } from '../cpe/dumps.ts';
import { agentOf, startHarness } from './harness.ts';
import { knownCpe } from '../cli/run-causeway.ts';
import { Inbox, subscription } from './north-agent-tools.ts';

const SSID = 'Device.WiFi.SSID.1.SSID';
/** Made of several parameters of the CPE. */
const MODE = 'Device.WiFi.AccessPoint.1.Security.ModeEnabled';
const entriesOf = (result: ReturnType<typeof resultOf>): readonly (readonly [string, string])[] =>
  Object.entries(result).flatMap(([object, values]) =>
    Object.entries(values).map(([name, value]) => [object + name, value] as const),
  );
const VERSION = 'Device.DeviceInfo.SoftwareVersion';

t.test('what the Inform has not brought is read', async (t) => {
  const harness = await startHarness(t);
  const cpe = await knownCpe(harness, { timings: { rebootTime: 50 } });
  const controller = await harness.controller();
  const inbox = new Inbox(controller);
  const agent = agentOf(cpe);
  await controller.request(
    agent,
    subscription({ NotifType: 'Event', ReferenceList: 'Device.Boot!', ID: 'boot', Persistent: 'true' }),
  );
  const names = [VERSION, 'Device.WiFi.SSID.*.SSID', 'Device.Users.User.1.Password', 'Device.WiFi.SSID.77.SSID'];
  const rows = names.map((ParameterName) =>
    create('Device.LocalAgent.Controller.1.BootParameter.', { Enable: 'true', ParameterName }),
  );
  await controller.request(agent, add(...rows));
  const boots = async (): Promise<unknown> => {
    if (cpe.inSession) await cpe.nextSession();
    cpe.powerCycle();
    const told = await inbox.nextNotification();
    return told.kind === 'event' && JSON.parse(told.params.get('ParameterMap') ?? '');
  };
  const before = cpe.rpcs.length;
  t.same(await boots(), { [VERSION]: cpe.get(VERSION), [SSID]: cpe.get(SSID) });
  const reads = cpe.rpcs.slice(before).filter(({ method }) => method === 'GetParameterValues');
  t.match(reads, [{ arguments: { names: [SSID] } }], 'once, and nothing that is not shown');
  t.same(cpe.complaints, []);
});

t.test('of a TR-098 CPE, by its own names', async (t) => {
  const harness = await startHarness(t);
  const cpe = await knownCpe(harness, { dump: loadDump('tiny-tr098'), timings: { rebootTime: 50 } });
  const controller = await harness.controller();
  const inbox = new Inbox(controller);
  const agent = agentOf(cpe);
  await controller.request(
    agent,
    subscription({ NotifType: 'Event', ReferenceList: 'Device.Boot!', ID: 'boot', Persistent: 'true' }),
  );
  const names = [SSID, MODE, 'Device.WiFi.SSID.*.LowerLayers', 'Device.WiFi.SSIDNumberOfEntries'];
  const rows = names.map((ParameterName) =>
    create('Device.LocalAgent.Controller.1.BootParameter.', { Enable: 'true', ParameterName }),
  );
  await controller.request(agent, add(...rows));
  const read = await controller.request(agent, get(...names));
  cpe.powerCycle();
  const told = await inbox.nextNotification();
  const map: unknown = told.kind === 'event' && JSON.parse(told.params.get('ParameterMap') ?? '');
  const shown =
    read.kind === 'get_resp' ? names.slice(0, 3).flatMap((_, index) => entriesOf(resultOf(read, index))) : [];
  t.same(
    map,
    Object.fromEntries(shown),
    'of several parameters, and references; how many rows there are nobody has seen',
  );
  t.match(map, { [SSID]: String, [MODE]: String, 'Device.WiFi.SSID.1.LowerLayers': 'Device.WiFi.Radio.1' });
});
