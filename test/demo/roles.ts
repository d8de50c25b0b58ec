// `npm run demo:roles`: two Controllers at one Agent, one that controls and one that only watches (the demonstration of the
// Broadband Forum's flyer of 2018). Prints who could do what; exits 0 when every line is as it should be.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Controller, type ReceivedNotify } from '../../proxy/cli/usp/controller.ts';
import type { UspBody } from '../../proxy/usp/msg.ts';
import { add, create, get, operate, set, update } from '../agent/requests.ts';
import { type Cpe, createCpe } from '../cpe/cpe.ts';
import { dumpOf } from '../cpe/dump.ts';
import { dumpRows } from '../cpe/dumps.ts';
import { startGatewayProcess } from '../process/gateway-process.ts';

const LIMIT_MS = 90_000;
const CREDENTIALS = { username: 'acs', password: 'demo-secret' };
const AGENT = 'ops::02C0DE-HomeRouter-ROLES1';
const SSID = 'Device.WiFi.SSID.1.SSID';
const PASSPHRASE = 'Device.WiFi.AccessPoint.1.Security.KeyPassphrase';
const ROLES = 'Device.LocalAgent.ControllerTrust.Role.';
const CONTROLLERS = 'Device.LocalAgent.Controller.';

/** A CPE that tells its passphrases, as many do: others answer with an empty text whoever asks. */
const TELLING = dumpOf(
  dumpRows('home-router-tr181').map((row) => (row.path === PASSPHRASE ? { ...row, facets: {} } : row)),
);

let failures = 0;

/** In a word or a code: what became of a request. */
function outcomeOf(body: UspBody): string {
  switch (body.kind) {
    case 'error':
      return String(body.err_code);
    case 'get_resp': {
      const [result] = body.req_path_results;
      if (result === undefined || result.err_code !== 0) return String(result?.err_code);
      const [value] = result.resolved_path_results.flatMap(({ result_params }) => [...result_params.values()]);
      return value === '' ? 'hidden' : 'yes';
    }
    case 'operate_resp': {
      const response = body.operation_results[0]?.operation_resp;
      return response?.kind === 'cmd_failure' ? String(response.err_code) : 'yes';
    }
    default:
      return 'yes';
  }
}

const line = (...cells: readonly string[]): string => cells.map((cell) => cell.padEnd(22)).join('');

function report(what: string, operator: string, watcher: string, expected: readonly [string, string]): void {
  const good = operator === expected[0] && watcher === expected[1];
  if (!good) failures += 1;
  console.log(line(what, operator, watcher) + (good ? '' : `  FAIL: expected ${expected.join(' and ')}`));
}

async function done(controller: Controller, body: UspBody): Promise<UspBody> {
  const answer = await controller.request(AGENT, body);
  if (outcomeOf(answer) !== 'yes') throw new Error(`${body.kind} failed: ${JSON.stringify(answer)}`);
  return answer;
}

/** The operator makes the watcher's role, gives it away, and lets itself see secured values. */
async function giveRoles(operator: Controller): Promise<void> {
  const added = await done(operator, add(create(ROLES, { 'Name!': 'watcher', 'Enable!': 'true' })));
  const status = added.kind === 'add_resp' ? added.created_obj_results[0]?.oper_status : undefined;
  const role = status?.kind === 'oper_success' ? status.instantiated_path : '';
  const watch = { 'Enable!': 'true', 'Targets!': 'Device.' };
  const kinds = ['Param', 'Obj', 'InstantiatedObj', 'CommandEvent'];
  const all = (bits: string): Record<string, string> => Object.fromEntries(kinds.map((kind) => [`${kind}!`, bits]));
  const subscribe = { 'Enable!': 'true', 'Targets!': 'Device.LocalAgent.Subscription.', ...all('rw-n') };
  const table = `${role}Permission.`;
  await done(operator, add(create(table, { ...watch, ...all('r--n') }), create(table, subscribe)));
  const assign = (id: string, roles: string): ReturnType<typeof update> =>
    update(`${CONTROLLERS}[EndpointID=="self::${id}"].`, { 'AssignedRole!': roles });
  await done(operator, set(assign('watcher', role.slice(0, -1)), assign('operator', `${ROLES}1,${ROLES}4`)));
}

async function compare(operator: Controller, watcher: Controller): Promise<void> {
  const rows: readonly (readonly [string, UspBody, readonly [string, string]])[] = [
    ['Get the SSID', get(SSID), ['yes', 'yes']],
    ['Set the SSID', set(update('Device.WiFi.SSID.1.', { 'SSID!': 'meadow' })), ['yes', '7006']],
    ['Add a port mapping', add(create('Device.NAT.PortMapping.')), ['yes', '7006']],
    ['Read a passphrase', get(PASSPHRASE), ['yes', 'hidden']],
    ['Change a role', set(update(`${ROLES}2.`, { 'Enable!': 'true' })), ['yes', '7006']],
    ['Operate Reboot()', operate('Device.Reboot()'), ['yes', '7006']],
  ];
  console.log(`\n${line('', 'operator', 'watcher')}`);
  for (const [what, body, expected] of rows) {
    // The watcher first: after the operator's Reboot() the CPE is away.
    const watched = outcomeOf(await watcher.request(AGENT, body));
    report(what, outcomeOf(await operator.request(AGENT, body)), watched, expected);
  }
}

async function tell(operator: Controller, watcher: Controller, cpe: Cpe): Promise<void> {
  const settings = { 'Enable!': 'true', 'ID!': 'watch', 'NotifType!': 'ValueChange', 'ReferenceList!': SSID };
  const armed = cpe.waitFor('rpc', ({ method }) => method === 'SetParameterAttributes');
  await done(watcher, add(create('Device.LocalAgent.Subscription.', settings)));
  await armed;
  const notified = new Promise<ReceivedNotify>((resolve) => watcher.onNotify(resolve));
  await done(operator, set(update('Device.WiFi.SSID.1.', { 'SSID!': 'changed by the operator' })));
  const { notification } = (await notified).notify;
  const told = notification.kind === 'value_change' ? notification.param_value : notification.kind;
  report('Told of the change', '-', told, ['-', 'changed by the operator']);
}

async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-roles-'));
  const gateway = await startGatewayProcess({
    'data.dir': join(folder, 'data'),
    'connectionRequest.username': CREDENTIALS.username,
    'connectionRequest.password': CREDENTIALS.password,
  });
  const { cwmp, http } = gateway.addresses;
  const cpe = createCpe({
    dump: TELLING,
    acsUrl: `http://${cwmp}/`,
    deviceId: { manufacturer: 'Example', oui: '02C0DE', productClass: 'HomeRouter', serialNumber: 'ROLES1' },
    connectionRequest: CREDENTIALS,
  });
  try {
    const first = cpe.nextSession();
    await cpe.start();
    await first;
    const connect = (id: string): Promise<Controller> =>
      Controller.connect({ url: `ws://${http}`, controller: `self::${id}`, agent: AGENT });
    const [operator, watcher] = [await connect('operator'), await connect('watcher')];
    await giveRoles(operator);
    await tell(operator, watcher, cpe);
    await compare(operator, watcher);
    await operator.close();
    await watcher.close();
  } finally {
    await cpe.stop();
    await gateway.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const limit = setTimeout(() => {
  console.error(`the demo did not end within ${LIMIT_MS / 1000} s`);
  process.exit(1);
}, LIMIT_MS);
run().then(
  () => {
    clearTimeout(limit);
    process.exit(failures === 0 ? 0 : 1);
  },
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
