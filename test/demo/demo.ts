// `npm run demo`: a gateway, three simulated CPEs, and a Controller that reads, writes and watches one of them through a
// WebSocket. Every value is compared with what the CPE itself holds. Exits 0 when all agree; `-- --keep` leaves all up.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Controller, type ReceivedNotify } from '../../proxy/cli/usp/controller.ts';
import type { UspBody } from '../../proxy/usp/msg.ts';
import { type Cpe, createCpe } from '../cpe/cpe.ts';
import { loadDump } from '../cpe/dumps.ts';
import { type GatewayProcess, startGatewayProcess } from '../process/gateway-process.ts';

const LIMIT_MS = 55_000;
const CREDENTIALS = { username: 'acs', password: 'demo-secret' };
const SSID = 'Device.WiFi.SSID.1.SSID';
const HELP = `npm run demo [-- --keep]

Starts the gateway on free ports and three simulated CPEs, then reads, sets and watches a value
of one CPE through a USP WebSocket, and compares each with what the CPE really holds.

  --keep   leave gateway and CPEs running, to play with (Ctrl-C ends them)
`;

let checks = 0;
let failures = 0;

function check(what: string, seen: unknown, held: unknown): void {
  checks += 1;
  const same = seen === held;
  if (!same) failures += 1;
  console.log(
    `  ${same ? 'ok  ' : 'FAIL'} ${what}: ${JSON.stringify(seen)}${same ? '' : ` but the CPE holds ${JSON.stringify(held)}`}`,
  );
}

const deviceId = (
  number: number,
): { manufacturer: string; oui: string; productClass: string; serialNumber: string } => ({
  manufacturer: 'Example',
  oui: '02C0DE',
  productClass: 'HomeRouter',
  serialNumber: `DEMO${number}`,
});
const agentOf = (number: number): string => `ops::02C0DE-HomeRouter-DEMO${number}`;

async function startCpe(number: number, acsUrl: string): Promise<Cpe> {
  const cpe = createCpe({
    dump: loadDump(number === 2 ? 'tiny-tr181' : 'home-router-tr181'),
    acsUrl,
    deviceId: deviceId(number),
    connectionRequest: CREDENTIALS,
  });
  const firstSession = cpe.nextSession();
  await cpe.start();
  const { rpcs } = await firstSession;
  console.log(
    `  CPE ${deviceId(number).serialNumber} has informed; the gateway asked ${rpcs.map(({ method }) => method).join(', ')}`,
  );
  return cpe;
}

function valuesOf(body: UspBody): ReadonlyMap<string, string> {
  if (body.kind !== 'get_resp') throw new Error(`expected a GetResp, got ${body.kind}`);
  const values = new Map<string, string>();
  for (const { requested_path, err_code, err_msg, resolved_path_results } of body.req_path_results) {
    if (err_code !== 0) throw new Error(`${requested_path}: ${err_code} ${err_msg}`);
    for (const { resolved_path, result_params } of resolved_path_results) {
      for (const [name, value] of result_params) values.set(resolved_path + name, value);
    }
  }
  return values;
}

async function firstGet(controller: Controller, cpe: Cpe): Promise<void> {
  console.log('\nGet Device.DeviceInfo.SoftwareVersion and Device.WiFi.SSID.*.SSID (the CPE is called and comes)');
  const param_paths = ['Device.DeviceInfo.SoftwareVersion', 'Device.WiFi.SSID.*.SSID'];
  const answer = await controller.request(agentOf(1), { kind: 'get', param_paths, max_depth: 0 });
  for (const [path, value] of valuesOf(answer)) check(path, value, cpe.get(path));
}

async function firstSet(controller: Controller, cpe: Cpe): Promise<void> {
  const value = 'Caf\u00e9 <5 & "more">';
  console.log(`\nSet ${SSID} to ${JSON.stringify(value)}`);
  const param_settings = [{ param: 'SSID', value, required: true }];
  const update_objs = [{ obj_path: 'Device.WiFi.SSID.1.', param_settings }];
  const answer = await controller.request(agentOf(1), { kind: 'set', allow_partial: false, update_objs });
  check('answer', answer.kind, 'set_resp');
  check(SSID, value, cpe.get(SSID));
}

async function firstNotify(controller: Controller, cpe: Cpe): Promise<void> {
  console.log(`\nSubscribe to ${SSID}; then somebody at home changes it`);
  const settings = { Enable: 'true', ID: 'demo', NotifType: 'ValueChange', ReferenceList: SSID, NotifRetry: 'true' };
  const param_settings = Object.entries(settings).map(([param, value]) => ({ param, value, required: true }));
  const armed = cpe.waitFor('rpc', ({ method }) => method === 'SetParameterAttributes');
  const obj_path = 'Device.LocalAgent.Subscription.';
  const added = await controller.request(agentOf(1), {
    kind: 'add',
    allow_partial: false,
    create_objs: [{ obj_path, param_settings }],
  });
  check('answer', added.kind, 'add_resp');
  await armed;
  const notified = new Promise<ReceivedNotify>((resolve) => controller.onNotify(resolve));
  const since = Date.now();
  cpe.setLocally(SSID, 'changed at home');
  const { notify } = await notified;
  const { notification } = notify;
  check('notification', notification.kind, 'value_change');
  if (notification.kind === 'value_change') check(notification.param_path, notification.param_value, cpe.get(SSID));
  console.log(`  told after ${((Date.now() - since) / 1000).toFixed(1)} s`);
}

async function run(keep: boolean): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-demo-'));
  let gateway: GatewayProcess | undefined;
  const cpes: Cpe[] = [];
  const end = async (): Promise<void> => {
    await Promise.all(cpes.map((cpe) => cpe.stop()));
    await gateway?.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    console.log('Starting the gateway');
    gateway = await startGatewayProcess({
      'data.dir': join(folder, 'data'),
      'park.poll': '2s',
      'connectionRequest.username': CREDENTIALS.username,
      'connectionRequest.password': CREDENTIALS.password,
      ...(keep
        ? {
            'cwmp.listen': '127.0.0.1:7547',
            'http.listen': '127.0.0.1:8080',
            'operate.listen': '127.0.0.1:9090',
            'files.listen': '127.0.0.1:7548',
          }
        : {}),
    });
    const { cwmp, http } = gateway.addresses;
    console.log(`  CWMP http://${cwmp}/  USP ws://${http}/usp  API http://${http}/api/v1`);
    for (const number of [1, 2, 3]) cpes.push(await startCpe(number, `http://${cwmp}/`));
    const [cpe] = cpes;
    if (cpe === undefined) throw new Error('no CPE');
    const controller = await Controller.connect({ url: `ws://${http}`, controller: 'self::demo', agent: agentOf(1) });
    await firstGet(controller, cpe);
    await firstSet(controller, cpe);
    await firstNotify(controller, cpe);
    console.log(`\n${checks - failures} of ${checks} checks hold: each value is what the CPE itself has`);
    if (keep) await playtime(http);
    await controller.close();
  } finally {
    await end();
  }
}

async function playtime(http: string): Promise<void> {
  console.log(`\nLeft running. Try:
  npx causeway devices --gateway http://${http}
  npx causeway usp get DEMO1 'Device.WiFi.SSID.*.'  --gateway http://${http}
  npx causeway doctor DEMO2 --gateway http://${http}
Ctrl-C ends it.`);
  await new Promise<void>((resolve) => process.once('SIGINT', () => resolve()));
}

const args = process.argv.slice(2);
if (args.includes('--help')) console.log(HELP);
else {
  const keep = args.includes('--keep');
  const limit = setTimeout(() => {
    console.error(`the demo did not end within ${LIMIT_MS / 1000} s`);
    process.exit(1);
  }, LIMIT_MS);
  if (keep) clearTimeout(limit);
  run(keep).then(
    () => process.exit(failures === 0 ? 0 : 1),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
}
