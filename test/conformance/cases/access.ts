// TP-469 chapter 2, roles and permissions. The tester, whose access is full, keeps the role; the second Controller has it
// and does what the plan's Controller does: nobody is to take away its own rights in the middle of a case.
import {
  add,
  addPartly,
  create,
  get,
  operate,
  remove,
  resultOf,
  set,
  update,
  type Values,
} from '../../agent/requests.ts';
import { dumpOf } from '../../cpe/dump.ts';
import { dumpRows } from '../../cpe/dumps.ts';
import { type Case, type Metric, part, Unmet } from '../case.ts';
import { CONTROLLERS, type Eut, rowsOf, SECOND_ID, SUBSCRIPTIONS } from '../eut.ts';
import { brief, type Tester } from '../tester.ts';
import { goneOf, madeRow, pathOf } from './tools.ts';

const ROLES = 'Device.LocalAgent.ControllerTrust.Role.';
const ALL = { Enable: 'true', Param: 'rwxn', Obj: 'rwxn', InstantiatedObj: 'rwxn', CommandEvent: 'rwxn' };
const DENIED = 7006;

interface Scene extends Eut {
  readonly second: () => Promise<Tester>;
  /** The Controller that has the role, and its row. */
  readonly actor: Tester;
  readonly row: string;
  /** Adds Permissions to the role, over one that allows everything. */
  readonly permit: (...permissions: readonly Values[]) => Promise<readonly string[]>;
}

let count = 0;

/** A case whose second Controller has a role of its own. */
const withRole =
  (run: (scene: Scene, metric: Metric) => Promise<void>): Case['run'] =>
  async (eut, metric) => {
    const { tester } = eut;
    const actor = await eut.second();
    const row = await eut.rowOf(SECOND_ID);
    const before = (await rowsOf(tester, row))[row]?.['AssignedRole'] ?? '';
    count += 1;
    const role = await made(tester, ROLES, { Enable: 'true', Name: `tested ${count}` });
    await made(tester, `${role}Permission.`, { ...ALL, Order: '0', Targets: 'Device.' });
    await tester.expect('set_resp', set(update(row, { 'AssignedRole!': role.slice(0, -1) })));
    const permit: Scene['permit'] = async (...permissions) => {
      const rows = permissions.map((values) => create(`${role}Permission.`, { ...ALL, ...values }));
      const { created_obj_results } = await tester.expect('add_resp', add(...rows));
      return created_obj_results.map((result) => pathOf(result));
    };
    try {
      await run({ ...eut, actor, row, permit }, metric);
    } finally {
      await tester.expect('set_resp', set(update(row, { 'AssignedRole!': before })));
      await tester.expect('delete_resp', remove(role));
    }
  };

const made = async (tester: Tester, table: string, values: Values): Promise<string> =>
  pathOf((await tester.expect('add_resp', add(create(table, values)))).created_obj_results[0]);

const subscribes = (tester: Tester): Promise<string> => made(tester, SUBSCRIPTIONS, { NotifType: 'ValueChange' });

/** The first Permission of the plan's step 1. */
const permits = async (metric: Metric, { permit }: Scene, values: Values): Promise<void> =>
  metric(1, (await permit(values)).length === 1);

/** 2.11, 2.12 */
const creation = (Obj: string, allowed: boolean): Case['run'] =>
  withRole(async (scene, metric) => {
    await permits(metric, scene, { Targets: SUBSCRIPTIONS, Obj });
    const answer = await scene.actor.ask(add(create(SUBSCRIPTIONS)));
    if (allowed) metric(2, answer.kind === 'add_resp' && pathOf(answer.created_obj_results[0]) !== '', brief(answer));
    else metric(2, answer.kind === 'error' && answer.param_errs[0]?.err_code === DENIED, brief(answer));
    const rows = Object.keys(await rowsOf(scene.tester, SUBSCRIPTIONS));
    metric(2, rows.length === (allowed ? 1 : 0), rows.join());
  });

/** 2.13, 2.14 */
const deletion = (InstantiatedObj: string, allowed: boolean): Case['run'] =>
  withRole(async (scene, metric) => {
    const row = await subscribes(scene.tester);
    await permits(metric, scene, { Targets: SUBSCRIPTIONS, InstantiatedObj });
    const answer = await scene.actor.ask(remove(row));
    if (allowed) metric(2, answer.kind === 'delete_resp' && goneOf(answer).join() === row, brief(answer));
    else metric(2, answer.kind === 'error' && answer.param_errs[0]?.err_code === DENIED, brief(answer));
    metric(2, ((await rowsOf(scene.tester, SUBSCRIPTIONS))[row] === undefined) === allowed);
  });

/** 2.15, 2.16 */
const writing = (Param: string, allowed: boolean): Case['run'] =>
  withRole(async (scene, metric) => {
    const row = await subscribes(scene.tester);
    await permits(metric, scene, { Targets: row, Param });
    const answer = await scene.actor.ask(set(update(row, { 'Persistent!': 'true' })));
    if (allowed) metric(2, answer.kind === 'set_resp', brief(answer));
    else metric(2, answer.kind === 'error' && answer.param_errs[0]?.err_code === DENIED, brief(answer));
    metric(2, (await rowsOf(scene.tester, row))[row]?.['Persistent'] === String(allowed));
  });

/** 2.17, 2.18; what is refused must not have got as far as the CPE. */
const operation = (CommandEvent: string, allowed: boolean): Case['run'] =>
  withRole(async (scene, metric) => {
    await permits(metric, scene, { Targets: 'Device.Reboot()', CommandEvent });
    const answer = await scene.actor.expect('operate_resp', operate('Device.Reboot()'));
    const response = answer.operation_results[0]?.operation_resp;
    if (allowed) metric(2, response?.kind === 'req_output_args', brief(answer));
    else metric(2, response?.kind === 'cmd_failure' && response.err_code === DENIED, brief(answer));
  });

/** 2.19, 2.20 */
const notification = (Param: string, allowed: boolean): Case['run'] =>
  withRole(async (scene, metric) => {
    const { actor, tester, row, permit } = scene;
    const path = `${row}PeriodicNotifInterval`;
    metric(1, (await permit({ Targets: path, Param })).length === 1);
    const watched = { Enable: 'true', NotifType: 'ValueChange' };
    await made(actor, SUBSCRIPTIONS, { ...watched, ID: 'permitted', ReferenceList: path });
    // What must come in any case, and after the other.
    const fence = `${row}ProvisioningCode`;
    await made(actor, SUBSCRIPTIONS, { ...watched, ID: 'fence', ReferenceList: fence });
    metric(2, true);
    await actor.expect('set_resp', set(update(row, { 'PeriodicNotifInterval!': String(4000 + Math.trunc(count)) })));
    metric(3, true);
    await tester.expect('set_resp', set(update(row, { 'ProvisioningCode!': `fence ${count}` })));
    const last = await actor.notify(({ subscription_id }) => subscription_id === 'fence');
    const told = actor.waiting.some(({ subscription_id }) => subscription_id === 'permitted');
    metric(4, last.notification.kind === 'value_change' && told === allowed, told ? 'it was told' : 'it was not told');
  });

const BOOT = { Enable: 'true', ParameterName: 'Device.LocalAgent.SoftwareVersion' };
const bootRow = ({ tester, row }: Scene): Promise<string> => made(tester, `${row}BootParameter.`, BOOT);

/** Below both Controllers' rows, of which the role leaves one alone (2.23, 2.24); metrics follow the map. */
const belowBoth = (ask: typeof add, orders: readonly string[]): Case['run'] =>
  withRole(async ({ actor, tester, row, me, permit }, metric) => {
    const [own = '', other = ''] = orders;
    const made = await permit(
      { Targets: `${row}BootParameter.`, Param: 'rw--', Order: own },
      { Targets: `${me}BootParameter.`, Param: 'r---', Order: other },
    );
    metric(1, made.length === 2);
    const answer = await actor.ask(ask(create(`${CONTROLLERS}*.BootParameter`, { 'Enable!': 'false' })));
    const rows = Object.keys(await rowsOf(tester, `${CONTROLLERS}*.BootParameter.`));
    if (ask === add) {
      const [error, ...more] = answer.kind === 'error' ? answer.param_errs : [];
      const named = error?.param_path.startsWith(`${me}BootParameter`) === true;
      metric(2, named && error.err_code === DENIED && more.length === 0, brief(answer));
      metric(3, rows.length === 0, rows.join());
      return;
    }
    const statuses = answer.kind === 'add_resp' ? answer.created_obj_results.map(({ oper_status }) => oper_status) : [];
    const failed = statuses.filter((status) => status.kind === 'oper_failure');
    metric(2, statuses.length === 2 && failed.length === 1 && failed[0]?.err_code === DENIED, brief(answer));
    metric(3, rows.length === 1 && rows[0]?.startsWith(row) === true, rows.join());
  });

const OPERATOR = 'token-of-the-operator';
const NEWCOMER = { endpointId: 'self::newcomer', token: 'token-of-the-newcomer' };
const SECRET = 'Device.Users.User.1.Password';
/** Other CPEs read their secrets as '': of this one what is hidden is hidden by the Agent. */
const TALKATIVE = dumpOf(
  dumpRows('tiny-tr181').map((row) => (row.path === SECRET ? { ...row, value: 'vaulted', facets: {} } : row)),
);

export const ACCESS = part([
  {
    id: '2.9',
    title: 'a Controller that is new gets the UntrustedRole',
    // Whoever comes to an open listener has full access: this gateway asks for tokens, and of this one knows its owner only.
    alone: { settings: { 'http.token': OPERATOR, controllers: JSON.stringify([NEWCOMER]) } },
    run: async (eut, metric) => {
      const { tester, harness } = eut;
      const trust = 'Device.LocalAgent.ControllerTrust.';
      const untrusted = (await rowsOf(tester, trust))[trust]?.['UntrustedRole'] ?? '';
      metric(1, untrusted.startsWith(ROLES), untrusted);
      const newcomer = await eut.connect({ eid: NEWCOMER.endpointId, token: NEWCOMER.token });
      const row = await eut.rowOf(NEWCOMER.endpointId);
      const values = (await rowsOf(tester, row))[row];
      metric(2, values?.['AssignedRole'] === untrusted && values['InheritedRole'] === '', JSON.stringify(values));
      const seen = await newcomer.ask(get('Device.LocalAgent.EndpointID'));
      metric(3, seen.kind === 'get_resp' && Object.keys(resultOf(seen)).length === 1, brief(seen));
      const hidden = await newcomer.ask(get(`${row}AssignedRole`));
      metric(3, hidden.kind === 'get_resp' && Object.keys(resultOf(hidden)).length === 0, brief(hidden));
      metric(4, !harness.log.some((line) => line.includes(NEWCOMER.token)));
    },
  },
  {
    id: '2.10',
    title: 'a role is added',
    run: async ({ tester }, metric) => {
      const { created_obj_results } = await tester.expect(
        'add_resp',
        add(create(ROLES, { Enable: 'true', Name: 'Trusted' })),
      );
      const { path } = madeRow(created_obj_results[0]);
      metric(1, path.startsWith(ROLES));
      await tester.expect('delete_resp', remove(path));
    },
  },
  { id: '2.11', title: 'rows may be added', run: creation('rw--', true) },
  { id: '2.12', title: 'rows may not be added', run: creation('r---', false) },
  { id: '2.13', title: 'rows may be deleted', run: deletion('rw--', true) },
  { id: '2.14', title: 'rows may not be deleted', run: deletion('r---', false) },
  { id: '2.15', title: 'values may be set', run: writing('rw--', true) },
  { id: '2.16', title: 'values may not be set', run: writing('r---', false) },
  { id: '2.17', title: 'a command may be run', cpe: true, alone: true, run: operation('r-x-', true) },
  { id: '2.18', title: 'a command may not be run', run: operation('r---', false) },
  { id: '2.19', title: 'changes may be told', run: notification('rw-n', true) },
  { id: '2.20', title: 'changes may not be told', run: notification('rw--', false) },
  {
    id: '2.21',
    title: 'of overlapping Permissions the higher Order counts',
    run: withRole(async (scene, metric) => {
      const { actor, row, permit } = scene;
      const boot = await bootRow(scene);
      const closed = { Targets: boot, Param: '----' };
      const open = { Targets: boot, Param: 'rw--' };
      metric(1, (await permit({ ...closed, Order: '1' }, { ...open, Order: '2' })).length === 2);
      const table = `${row}BootParameter.`;
      metric(2, (await rowsOf(actor, table))[boot]?.['Enable'] === 'true');
      metric(3, (await permit({ ...closed, Order: '3' })).length === 1);
      metric(4, (await rowsOf(actor, table))[boot] === undefined);
    }),
  },
  {
    id: '2.22',
    title: 'what may not be read is left out',
    run: withRole(async (scene, metric) => {
      const { actor, permit } = scene;
      const boot = await bootRow(scene);
      const open = { Targets: boot, Param: 'rw--' };
      metric(1, (await permit(open, { Targets: `${boot}ParameterName`, Param: '----' })).length === 2);
      const answer = await actor.expect('get_resp', get(boot));
      const values = resultOf(answer)[boot];
      const names = Object.keys(values ?? {});
      const left = names.includes('Enable') && !names.includes('ParameterName');
      metric(2, answer.req_path_results[0]?.err_code === 0 && left, names.join());
    }),
  },
  // The plan gives both Permissions the Order 1, though it is a key, and expects two successes.
  { id: '2.23', title: 'a search in parts, not allowed for all', run: belowBoth(addPartly, ['1', '1']) },
  { id: '2.24', title: 'a search, not allowed for all', run: belowBoth(add, ['1', '2']) },
  {
    id: '2.25',
    title: 'a parameter that may not be set is not given',
    run: withRole(async (scene, metric) => {
      await permits(metric, scene, { Targets: `${SUBSCRIPTIONS}*.Enable`, Param: 'r---', Order: '1' });
      const values = { ID: 'add1', NotifType: 'ValueChange', 'ReferenceList!': 'Device.LocalAgent.SoftwareVersion' };
      const row = await made(scene.actor, SUBSCRIPTIONS, values);
      metric(2, true);
      const enable = resultOf(await scene.actor.expect('get_resp', get(`${row}Enable`)))[row]?.['Enable'];
      metric(3, enable === 'false', enable);
    }),
  },
  {
    id: '2.26',
    title: 'a parameter that may not be set is given',
    run: withRole(async (scene, metric) => {
      await permits(metric, scene, { Targets: `${SUBSCRIPTIONS}*.Enable`, Param: 'r---', Order: '1' });
      const values = {
        ID: 'add26',
        NotifType: 'ValueChange',
        'ReferenceList!': 'Device.LocalAgent.SoftwareVersion',
        'Enable!': 'true',
      };
      const answer = await scene.actor.expect('add_resp', addPartly(create(SUBSCRIPTIONS, values)));
      const [only, ...more] = answer.created_obj_results;
      if (only?.oper_status.kind !== 'oper_failure') throw new Unmet('OperationFailure', brief(answer));
      metric(2, only.oper_status.err_code === DENIED && more.length === 0, brief(answer));
      metric(3, Object.keys(await rowsOf(scene.tester, SUBSCRIPTIONS)).length === 0);
    }),
  },
  {
    id: '2.27',
    title: 'what is secured is for secured roles',
    cpe: true,
    alone: { cpe: { dump: TALKATIVE } },
    run: withRole(async ({ actor, tester, permit, row, ...eut }, metric) => {
      const trust = 'Device.LocalAgent.ControllerTrust.';
      const read = async (): Promise<string | undefined> =>
        resultOf(await actor.expect('get_resp', get(SECRET)))['Device.Users.User.1.']?.['Password'];
      metric(1, (await permit({ Targets: 'Device.Users.', Param: 'r---' })).length === 1);
      eut.begin();
      const hidden = await read();
      metric(2, hidden === '', hidden);
      metric(2, eut.rpcs().length === 0, 'the CPE was asked for what is not shown');
      const role = (await rowsOf(tester, row))[row]?.['AssignedRole'] ?? '';
      await tester.expect('set_resp', set(update(trust, { 'SecuredRoles!': role })));
      const shown = await read();
      metric(3, shown === 'vaulted', shown);
    }),
  },
  {
    id: 'CV-ACL-1',
    title: 'what may not be read is not asked of the CPE',
    cpe: true,
    run: withRole(async ({ actor, permit, ...eut }, metric) => {
      await permit({ Targets: 'Device.WiFi.', Param: '----', Obj: '----', InstantiatedObj: '----' });
      eut.begin();
      const values = resultOf(await actor.expect('get_resp', get('Device.')));
      const paths = Object.keys(values);
      metric(
        1,
        paths.includes('Device.DeviceInfo.') && !paths.some((path) => path.startsWith('Device.WiFi.')),
        paths.join(),
      );
      const asked = JSON.stringify(eut.rpcs().filter(({ method }) => method === 'GetParameterValues'));
      metric(2, asked.includes('Device.DeviceInfo.') && !asked.includes('Device.WiFi.'), asked.slice(0, 300));
    }),
  },
]);
