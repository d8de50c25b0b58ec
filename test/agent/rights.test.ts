// What roles allow: the Permission of the highest Order that covers an element says everything, roles are united, and what
// cannot be known without the CPE is allowed only where either answer allows it.
import t from 'tap';
import { CONTROLLER_TABLE } from '../../proxy/agent/local-agent/controller/controller-table.ts';
import {
  permissionTable,
  ROLE_TABLE,
  roleReference,
  TRUST,
} from '../../proxy/agent/local-agent/controller-trust/paths.ts';
import { templateRows } from '../../proxy/agent/local-agent/factory-rows.ts';
import { LocalAgent } from '../../proxy/agent/local-agent/local-agent.ts';
import {
  FIRST_DEVICE_ROW,
  formatRows,
  NO_ROWS,
  type Rows,
  type RowValues,
} from '../../proxy/agent/local-agent/rows.ts';
import { rightsOf } from '../../proxy/agent/permissions/rights.ts';
import { recordOf } from './device-record.ts';

const ID = 'proto::one';
const SETTINGS = {
  softwareVersion: '0.1.0',
  subscriptionCap: 100,
  webSocket: { port: 8080, encrypted: false, keepAliveSeconds: 30 },
};
const NONE = '----';
const permission = (order: number, Targets: string, values: RowValues): RowValues => ({
  Enable: 'true',
  Order: String(order),
  Targets,
  Param: NONE,
  Obj: NONE,
  InstantiatedObj: NONE,
  CommandEvent: NONE,
  ...values,
});
const table = (rows: readonly RowValues[]): Record<number, RowValues> =>
  Object.fromEntries(rows.map((row, index) => [index + 1, row]));

/** A Controller with the roles 100, 101 …, one for each list of Permissions; `row` says otherwise. */
function agentWith(
  roles: readonly (readonly RowValues[])[],
  row: RowValues = {},
  more: Rows['tables'] = {},
): LocalAgent {
  const AssignedRole = roles.map((_, index) => roleReference(100 + index)).join(',');
  const stored: Rows = {
    tables: {
      [CONTROLLER_TABLE]: { 1: { EndpointID: ID, Enable: 'true', AssignedRole, ...row } },
      [ROLE_TABLE]: Object.fromEntries(
        roles.map((_, index) => [100 + index, { Enable: 'true', Name: `role-${index}` }]),
      ),
      ...Object.fromEntries(roles.map((rows, index) => [permissionTable(100 + index), table(rows)])),
      ...more,
    },
    next: {},
  };
  const space = { under: templateRows(formatRows(stored)), own: NO_ROWS, first: () => FIRST_DEVICE_ROW };
  return new LocalAgent(recordOf(), space, SETTINGS, 0);
}

t.test('the highest Order that covers an element replaces all four strings', async (t) => {
  const rights = rightsOf(
    agentWith([
      [
        permission(1, 'Device.', { Param: 'rw--', Obj: 'rw--' }),
        permission(5, 'Device.WiFi.,Device.Time.Enable', { Param: 'r---' }),
        permission(9, 'Device.WiFi.SSID.*.SSID', { Param: '-w--' }),
      ],
    ]),
    ID,
  );
  t.notOk(rights.all);
  t.match(rights.param('Device.IP.Interface.1.Name'), { r: true, w: true });
  t.match(rights.param('Device.WiFi.SSID.1.Enable'), { r: true, w: false });
  t.match(rights.object('Device.WiFi.'), { r: false }, 'nothing is inherited from a lower Order');
  t.match(rights.param('Device.WiFi.SSID.2.SSID'), { r: false, w: true });
  t.match(rights.param('Device.Time.Enable'), { r: true, w: false });
  t.match(rights.param('Device.Time.EnableMore'), { w: true }, 'a name that only begins alike is another');
});

t.test('roles are united, disabled ones and disabled Permissions left out', async (t) => {
  const reads = permission(1, 'Device.', { Param: 'r---' });
  const writes = permission(1, 'Device.WiFi.', { Param: '-w--' });
  const united = rightsOf(agentWith([[reads], [writes]]), ID);
  t.match(united.param('Device.WiFi.X'), { r: true, w: true });
  const off = rightsOf(agentWith([[reads], [{ ...writes, Enable: 'false' }]]), ID);
  t.match(off.param('Device.WiFi.X'), { r: true, w: false });
});

t.test('roles that a credential names count by name', async (t) => {
  const local = agentWith([[permission(1, 'Device.', { Param: 'r---' })]], { AssignedRole: '' });
  t.match(rightsOf(local, ID, []).param('Device.X'), { r: false });
  t.match(rightsOf(local, ID, ['role-0']).param('Device.X'), { r: true });
  const known = agentWith([[permission(1, 'Device.', { Param: 'r---' })]], {
    AssignedRole: '',
    CredentialRoles: '["role-0"]',
  });
  t.match(rightsOf(known, ID).param('Device.X'), { r: true }, 'who is told is who came last');
  t.equal(known.read(`${CONTROLLER_TABLE}1.InheritedRole`), roleReference(100));
});

t.test('a search over local values covers the rows that it finds', async (t) => {
  const rights = rightsOf(
    agentWith([[permission(1, `Device.LocalAgent.Controller.[EndpointID=="${ID}"].`, { Param: 'rw--' })]]),
    ID,
  );
  t.match(rights.param('Device.LocalAgent.Controller.1.ProvisioningCode'), { w: true });
  t.match(rights.param('Device.LocalAgent.Controller.2.ProvisioningCode'), { w: false });
  t.match(rights.param('Device.LocalAgent.Controller.{i}.ProvisioningCode'), { w: true }, 'some row');
});

t.test('a search over values of the CPE never allows more than meant', async (t) => {
  const search = 'Device.WiFi.SSID.[Enable==true].';
  const grants = rightsOf(agentWith([[permission(1, search, { Param: 'rw--' })]]), ID);
  t.match(grants.param('Device.WiFi.SSID.1.SSID'), { r: false, w: false }, 'what it would grant is not');
  const takes = rightsOf(
    agentWith([[permission(1, 'Device.', { Param: 'rw--' }), permission(2, search, { Param: 'r---' })]]),
    ID,
  );
  t.match(takes.param('Device.WiFi.SSID.1.SSID'), { r: true, w: false }, 'what it would take away is');
  t.match(takes.param('Device.WiFi.Radio.1.Enable'), { w: true });
});

t.test('the factory roles', async (t) => {
  const of = (role: string): ReturnType<typeof rightsOf> => rightsOf(agentWith([], { AssignedRole: role }), ID);
  t.ok(of(roleReference(1)).all);
  t.notOk(of(roleReference(1)).secured);
  t.match(of(`${roleReference(1)},${roleReference(4)}`), { all: true, secured: true });
  t.same(of(roleReference(2)).param('Device.X'), { r: true, w: false, x: false, n: true });
  t.match(of(roleReference(3)).param('Device.LocalAgent.EndpointID'), { r: true });
  t.match(of(roleReference(3)).param('Device.LocalAgent.Controller.1.EndpointID'), { r: false });
  t.match(of(roleReference(3)).param('Device.DeviceInfo.SerialNumber'), { r: false });
});

t.test('who has no row, a disabled one or the banned role is refused', async (t) => {
  t.ok(rightsOf(agentWith([]), 'proto::nobody').refused);
  t.ok(rightsOf(agentWith([], { Enable: 'false' }), ID).refused);
  const banned = { [TRUST]: { 0: { BannedRole: roleReference(2) } } };
  t.ok(rightsOf(agentWith([], { AssignedRole: roleReference(2) }, banned), ID).refused);
});

t.test('a stored row from before there were roles keeps Full Access; an empty AssignedRole is none', async (t) => {
  const before: Rows = { tables: { [CONTROLLER_TABLE]: { 1: { EndpointID: ID, Enable: 'true' } } }, next: {} };
  const space = { under: templateRows(formatRows(before)), own: NO_ROWS, first: () => FIRST_DEVICE_ROW };
  t.ok(rightsOf(new LocalAgent(recordOf(), space, SETTINGS, 0), ID).all);
  t.notOk(rightsOf(agentWith([], { AssignedRole: '' }), ID).all);
});

t.test('a Permission without an Order counts before all others, and one that is taken gives way', async (t) => {
  const local = agentWith([[permission(1, 'Device.', { Param: 'r---' })]]);
  const request = { controllerPath: '', now: 0 };
  const path = permissionTable(100);
  const orderOf = (values: RowValues): string | undefined => {
    const added = local.add(path, values, request);
    return 'path' in added ? local.read(`${added.path}Order`) : undefined;
  };
  t.equal(orderOf({ Enable: 'true' }), '2');
  t.equal(orderOf({ Order: '1' }), '3', 'the next that is free');
  t.equal(orderOf({ Order: '7' }), '7');
  t.equal(local.judge(`${path}1.`, 'Param', 'rx--', false).ok, false);
  t.equal(local.judge(`${path}1.`, 'Targets', 'Device..', false).ok, false);
});

t.test('what referred to a role does not when it is gone', async (t) => {
  const local = agentWith([[]], { AssignedRole: `${roleReference(100)},${roleReference(1)}` });
  local.change(TRUST, { SecuredRoles: roleReference(100) });
  t.equal(local.delete(`${ROLE_TABLE}100.`), undefined);
  t.equal(local.read(`${CONTROLLER_TABLE}1.AssignedRole`), roleReference(1));
  t.equal(local.read(`${TRUST}SecuredRoles`), '');
});

t.test('nobody is locked out by the end of a role', async (t) => {
  const local = agentWith([[]]);
  const refused = { code: 7007 };
  t.match(local.delete(`${ROLE_TABLE}100.`), { ...refused, why: /only role of proto::one/ });
  local.change(`${CONTROLLER_TABLE}1.`, { AssignedRole: roleReference(2) });
  t.equal(local.delete(`${ROLE_TABLE}100.`), undefined, 'once it has another');

  const full = `${ROLE_TABLE}1.`;
  t.match(local.delete(full), refused, 'Full Access stays, whoever has it');
  t.match(local.change(full, { Enable: 'false' }), refused);
  t.equal(local.change(full, { Alias: 'everything' }), undefined);
  const permissions = permissionTable(1);
  t.match(local.add(permissions, { Targets: 'Device.' }, { controllerPath: '', now: 0 }), refused);
  t.match(local.change(`${permissions}1.`, { Param: 'r---' }), refused);
  t.match(local.delete(`${permissions}1.`), refused);
  t.match(local.judge(TRUST, 'BannedRole', roleReference(1), false), { ok: false, ...refused });
});
