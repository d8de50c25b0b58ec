// The first demo on a CPE with the root InternetGatewayDevice., over real sessions: read WiFi, change SSID and passphrase, add
// and delete a port mapping, watch a value, reboot. What each of them costs in RPCs is part of the promise.
import t from 'tap';
import type { Controller } from '../../proxy/cli/usp/controller.ts';
import type { UspBody } from '../../proxy/usp/msg.ts';
import { add, create, get, getInstances, operate, remove, resultOf, set, update } from '../agent/requests.ts';
import { knownCpe } from '../cli/run-causeway.ts';
import type { Cpe } from '../cpe/cpe.ts';
import { loadDump } from '../cpe/dumps.ts';
import type { RpcRecord } from '../cpe/observe.ts';
import { agentOf, type Harness, startHarness } from './harness.ts';
import { Inbox, subscription, watch } from './north-agent-tools.ts';
import { PING, PING_ARGS } from './operations-scene.ts';

const WLAN = 'InternetGatewayDevice.LANDevice.1.WLANConfiguration.';
const PPP = 'InternetGatewayDevice.WANDevice.1.WANConnectionDevice.1.WANPPPConnection.1.';
const CPE_PING = 'InternetGatewayDevice.IPPingDiagnostics.';
const SSID = 'Device.WiFi.SSID.1.SSID';
const MAPPINGS = 'Device.NAT.PortMapping.';

interface Scene {
  readonly cpe: Cpe;
  readonly controller: Controller;
  /** The answer, and the RPCs that it cost. */
  readonly ask: (body: UspBody) => Promise<{ readonly answer: UspBody; readonly rpcs: readonly RpcRecord[] }>;
}

async function scene(harness: Harness): Promise<Scene> {
  const cpe = await knownCpe(harness, {
    dump: loadDump('home-router-tr098'),
    timings: { rebootTime: 200, diagnosticTime: 20, retryScale: 0.01 },
  });
  const controller = await harness.controller();
  return {
    cpe,
    controller,
    async ask(body) {
      const from = cpe.rpcs.length;
      const answer = await controller.request(agentOf(cpe), body);
      return { answer, rpcs: cpe.rpcs.slice(from) };
    },
  };
}
const methods = (rpcs: readonly RpcRecord[]): readonly string[] => rpcs.map(({ method }) => method);
const valuesOf = (answer: UspBody, index = 0): ReturnType<typeof resultOf> => {
  if (answer.kind !== 'get_resp') throw new Error(JSON.stringify(answer));
  return resultOf(answer, index);
};

t.test('WiFi is read and set', async (t) => {
  const { cpe, ask } = await scene(await startHarness(t));
  await ask(get('Device.DeviceInfo.SoftwareVersion'));
  const read = await ask(get('Device.DeviceInfo.SoftwareVersion', 'Device.WiFi.SSID.*.SSID'));
  t.same(valuesOf(read.answer), { 'Device.DeviceInfo.': { SoftwareVersion: '1.9.4' } });
  t.same(
    Object.values(valuesOf(read.answer, 1)),
    [1, 2, 3, 4].map((n) => ({ SSID: cpe.get(`${WLAN}${n}.SSID`) })),
  );
  t.same(methods(read.rpcs), ['GetParameterNames', 'GetParameterValues'], 'which rows there are, and their values');
  const repeated = await ask(get('Device.WiFi.SSID.*.SSID'));
  t.same(methods(repeated.rpcs), ['GetParameterValues'], 'the rows were asked for a moment ago');
  const named = set(
    update('Device.WiFi.SSID.1.', { 'SSID!': 'Caf\u00e9 <5' }),
    update('Device.WiFi.AccessPoint.1.Security.', { 'KeyPassphrase!': 'correct horse' }),
  );
  const written = await ask(named);
  t.match(written.answer, { kind: 'set_resp', updated_obj_results: [{ oper_status: { kind: 'oper_success' } }, {}] });
  t.equal(methods(written.rpcs).filter((method) => method === 'SetParameterValues').length, 1);
  t.equal(cpe.get(`${WLAN}1.SSID`), 'Caf\u00e9 <5');
  t.equal(cpe.get(`${WLAN}1.PreSharedKey.1.KeyPassphrase`), 'correct horse');
  const again = await ask(get('Device.WiFi.AccessPoint.1.Security.KeyPassphrase', SSID));
  t.same(valuesOf(again.answer), { 'Device.WiFi.AccessPoint.1.Security.': { KeyPassphrase: '' } }, 'secured');
  t.same(valuesOf(again.answer, 1), { 'Device.WiFi.SSID.1.': { SSID: 'Caf\u00e9 <5' } });
  t.same(methods(again.rpcs), ['GetParameterValues']);
  t.same(cpe.complaints, []);
});

t.test('a port mapping is added and deleted, and the row that is left keeps its number', async (t) => {
  const { cpe, ask } = await scene(await startHarness(t));
  const before = await ask(getInstances(MAPPINGS));
  const web = {
    Enable: 'true',
    ExternalPort: '8081',
    InternalPort: '80',
    InternalClient: '192.168.0.105',
    Protocol: 'TCP',
  };
  const added = await ask(add(create(MAPPINGS, { ...web, Description: 'web' })));
  if (added.answer.kind !== 'add_resp') throw new Error(JSON.stringify(added.answer));
  const [result] = added.answer.created_obj_results;
  if (result?.oper_status.kind !== 'oper_success') throw new Error(JSON.stringify(result));
  const { instantiated_path } = result.oper_status;
  t.equal(cpe.get(`${PPP}PortMapping.4.PortMappingDescription`), 'web');
  t.equal(methods(added.rpcs).filter((method) => method === 'AddObject').length, 1);
  t.equal(methods(added.rpcs).filter((method) => method === 'SetParameterValues').length, 1);
  t.same(valuesOf((await ask(get(`${instantiated_path}Description`))).answer), {
    [instantiated_path]: { Description: 'web' },
  });
  const gone = await ask(remove(instantiated_path));
  t.match(gone.answer, { deleted_obj_results: [{ oper_status: { affected_paths: [instantiated_path] } }] });
  t.same(methods(gone.rpcs), ['DeleteObject']);
  t.equal(cpe.get(`${PPP}PortMapping.4.PortMappingDescription`), undefined);
  t.same((await ask(getInstances(MAPPINGS))).answer, before.answer);
  t.same(cpe.complaints, []);
});

t.test('a row keeps the Alias that the CPE has of it, and has the one that it was added with', async (t) => {
  const { cpe, ask } = await scene(await startHarness(t));
  t.same(valuesOf((await ask(get(`${MAPPINGS}1.Alias`))).answer), { [`${MAPPINGS}1.`]: { Alias: 'cpe-1' } });
  const { answer } = await ask(add(create(MAPPINGS, { Alias: 'web', ExternalPort: '8081' })));
  t.match(answer, { created_obj_results: [{ oper_status: { unique_keys: new Map([['Alias', 'web']]) } }] });
  t.equal(cpe.get(`${PPP}PortMapping.4.Alias`), 'web');
  const found = await ask(get(`${MAPPINGS}[Alias=="web"].ExternalPort`));
  t.same(valuesOf(found.answer), { [`${MAPPINGS}4.`]: { ExternalPort: '8081' } });
  t.same(cpe.complaints, []);
});

t.test('a row whose AddObject was answered to nobody is found again under its own number', async (t) => {
  const { cpe, ask } = await scene(await startHarness(t));
  await ask(getInstances(MAPPINGS));
  cpe.misbehave({ method: 'AddObject', answer: 'close', executes: true, times: 1 });
  const { answer, rpcs } = await ask(add(create(MAPPINGS, { ExternalPort: '8081', Description: 'once' })));
  t.match(answer, { created_obj_results: [{ oper_status: { instantiated_path: `${MAPPINGS}4.` } }] });
  t.equal(methods(rpcs).filter((method) => method === 'AddObject').length, 1);
  t.equal(cpe.get(`${PPP}PortMapping.4.PortMappingDescription`), 'once');
  t.equal(cpe.get(`${PPP}PortMapping.5.PortMappingDescription`), undefined);
});

t.test('IPPing() is the test that the CPE has', async (t) => {
  const { cpe, controller, ask } = await scene(await startHarness(t));
  const inbox = new Inbox(controller);
  await ask(subscription({ ID: 'all', NotifType: 'OperationComplete', ReferenceList: 'Device.' }));
  await ask(get('Device.DeviceInfo.SoftwareVersion'));
  const Interface = 'Device.IP.Interface.2';
  const { rpcs } = await ask(operate(PING, { ...PING_ARGS, ProtocolVersion: 'IPv4', Interface }, 'k1'));
  const complete = await inbox.nextNotification();
  t.match(complete, { kind: 'oper_complete', command_name: 'IPPing()', command_key: 'k1' });
  const outcome = complete.kind === 'oper_complete' ? complete.operation_resp : undefined;
  if (outcome?.kind !== 'req_output_args') throw new Error(JSON.stringify(complete));
  t.equal(outcome.output_args.get('Status'), 'Complete');
  t.equal(Number(outcome.output_args.get('SuccessCount')) + Number(outcome.output_args.get('FailureCount')), 3);
  t.same(methods(rpcs), ['SetParameterValues']);
  t.equal(cpe.get(`${CPE_PING}Host`), PING_ARGS['Host']);
  t.match(
    cpe.get(`${CPE_PING}Interface`),
    /^InternetGatewayDevice\.WANDevice\.1\.WANConnectionDevice\./,
    'by its own name',
  );
  t.same(cpe.complaints, []);
});

t.test('a value is watched, rows are told of, and a reboot of the CPE is a Boot!', async (t) => {
  const harness = await startHarness(t, { 'park.poll': '2s' });
  const { cpe, controller, ask } = await scene(harness);
  const inbox = new Inbox(controller);
  await watch(controller, cpe, { ID: 'ssid', ReferenceList: SSID });
  t.equal(cpe.attributesOf(`${WLAN}1.SSID`)?.notification, 2);
  cpe.setLocally(`${WLAN}1.SSID`, 'changed at home');
  t.same(await inbox.nextNotification(), {
    kind: 'value_change',
    param_path: SSID,
    param_value: 'changed at home',
  });
  const boot = { NotifType: 'Event', ReferenceList: 'Device.Boot!', ID: 'boot', Persistent: 'true' };
  await ask(subscription(boot));
  const { answer } = await ask(operate('Device.Reboot()', {}, 'key'));
  t.match(answer, { operation_results: [{ executed_command: 'Device.Reboot()' }] });
  t.match(await inbox.nextNotification(), { kind: 'event', event_name: 'Boot!' });
  t.same(cpe.complaints, []);
});
