// What is changed by hand at a TR-098 CPE, and decides which rows it is shown with: it counts as soon as anybody is told of it.
import t, { type Test } from 'tap';
import type { Controller } from '../../proxy/cli/usp/controller.ts';
import { get, resultOf } from '../agent/requests.ts';
import { knownCpe } from '../cli/run-causeway.ts';
import type { Cpe } from '../cpe/cpe.ts';
import { loadDump } from '../cpe/dumps.ts';
import { agentOf, startHarness } from './harness.ts';
import { Inbox, subscription, watch } from './north-agent-tools.ts';

const IGD = 'InternetGatewayDevice.';
const HOSTS = `${IGD}LANDevice.1.Hosts.Host.`;
const PPP = `${IGD}WANDevice.1.WANConnectionDevice.1.WANPPPConnection.1.`;

interface Scene {
  readonly cpe: Cpe;
  readonly controller: Controller;
  readonly ask: (path: string) => Promise<ReturnType<typeof resultOf>>;
}
async function scene(t: Test): Promise<Scene> {
  const harness = await startHarness(t, { 'park.poll': '1s' });
  const cpe = await knownCpe(harness, {
    dump: loadDump('home-router-tr098'),
    timings: { rebootTime: 20, retryScale: 0.01 },
  });
  const controller = await harness.controller();
  return {
    cpe,
    controller,
    async ask(path) {
      const answer = await controller.request(agentOf(cpe), get(path));
      if (answer.kind !== 'get_resp') throw new Error(JSON.stringify(answer));
      return resultOf(answer);
    },
  };
}

t.test('a host that has moved is found by its very path, in the same request', async (t) => {
  const { cpe, ask } = await scene(t);
  const before = await ask('Device.Hosts.Host.*.PhysAddress');
  const [one, two] = [1, 2].map((row) => cpe.get(`${HOSTS}${row}.MACAddress`) ?? '');
  cpe.setLocally(`${HOSTS}1.MACAddress`, two ?? '');
  cpe.setLocally(`${HOSTS}2.MACAddress`, one ?? '');
  const from = cpe.rpcs.length;
  t.same(await ask('Device.Hosts.Host.2.PhysAddress'), {
    'Device.Hosts.Host.2.': before['Device.Hosts.Host.2.'],
  });
  const asked = cpe.rpcs.slice(from).map(({ method }) => method);
  t.equal(asked.filter((method) => method === 'GetParameterNames').length, 1, 'the table once');
  const again = cpe.rpcs.length;
  await ask('Device.Hosts.Host.1.PhysAddress');
  t.same(
    cpe.rpcs.slice(again).map(({ method }) => method),
    ['GetParameterValues'],
  );
  t.same(cpe.complaints, []);
});

t.test('a reading that shows another band is answered with the rows that follow from it', async (t) => {
  const { cpe, ask } = await scene(t);
  t.same(Object.keys(await ask('Device.WiFi.Radio.*.Channel')), ['Device.WiFi.Radio.1.', 'Device.WiFi.Radio.2.']);
  for (const row of [3, 4]) cpe.setLocally(`${IGD}LANDevice.1.WLANConfiguration.${row}.Channel`, '1');
  t.same(Object.keys(await ask('Device.WiFi.Radio.*.Channel')), ['Device.WiFi.Radio.1.']);
});

t.test('what the CPE reports counts at once: rows that are gone are told', async (t) => {
  const { cpe, controller, ask } = await scene(t);
  const inbox = new Inbox(controller);
  await ask('Device.IP.Interface.*.Name');
  await watch(controller, cpe, { ID: 'radio', ReferenceList: 'Device.WiFi.Radio.2.Channel' });
  await controller.request(
    agentOf(cpe),
    subscription({ ID: 'gone', NotifType: 'ObjectDeletion', ReferenceList: 'Device.WiFi.Radio.' }),
  );
  await ask('Device.DeviceInfo.UpTime');
  for (const row of [3, 4]) cpe.setLocally(`${IGD}LANDevice.1.WLANConfiguration.${row}.Channel`, '1');
  t.match(await inbox.nextNotification(), { kind: 'value_change', param_path: 'Device.WiFi.Radio.2.Channel' });
  t.match(await inbox.nextNotification(), { kind: 'obj_deletion', obj_path: 'Device.WiFi.Radio.2.' });
});

t.test('after a boot what decides is read anew with the first request, and only then', async (t) => {
  const { cpe, ask } = await scene(t);
  const before = Object.keys(await ask('Device.IP.Interface.*.Name'));
  cpe.setLocally(`${PPP}ConnectionType`, 'PPPoE_Bridged');
  const from = cpe.rpcs.length;
  const booted = cpe.nextSession();
  cpe.powerCycle();
  await booted;
  t.same(cpe.rpcs.slice(from), [], 'nobody has asked');
  t.equal(Object.keys(await ask('Device.IP.Interface.*.Name')).length, before.length - 1);
});
