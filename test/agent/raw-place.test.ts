// The raw place of a translated CPE, by rights: nobody sees it, or writes to it, but by a Permission that names it.
import t from 'tap';
import { CONTROLLER_TABLE } from '../../proxy/agent/local-agent/controller/controller-table.ts';
import {
  FACTORY_ROLE,
  permissionTable,
  ROLE_TABLE,
  roleReference,
} from '../../proxy/agent/local-agent/controller-trust/paths.ts';
import { templateRows } from '../../proxy/agent/local-agent/factory-rows.ts';
import { LocalAgent } from '../../proxy/agent/local-agent/local-agent.ts';
import { formatRows, NO_ROWS, type Rows } from '../../proxy/agent/local-agent/rows.ts';
import { type Rights, rightsOf } from '../../proxy/agent/permissions/rights.ts';
import { watchedParameters } from '../../proxy/agent/subscriptions/watched.ts';
import { AgentAtHand, CONTROLLER, SETTINGS } from './agent-at-hand.ts';
import { recordOf } from './device-record.ts';
import { get, getInstances, getSupportedDm, resultOf, set, update } from './requests.ts';

const RAW = 'Device.X_CAUSEWAY_IGD.';
const VENDOR = `${RAW}X_PINEWOOD-EXAMPLE_Firewall.`;
const OWN = 'InternetGatewayDevice.X_PINEWOOD-EXAMPLE_Firewall.Level';
const RULES = `${RAW}X_PINEWOOD-EXAMPLE_Parental.Rule.`;
const WRITER = 100;

/** Rights of a Controller with these roles. */
function withRoles(...roles: readonly number[]): Rights {
  const writer = { Enable: 'true', Order: '0', Targets: VENDOR, Param: 'rw-n', Obj: 'r---', InstantiatedObj: '----' };
  const stored: Rows = {
    tables: {
      [CONTROLLER_TABLE]: {
        1: { EndpointID: CONTROLLER, Enable: 'true', AssignedRole: roles.map((role) => roleReference(role)).join() },
      },
      [ROLE_TABLE]: { [WRITER]: { Enable: 'true', Name: 'Firewall' } },
      [permissionTable(WRITER)]: { 1: { ...writer, CommandEvent: '----' } },
    },
    next: {},
  };
  const space = { under: templateRows(formatRows(stored)), own: NO_ROWS, first: () => 1 };
  return rightsOf(new LocalAgent(recordOf(), space, SETTINGS, 0), CONTROLLER);
}
const { fullAccess, readOnly, rawModel } = FACTORY_ROLE;
const device = (): AgentAtHand => new AgentAtHand({ dump: 'home-router-tr098' });

t.test('Full Access does not cover it: it is not in the model', async (t) => {
  const agent = device();
  for (const rights of [withRoles(fullAccess), withRoles(readOnly)]) {
    const model = await agent.ask(getSupportedDm('Device.'), CONTROLLER, rights);
    const paths =
      model.kind === 'get_supported_dm_resp'
        ? model.req_obj_results.flatMap(({ supported_objs }) => supported_objs.map((one) => one.supported_obj_path))
        : [];
    t.ok(paths.includes('Device.WiFi.SSID.{i}.'));
    t.same(
      paths.filter((path) => path.startsWith(RAW)),
      [],
    );
    for (const path of [RAW, VENDOR, `${VENDOR}Level`]) {
      t.match(await agent.ask(get(path), CONTROLLER, rights), { req_path_results: [{ err_code: 7026 }] }, path);
    }
    const all = await agent.ask(get('Device.'), CONTROLLER, rights);
    if (all.kind !== 'get_resp') throw new Error(all.kind);
    t.same(
      Object.keys(resultOf(all)).filter((path) => path.startsWith(RAW)),
      [],
    );
    const asked = agent.cpe.rpcs.flatMap(({ method, request }) =>
      method === 'GetParameterValues' ? [JSON.stringify(request)] : [],
    );
    t.notMatch(asked.join(), /PINEWOOD/, 'the CPE is not even asked');
    t.match(await agent.ask(getInstances(RULES), CONTROLLER, rights), { req_path_results: [{ curr_insts: [] }] });
  }
  const refused = await agent.ask(set(update(VENDOR, { 'Level!': 'High' })), CONTROLLER, withRoles(fullAccess));
  t.match(refused, { kind: 'error', param_errs: [{ err_code: 7006 }] });
});

t.test('the role Raw Model reads it, and may not write', async (t) => {
  const agent = device();
  const rights = withRoles(fullAccess, rawModel);
  const read = await agent.ask(get(`${VENDOR}Level`), CONTROLLER, rights);
  t.same(read.kind === 'get_resp' && resultOf(read), { [VENDOR]: { Level: 'Medium' } });
  t.match(await agent.ask(getInstances(RULES), CONTROLLER, rights), {
    req_path_results: [{ curr_insts: [{ instantiated_obj_path: `${RULES}1.` }] }],
  });
  t.match(await agent.ask(set(update(VENDOR, { 'Level!': 'High' })), CONTROLLER, rights), { kind: 'error' });
  t.equal(rights.param('Device.WiFi.SSID.1.SSID').w, true, 'elsewhere nothing is less');
  t.match(await agent.ask(get(`${RAW}ManagementServer.URL`), CONTROLLER, rights), {
    req_path_results: [{ err_code: 7026 }],
  });
});

t.test('a Permission that names a part of it lets that part be written', async (t) => {
  const agent = device();
  const rights = withRoles(WRITER);
  t.match(await agent.ask(set(update(VENDOR, { 'Level!': 'High' })), CONTROLLER, rights), { kind: 'set_resp' });
  t.equal(agent.cpe.device.model.peek(OWN), 'High');
  t.equal(rights.param(`${RULES}1.Host`).r, false);
});

t.test('who watches all of Device. does not watch it; who names it does', async (t) => {
  const model = await device().model();
  const raw = (paths: readonly string[]): readonly string[] => paths.filter((path) => path.startsWith(RAW));
  t.same(raw(await watchedParameters(model, ['Device.'])), []);
  t.same(raw(await watchedParameters(model, [VENDOR])), [`${VENDOR}Level`]);
});
