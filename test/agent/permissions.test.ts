// What each message makes of rights, and that no CPE is asked for what its Controller may not have.
import t from 'tap';
import type { Bits } from '../../proxy/agent/permissions/bits.ts';
import type { Rights } from '../../proxy/agent/permissions/rights.ts';
import type { UspBody } from '../../proxy/usp/msg.ts';
import { AgentAtHand, CONTROLLER } from './agent-at-hand.ts';
import { add, create, get, getInstances, getSupportedDm, operate, remove, set, setPartly, update } from './requests.ts';

const bits = (letters: string): Bits => ({
  r: letters.includes('r'),
  w: letters.includes('w'),
  x: letters.includes('x'),
  n: letters.includes('n'),
});

/** `wifi` below Device.WiFi., everything elsewhere. */
function rightsWith(wifi: string): Rights {
  const of = (path: string): Bits => bits(path.startsWith('Device.WiFi.') ? wifi : 'rwxn');
  return { all: false, raw: false, refused: false, secured: false, param: of, object: of, instance: of, command: of };
}
const NO_WIFI = rightsWith('');
const WATCHES = rightsWith('rn');

const home = (): AgentAtHand => new AgentAtHand({ dump: 'home-router-tr181' });
async function costs(agent: AgentAtHand, body: UspBody, rights: Rights): Promise<[UspBody, readonly string[]]> {
  await agent.view();
  const answer = await agent.ask(body, CONTROLLER, rights);
  return [answer, agent.cpe.called];
}

t.test('what may not be read is in neither the answer nor the GetParameterValues (CV-ACL-1)', async (t) => {
  const agent = home();
  const [answer] = await costs(agent, get('Device.', 'Device.WiFi.SSID.*.SSID'), NO_WIFI);
  const asked = JSON.stringify(agent.cpe.rpcs.filter(({ method }) => method === 'GetParameterValues'));
  t.ok(asked.includes('Device.DeviceInfo.'));
  t.notOk(asked.includes('Device.WiFi.'));
  t.notOk(
    JSON.stringify([...(answer.kind === 'get_resp' ? answer.req_path_results.slice(0, 1) : [])]).includes('WiFi'),
  );
  t.match(answer, { req_path_results: [{ err_code: 0 }, { err_code: 7026 }] });
});

t.test('a path that leads to nothing readable costs no RPC', async (t) => {
  const [answer, called] = await costs(home(), get('Device.WiFi.', 'Device.WiFi.SSID.1.SSID'), NO_WIFI);
  t.match(answer, { req_path_results: [{ err_code: 7026 }, { err_code: 7026 }] });
  t.same(called, []);
});

t.test('instances and the supported model are those that may be seen', async (t) => {
  const [instances] = await costs(home(), getInstances('Device.WiFi.SSID.'), NO_WIFI);
  t.match(instances, { req_path_results: [{ err_code: 0, curr_insts: [] }] });
  const [supported] = await costs(home(), getSupportedDm('Device.WiFi.'), NO_WIFI);
  t.match(supported, { req_obj_results: [{ err_code: 7026 }] });
});

t.test('a search over what may not be read finds nothing', async (t) => {
  const param = (path: string): Bits => bits(path.endsWith('.SSID') ? 'w' : 'rwxn');
  const [answer] = await costs(home(), get('Device.WiFi.SSID.[SSID!="x"].Enable'), { ...rightsWith('rwxn'), param });
  t.match(answer, { req_path_results: [{ err_code: 0, resolved_path_results: [] }] });
});

t.test('Set without the right is 7006 and costs no RPC; a part of a message is its own', async (t) => {
  const refused = update('Device.WiFi.SSID.1.', { 'SSID!': 'x' });
  const [whole, called] = await costs(home(), set(refused), WATCHES);
  t.match(whole, {
    kind: 'error',
    err_code: 7006,
    param_errs: [{ param_path: 'Device.WiFi.SSID.1.SSID', err_code: 7006 }],
  });
  t.same(called, []);
  const [part] = await costs(home(), setPartly(refused), WATCHES);
  t.match(part, {
    updated_obj_results: [
      { oper_status: { err_code: 7021, updated_inst_failures: [{ param_errs: [{ param: 'SSID', err_code: 7006 }] }] } },
    ],
  });
});

t.test('Add names the table, Delete the row', async (t) => {
  const table = 'Device.WiFi.SSID.';
  const [added, called] = await costs(home(), add(create(table)), WATCHES);
  t.match(added, { kind: 'error', err_code: 7006, param_errs: [{ param_path: table, err_code: 7006 }] });
  t.same(called, []);
  const [gone, deleting] = await costs(home(), remove(`${table}1.`), WATCHES);
  t.match(gone, { kind: 'error', err_code: 7006, param_errs: [{ param_path: `${table}1.` }] });
  t.same(deleting, []);
});

t.test('Operate without the right is a cmd_failure 7006, before any RPC', async (t) => {
  const [answer, called] = await costs(home(), operate('Device.WiFi.SSID.1.Stats.Reset()'), WATCHES);
  t.match(answer, { operation_results: [{ operation_resp: { kind: 'cmd_failure' } }] });
  t.same(called, []);
  const command = (): Bits => bits('rn');
  const [reboot, rebooting] = await costs(home(), operate('Device.Reboot()'), { ...WATCHES, command });
  t.match(reboot, { operation_results: [{ operation_resp: { kind: 'cmd_failure', err_code: 7006 } }] });
  t.same(rebooting, []);
});
