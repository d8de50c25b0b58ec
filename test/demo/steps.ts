// What the demo does with a CPE, step by step. Each value is compared with what the CPE itself holds, under the name that its
// own model has for it: nothing of the gateway's translation is used for that.
import type { Controller, ReceivedNotify } from '../../proxy/cli/usp/controller.ts';
import type { UspBody } from '../../proxy/usp/msg.ts';
import type { Notification } from '../../proxy/usp/messages/notify.ts';
import { add, create, get, operate, remove, set, update, type Values } from '../agent/requests.ts';
import type { Cpe } from '../cpe/cpe.ts';

const SSID = 'Device.WiFi.SSID.1.SSID';
const PASSPHRASE = 'Device.WiFi.AccessPoint.1.Security.KeyPassphrase';
const MAPPINGS = 'Device.NAT.PortMapping.';
const WLAN = 'InternetGatewayDevice.LANDevice.1.WLANConfiguration.';
const PPP = 'InternetGatewayDevice.WANDevice.1.WANConnectionDevice.1.WANPPPConnection.1.';

export interface Scene {
  readonly controller: Controller;
  readonly agent: string;
  readonly cpe: Cpe;
  /** What the CPE calls a parameter of the view. */
  readonly cpeName: (path: string) => string;
  readonly check: (what: string, seen: unknown, held: unknown) => void;
}

/** The few that the demo looks at, by TR-098. */
const IN_TR098: readonly (readonly [RegExp, string])[] = [
  [/^Device\.DeviceInfo\./, 'InternetGatewayDevice.DeviceInfo.'],
  [/^Device\.WiFi\.SSID\.(\d+)\.SSID$/, `${WLAN}$1.SSID`],
  [/^Device\.WiFi\.AccessPoint\.(\d+)\.Security\.KeyPassphrase$/, `${WLAN}$1.PreSharedKey.1.KeyPassphrase`],
  [/^Device\.NAT\.PortMapping\.(\d+)\.Description$/, `${PPP}PortMapping.$1.PortMappingDescription`],
];
export const tr098Name = (path: string): string =>
  IN_TR098.reduce((name, [pattern, own]) => name.replace(pattern, own), path);

function valuesOf(body: UspBody): ReadonlyMap<string, string> {
  if (body.kind !== 'get_resp') throw new Error(`expected a GetResp, got ${JSON.stringify(body)}`);
  const values = new Map<string, string>();
  for (const { requested_path, err_code, err_msg, resolved_path_results } of body.req_path_results) {
    if (err_code !== 0) throw new Error(`${requested_path}: ${err_code} ${err_msg}`);
    for (const { resolved_path, result_params } of resolved_path_results) {
      for (const [name, value] of result_params) values.set(resolved_path + name, value);
    }
  }
  return values;
}

export async function firstGet({ controller, agent, cpe, cpeName, check }: Scene): Promise<void> {
  console.log('\nGet Device.DeviceInfo.SoftwareVersion and Device.WiFi.SSID.*.SSID (the CPE is called and comes)');
  const answer = await controller.request(agent, get('Device.DeviceInfo.SoftwareVersion', 'Device.WiFi.SSID.*.SSID'));
  for (const [path, value] of valuesOf(answer)) check(path, value, cpe.get(cpeName(path)));
}

export async function firstSet({ controller, agent, cpe, cpeName, check }: Scene): Promise<void> {
  const name = 'Caf\u00e9 <5 & "more">';
  const passphrase = 'correct horse battery';
  console.log(`\nSet ${SSID} to ${JSON.stringify(name)}, and its passphrase`);
  const { length } = cpe.rpcs;
  const wanted = set(
    update('Device.WiFi.SSID.1.', { 'SSID!': name }),
    update('Device.WiFi.AccessPoint.1.Security.', { 'KeyPassphrase!': passphrase }),
  );
  const answer = await controller.request(agent, wanted);
  check('answer', answer.kind, 'set_resp');
  check(SSID, name, cpe.get(cpeName(SSID)));
  check(PASSPHRASE, passphrase, cpe.get(cpeName(PASSPHRASE)));
  const written = cpe.rpcs.slice(length).filter(({ method }) => method === 'SetParameterValues');
  check('SetParameterValues', written.length, 1);
}

export async function portMapping({ controller, agent, cpe, cpeName, check }: Scene): Promise<void> {
  console.log(`\nAdd a row to ${MAPPINGS} and delete it again`);
  const values: Values = {
    Enable: 'true',
    'ExternalPort!': '8081',
    InternalPort: '80',
    InternalClient: '192.168.0.20',
    Protocol: 'TCP',
    Description: 'demo',
  };
  const added = await controller.request(agent, add(create(MAPPINGS, values)));
  const result = added.kind === 'add_resp' ? added.created_obj_results[0]?.oper_status : undefined;
  if (result?.kind !== 'oper_success') throw new Error(`the row was not added: ${JSON.stringify(added)}`);
  const row = result.instantiated_path;
  const [[path = '', value] = []] = valuesOf(await controller.request(agent, get(`${row}Description`)));
  check(path, value, cpe.get(cpeName(`${row}Description`)));
  const gone = await controller.request(agent, remove(row));
  check('answer', gone.kind, 'delete_resp');
  check(row, undefined, cpe.get(cpeName(`${row}Description`)));
}

const subscription = (values: Values): UspBody =>
  add(create('Device.LocalAgent.Subscription.', { Enable: 'true', NotifRetry: 'true', Persistent: 'true', ...values }));

const nextNotification = ({ controller }: Scene, kind: Notification['kind']): Promise<Notification> =>
  new Promise((resolve) =>
    controller.onNotify(({ notify: { notification } }: ReceivedNotify) => {
      if (notification.kind === kind) resolve(notification);
    }),
  );

export async function watchValue(scene: Scene): Promise<void> {
  const { controller, agent, cpe, cpeName, check } = scene;
  console.log(`\nSubscribe to ${SSID}; then somebody at home changes it`);
  const armed = cpe.waitFor('rpc', ({ method }) => method === 'SetParameterAttributes');
  const wanted = subscription({ ID: 'demo', NotifType: 'ValueChange', ReferenceList: SSID });
  check('answer', (await controller.request(agent, wanted)).kind, 'add_resp');
  await armed;
  const notified = nextNotification(scene, 'value_change');
  const since = Date.now();
  cpe.setLocally(cpeName(SSID), 'changed at home');
  const notification = await notified;
  if (notification.kind === 'value_change') {
    check(notification.param_path, notification.param_value, cpe.get(cpeName(SSID)));
  }
  console.log(`  told after ${((Date.now() - since) / 1000).toFixed(1)} s`);
}

export async function ping(scene: Scene): Promise<void> {
  const { controller, agent, check } = scene;
  console.log('\nOperate Device.IP.Diagnostics.IPPing()');
  await controller.request(
    agent,
    subscription({ ID: 'ping', NotifType: 'OperationComplete', ReferenceList: 'Device.' }),
  );
  const complete = nextNotification(scene, 'oper_complete');
  const args = {
    Host: 'host.example.net',
    ProtocolVersion: 'Any',
    NumberOfRepetitions: '3',
    Timeout: '1000',
    DataBlockSize: '64',
  };
  const started = await controller.request(agent, operate('Device.IP.Diagnostics.IPPing()', args));
  const begun = started.kind === 'operate_resp' ? started.operation_results[0]?.operation_resp : undefined;
  if (begun?.kind !== 'req_obj_path') throw new Error(`it was not begun: ${JSON.stringify(started)}`);
  const notification = await complete;
  const outcome = notification.kind === 'oper_complete' ? notification.operation_resp : undefined;
  const told = outcome?.kind === 'req_output_args' ? outcome.output_args : new Map<string, string>();
  check('Status', told.get('Status'), 'Complete');
  check('pings', Number(told.get('SuccessCount')) + Number(told.get('FailureCount')), 3);
}

export async function reboot(scene: Scene): Promise<void> {
  const { controller, agent, check } = scene;
  console.log('\nOperate Device.Reboot()');
  await controller.request(agent, subscription({ ID: 'boot', NotifType: 'Event', ReferenceList: 'Device.Boot!' }));
  const booted = nextNotification(scene, 'event');
  const answer = await controller.request(agent, operate('Device.Reboot()', {}, 'demo-reboot'));
  check('answer', answer.kind, 'operate_resp');
  const notification = await booted;
  const told = notification.kind === 'event' ? notification.params : new Map<string, string>();
  check('Boot! CommandKey', told.get('CommandKey'), 'demo-reboot');
}
