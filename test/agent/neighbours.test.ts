// What manages the CPE by other means is not there for a Controller: in no message, by no spelling of a path, through no
// reference (facts: cwmp-usp-translation §13).
import t from 'tap';
import { watchedParameters } from '../../proxy/agent/subscriptions/watched.ts';
import { dumpOf, type DumpRow } from '../cpe/dump.ts';
import { dumpRows } from '../cpe/dumps.ts';
import { AgentAtHand } from './agent-at-hand.ts';
import { add, create, get, getInstances, getSupportedDm, operate, remove, set, setPartly, update } from './requests.ts';

const row = (path: string, value: string, writable = true): DumpRow => ({
  path,
  type: 'string',
  writable,
  value,
  facets: {},
});
const SECRET = 'known to nobody';
const COPIES = [
  'Device.ManagementServer.',
  'Device.USPAgent.',
  'Device.managementserver.',
  'Device.MANAGEMENTSERVER.',
  'Device.CWMPManagementServer.',
  'Device.X_EXAMPLE-COM_ManagementServer.',
  'Device.X_02CA05_USPAgent.',
];
const TABLE = 'Device.PeriodicStatistics.SampleSet.1.Parameter.';

/** A CPE that has them all, and references that lead there. */
const agent = new AgentAtHand({
  dump: dumpOf([
    ...dumpRows('tiny-tr181'),
    ...COPIES.map((object) => row(`${object}URL`, SECRET)),
    row('Device.USPAgent.Controller.1.EndpointID', SECRET),
    row('Device.ManagementServer.X_EXAMPLE_Rows.1.Name', SECRET),
    row('Device.WiFi.SSID.1.X_EXAMPLE_Reference', 'Device.ManagementServer'),
    row(`${TABLE}1.Reference`, 'Device.WiFi.SSID.1.SSID'),
    row(`${TABLE}1.Values`, '1', false),
  ]),
});
const texts: string[] = [];
async function ask(body: Parameters<AgentAtHand['ask']>[0]): Promise<unknown> {
  agent.cpe.beginTurn();
  const answer = await agent.ask(body);
  const plain = (_key: string, value: unknown): unknown => (value instanceof Map ? [...value] : value);
  texts.push(JSON.stringify(answer, plain));
  return answer;
}

t.test('no message reaches them, and no RPC is spent on the attempt', async (t) => {
  await agent.model();
  for (const object of COPIES) {
    t.match(await ask(get(`${object}URL`)), { req_path_results: [{ err_code: 7026 }] }, object);
    t.match(await ask(get(object)), { req_path_results: [{ err_code: 7026 }] }, object);
    t.match(await ask(getInstances(object)), { req_path_results: [{ err_code: 7026 }] }, object);
    t.match(await ask(getSupportedDm(object)), { req_obj_results: [{ err_code: 7026 }] }, object);
    t.match(await ask(set(update(object, { 'URL!': 'http://mine/' }))), { kind: 'error', err_code: 7004 }, object);
    t.match(await ask(setPartly(update(object, { URL: 'http://mine/' }))), {
      updated_obj_results: [{ oper_status: { kind: 'oper_failure', err_code: 7026 } }],
    });
    t.match(await ask(add(create(`${object}Controller.`))), { kind: 'error', err_code: 7004 }, object);
    t.match(await ask(remove(`${object}Controller.1.`)), { kind: 'error' }, object);
    t.match(await ask(operate(`${object}Reset()`)), {
      operation_results: [{ operation_resp: { kind: 'cmd_failure', err_code: 7026 } }],
    });
    t.same(agent.cpe.called, [], object);
  }
});

t.test('nor does what is wider: partial paths, wildcards, searches, the whole model', async (t) => {
  for (const path of [
    'Device.',
    'Device.*.URL',
    'Device.USPAgent.Controller.*.EndpointID',
    'Device.ManagementServer.X_EXAMPLE_Rows.[Name!=""].',
    'Device.WiFi.SSID.1.X_EXAMPLE_Reference+.URL',
    'Device.WiFi.SSID.1.X_EXAMPLE_Reference#*+.',
    'Device.WiFi.SSID.[X_EXAMPLE_Reference+.URL!=""].SSID',
  ]) {
    await ask(get(path));
    await ask(getInstances(path));
  }
  await ask(getSupportedDm('Device.'));
  const asked = agent.cpe.rpcs.map(({ request }) => JSON.stringify(request)).join();
  t.notMatch(asked, /ManagementServer\.|USPAgent\./i, 'nothing of it was read');
});

t.test('a Subscription watches nothing there', async (t) => {
  const paths = await watchedParameters(await agent.model(), [
    'Device.',
    ...COPIES,
    ...COPIES.map((object) => `${object}URL`),
    'Device.WiFi.SSID.1.X_EXAMPLE_Reference+.URL',
  ]);
  t.ok(paths.includes('Device.WiFi.SSID.1.SSID'));
  t.same(
    paths.filter((path) => /ManagementServer|USPAgent/i.test(path)),
    [],
  );
});

t.test('the CPE is not told to show it elsewhere', async (t) => {
  for (const value of [
    'Device.ManagementServer.URL',
    'Device.managementServer.ConnectionRequestPassword',
    'Device.USPAgent.',
    ' Device.ManagementServer',
    'Device.',
    'Device.WiFi.,Device.ManagementServer.',
  ]) {
    t.match(await ask(set(update(`${TABLE}1.`, { 'Reference!': value }))), {
      kind: 'error',
      param_errs: [{ err_code: 7012 }],
    });
    t.notOk(agent.cpe.called.includes('SetParameterValues'), value);
  }
  t.match(await ask(set(update(`${TABLE}1.`, { 'Reference!': 'Device.WiFi.Radio.1.Channel' }))), { kind: 'set_resp' });
  const text = set(update('Device.DeviceInfo.', { 'ProvisioningCode!': 'Device.ManagementServer.' }));
  t.match(await ask(text), { kind: 'set_resp' }, 'a text is a text');
});

t.test('in all of this nothing of it was said', async (t) => {
  t.ok(texts.length > 50);
  for (const text of texts) t.notMatch(text, SECRET);
});
