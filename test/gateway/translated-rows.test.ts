// Rows of a TR-098 CPE that come by themselves, over real sessions: told as rows and as their number, which is the view's.
import t from 'tap';
import { get, resultOf } from '../agent/requests.ts';
import { knownCpe } from '../cli/run-causeway.ts';
import { loadDump } from '../cpe/dumps.ts';
import { agentOf, startHarness } from './harness.ts';
import { Inbox, subscription, watch } from './north-agent-tools.ts';

const COUNT = 'Device.Hosts.HostNumberOfEntries';
const CPE_HOSTS = 'InternetGatewayDevice.LANDevice.1.Hosts.';

t.test('a host that comes is told by its number and by its row', async (t) => {
  const harness = await startHarness(t, { 'park.poll': '1s' });
  const cpe = await knownCpe(harness, {
    dump: loadDump('home-router-tr098'),
    timings: { rebootTime: 50, retryScale: 0.01 },
  });
  const controller = await harness.controller();
  const inbox = new Inbox(controller);
  await watch(controller, cpe, { ID: 'count', ReferenceList: COUNT });
  t.equal(cpe.attributesOf(`${CPE_HOSTS}HostNumberOfEntries`)?.notification, 2);
  const hosts = { ID: 'rows', NotifType: 'ObjectCreation', ReferenceList: 'Device.Hosts.Host.' };
  await controller.request(agentOf(cpe), subscription(hosts));
  // Behind the entry that arms it.
  await controller.request(agentOf(cpe), get('Device.DeviceInfo.UpTime'));
  cpe.addInstance(`${CPE_HOSTS}Host.`, { MACAddress: '02:CA:05:60:00:99' });
  t.match(await inbox.nextNotification(), { kind: 'value_change', param_path: COUNT, param_value: '5' });
  t.match(await inbox.nextNotification(), { kind: 'obj_creation', obj_path: 'Device.Hosts.Host.5.' });
  const answer = await controller.request(agentOf(cpe), get(COUNT));
  t.same(answer.kind === 'get_resp' && resultOf(answer), { 'Device.Hosts.': { HostNumberOfEntries: '5' } });
  t.equal(inbox.waiting, 0);
  t.same(cpe.complaints, []);
});
