// Controllers of a tenant: one row of the template each, the same in every Agent.
import t from 'tap';
import type { Standing } from '../../proxy/access/access.ts';
import { ensureController } from '../../proxy/agent/local-agent/controller/controllers.ts';
import { CONTROLLER_TABLE } from '../../proxy/agent/local-agent/controller/controller-table.ts';
import { changeRow, formatRows, parseRows } from '../../proxy/agent/local-agent/rows.ts';
import { TENANT } from '../store/contract/samples.ts';
import { AgentOverStore } from './agent-over-store.ts';
import { get } from './requests.ts';

t.test('all that come at once get a row, each one', async (t) => {
  const { store } = await AgentOverStore.open(t);
  const ids = Array.from({ length: 50 }, (_, index) => `self::many-${index}`);
  const twice = [...ids, ...ids];
  t.ok(
    (await Promise.all(twice.map((id) => ensureController(store, TENANT, id, 'full')))).every(
      (known) => known === 'known',
    ),
  );
  const { tables } = parseRows((await store.tenants.readTemplate(TENANT)).rows);
  const known = Object.values(tables[CONTROLLER_TABLE] ?? {}).map((row) => row?.['EndpointID']);
  t.equal(known.length, ids.length + 1, 'and the one that was there');
  t.equal(new Set(known).size, known.length);
});

t.test('every Agent has the row', async (t) => {
  const over = await AgentOverStore.open(t);
  await ensureController(over.store, TENANT, 'self::new', 'full');
  t.match(await over.answer(get('Device.LocalAgent.Controller.[EndpointID=="self::new"].Alias')), {
    req_path_results: [{ resolved_path_results: [{ resolved_path: 'Device.LocalAgent.Controller.2.' }] }],
  });
});

t.test('what the listener knows of it decides whether it begins with a role', async (t) => {
  const { store } = await AgentOverStore.open(t);
  for (const standing of ['full', 'roles', 'untrusted'] as const) {
    await ensureController(store, TENANT, `self::${standing}`, standing);
    await ensureController(store, TENANT, `self::${standing}`, 'full');
  }
  const { tables } = parseRows((await store.tenants.readTemplate(TENANT)).rows);
  const roles = Object.values(tables[CONTROLLER_TABLE] ?? {}).map((row) => [
    row?.['EndpointID'],
    row?.['AssignedRole'],
  ]);
  t.match(Object.fromEntries(roles), {
    'self::full': 'Device.LocalAgent.ControllerTrust.Role.1',
    'self::roles': '',
    'self::untrusted': 'Device.LocalAgent.ControllerTrust.Role.3',
  });
});

t.test('what the Agent gave goes with a lesser credential, and does not come back with a better one', async (t) => {
  const { store } = await AgentOverStore.open(t);
  const [full, untrusted] = [1, 3].map((number) => `Device.LocalAgent.ControllerTrust.Role.${number}`);
  const after = async (...came: readonly [string, Standing, (readonly string[])?]) => {
    await ensureController(store, TENANT, ...came);
    const { tables } = parseRows((await store.tenants.readTemplate(TENANT)).rows);
    const rows = Object.values(tables[CONTROLLER_TABLE] ?? {});
    return rows.find((row) => row?.['EndpointID'] === came[0])?.['AssignedRole'];
  };
  t.equal(await after('self::one', 'full'), full);
  t.equal(await after('self::one', 'full'), full);
  t.equal(await after('self::one', 'roles', ['watcher']), '', 'its token names its roles');
  t.equal(await after('self::one', 'untrusted'), untrusted, 'nothing is known of it any more');
  t.equal(await after('self::one', 'full'), untrusted, 'whoever has the operator’s token is not believed to be it');

  t.equal(await after('self::chosen', 'full'), full);
  const { version, rows } = await store.tenants.readTemplate(TENANT);
  const chosen = Object.entries(parseRows(rows).tables[CONTROLLER_TABLE] ?? {}).find(
    ([, row]) => row?.['EndpointID'] === 'self::chosen',
  );
  const AssignedRole = `Device.LocalAgent.ControllerTrust.Role.2`;
  const changed = changeRow(parseRows(rows), CONTROLLER_TABLE, Number(chosen?.[0]), { AssignedRole });
  await store.tenants.changeTemplate(TENANT, version, formatRows(changed));
  t.equal(await after('self::chosen', 'untrusted'), AssignedRole, 'what an operator has assigned stays');
});

t.test('one that is switched off in the template is told apart', async (t) => {
  const { store } = await AgentOverStore.open(t);
  await ensureController(store, TENANT, 'self::off', 'full');
  const { version, rows } = await store.tenants.readTemplate(TENANT);
  const off = changeRow(parseRows(rows), CONTROLLER_TABLE, 2, { Enable: 'false' });
  await store.tenants.changeTemplate(TENANT, version, formatRows(off));
  t.equal(await ensureController(store, TENANT, 'self::off', 'full'), 'disabled');
});

t.test('a template has 9,999 rows at most: the next one is not let in', async (t) => {
  const { store } = await AgentOverStore.open(t);
  const { version, rows } = await store.tenants.readTemplate(TENANT);
  const full = { ...parseRows(rows), next: { [CONTROLLER_TABLE]: 10_000 } };
  await store.tenants.changeTemplate(TENANT, version, formatRows(full));
  t.equal(await ensureController(store, TENANT, 'self::too-many', 'full'), 'too-many');
  t.equal(await ensureController(store, TENANT, 'proto::controller-1', 'full'), 'known', 'who has a row keeps it');
});
