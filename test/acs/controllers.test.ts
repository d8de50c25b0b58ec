// Chain mode with the whole gateway: Controllers use the devices of an ACS over USP, and the ACS notices nothing; the way
// back ends with the device as the ACS left it.
import t from 'tap';
import { add, create, get, set, update } from '../agent/requests.ts';
import { causeway } from '../cli/run-causeway.ts';
import type { Cpe } from '../cpe/cpe.ts';
import { getValues, setValues } from '../cpe/scripted-acs.ts';
import { Inbox, watch } from '../gateway/north-agent-tools.ts';
import { agentOf, startHarness } from '../gateway/harness.ts';
import { PATH, startAcsStub } from './acs-stub.ts';

const CALLS = { username: 'acs', password: 'acs-secret' };
const SSID = 'Device.WiFi.SSID.1.';
const KEY = 'Device.ManagementServer.ParameterKey';
const isOver = (cpe: Cpe): Promise<unknown> => (cpe.inSession ? cpe.nextSession() : Promise.resolve());

t.test('Controllers on the devices of an ACS', async (t) => {
  const stub = await startAcsStub({
    connectionRequest: CALLS,
    plan: (_serial, events) =>
      events.includes('1 BOOT')
        ? [setValues([['Device.DeviceInfo.ProvisioningCode', 'old', 'string']], 'theirs')]
        : [getValues(KEY)],
  });
  t.teardown(() => stub.close());
  const harness = await startHarness(t, { 'cwmp.upstream': stub.url });
  const cpe = harness.cpe({ acsUrl: `http://${harness.gateway.addresses.cwmp}${PATH}` });
  const { serialNumber } = cpe.deviceId;
  const first = cpe.nextSession();
  await cpe.start();
  await first;
  const told = stub.logOf(serialNumber).length;
  const controller = await harness.controller();
  const inbox = new Inbox(controller);
  const agent = agentOf(cpe);

  await t.test('Get, Set, Add and a Subscription work, in sessions that the ACS does not see', async (t) => {
    t.match(await controller.request(agent, get('Device.DeviceInfo.ProvisioningCode')), {
      req_path_results: [{ resolved_path_results: [{ result_params: new Map([['ProvisioningCode', 'old']]) }] }],
    });
    t.equal((await controller.request(agent, set(update(SSID, { 'SSID!': 'ours' })))).kind, 'set_resp');
    const added = await controller.request(agent, add(create('Device.NAT.PortMapping.', { Description: 'ours' })));
    t.equal(added.kind, 'add_resp');
    await watch(controller, cpe, { ID: 'ssid', ReferenceList: `${SSID}SSID` });
    await isOver(cpe);
    cpe.setLocally(`${SSID}SSID`, 'by hand');
    t.match(await inbox.nextNotification(), { kind: 'value_change', param_value: 'by hand' });
    await isOver(cpe);
    t.equal(stub.logOf(serialNumber).length, told, 'not a line');
    t.notMatch(cpe.get(KEY), 'theirs', 'though the CPE carries a key of ours');
  });

  await t.test('no session is held, though a Controller is attached', async (t) => {
    const own = await harness.controller({ agent, controller: 'proto::controller-2' });
    await own.request(agent, get('Device.DeviceInfo.SoftwareVersion'));
    await isOver(cpe);
    t.notOk(cpe.inSession);
  });

  await t.test('the ACS calls, and reads its own ParameterKey', async (t) => {
    const session = cpe.waitFor('session-ended', ({ rpcs }) => rpcs.length > 0);
    t.equal(await stub.call(cpe.connectionRequestUrl), 200);
    await session;
    const log = stub.logOf(serialNumber).slice(told).join('\n');
    t.match(log, /^--- .*EventCode=6 CONNECTION REQUEST.*ParameterKey Value=theirs\)/);
    t.match(log, /GetParameterValuesResponse.*ParameterKey Value=theirs\)/);
  });

  await t.test('and gets the device back as it left it', async (t) => {
    const { code } = await causeway(harness, 'release', serialNumber, `${stub.url}${PATH}`);
    t.equal(code, 0);
    await isOver(cpe);
    t.equal(cpe.get(KEY), 'theirs');
    t.equal(cpe.attributesOf(`${SSID}SSID`)?.notification, 0);
    const before = stub.logOf(serialNumber).length;
    const session = cpe.nextSession();
    cpe.inform('2 PERIODIC');
    await session;
    t.match(stub.logOf(serialNumber)[before], /ParameterKey Value=theirs\)/);
  });
});
