// Rows of Device.LocalAgent.: the tenant's template and what one device has of its own (DESIGN mechanism 5).
import t from 'tap';
import {
  addRow,
  changeRow,
  deleteRow,
  FIRST_DEVICE_ROW,
  FIRST_TEMPLATE_ROW,
  formatRows,
  NO_ROWS,
  parseRows,
  type Rows,
  rowNumbers,
  rowValues,
} from '../../proxy/agent/local-agent/rows.ts';
import { AgentAtHand } from './agent-at-hand.ts';
import { add, addPartly, create, get, remove, resultOf, set, update } from './requests.ts';

const TABLE = 'Device.LocalAgent.Subscription.';
const CONTROLLER = 'Device.LocalAgent.Controller.1.';
const own = (rows: Rows, values = {}): Rows => addRow(rows, FIRST_DEVICE_ROW, TABLE, values).rows;
const template = addRow(NO_ROWS, FIRST_TEMPLATE_ROW, TABLE, { ID: 'of all', Enable: 'true' }).rows;

t.test("a device's rows begin at 10,000, the template's at 1", async (t) => {
  t.same(rowNumbers(template, own(own(NO_ROWS)), TABLE), [1, 10_000, 10_001]);
});

t.test('numbers are never given out twice, not even after the last row has gone and all was stored', async (t) => {
  const once = own(own(NO_ROWS));
  const gone = deleteRow(template, deleteRow(template, once, TABLE, 10_001), TABLE, 10_000);
  const again = own(parseRows(formatRows(gone)));
  t.same(rowNumbers(NO_ROWS, again, TABLE), [10_002]);
});

t.test("what a device changes in a template's row is its own", async (t) => {
  const changed = changeRow(NO_ROWS, TABLE, 1, { Enable: 'false' });
  t.same(rowValues(template, changed, TABLE, 1), { ID: 'of all', Enable: 'false' });
  t.same(rowValues(template, NO_ROWS, TABLE, 1), { ID: 'of all', Enable: 'true' }, 'others have what they had');
  t.equal(rowValues(NO_ROWS, changed, TABLE, 1), undefined, 'and goes with the row');
});

t.test("a template's row that a device deletes is gone for this device", async (t) => {
  const deleted = parseRows(formatRows(deleteRow(template, NO_ROWS, TABLE, 1)));
  t.equal(rowValues(template, deleted, TABLE, 1), undefined);
  t.same(rowNumbers(template, deleted, TABLE), []);
  t.same(rowNumbers(template, NO_ROWS, TABLE), [1]);
});

t.test('an Agent keeps what it was told through storing', async (t) => {
  const agent = new AgentAtHand();
  const row = { NotifType: 'Event', ReferenceList: 'Device.Boot!', ID: 'kept' };
  await agent.expect('add_resp', add(create(TABLE, row), create(TABLE)));
  await agent.ask(remove(`${TABLE}10001.`));
  await agent.ask(set(update(CONTROLLER, { 'ProvisioningCode!': 'p7' })));
  agent.own = parseRows(formatRows(agent.own));
  const { created_obj_results } = await agent.expect('add_resp', add(create(TABLE)));
  t.match(created_obj_results, [{ oper_status: { instantiated_path: `${TABLE}10002.` } }]);
  const values = await agent.expect('get_resp', get(`${TABLE}10000.ID`, `${CONTROLLER}ProvisioningCode`));
  t.equal(resultOf(values)[`${TABLE}10000.`]?.['ID'], 'kept');
  t.equal(resultOf(values, 1)[CONTROLLER]?.['ProvisioningCode'], 'p7');
  t.equal(agent.local().read('Device.LocalAgent.SubscriptionNumberOfEntries'), '2');
});

t.test('an Agent has only so many Subscriptions (7005)', async (t) => {
  const agent = new AgentAtHand({ subscriptionCap: 2 });
  const three = [create(TABLE), create(TABLE), create(TABLE)];
  t.match(await agent.ask(add(...three)), { kind: 'error', err_code: 7005 });
  t.equal(agent.local().rowsOf(TABLE).length, 0);
  t.match(await agent.ask(addPartly(...three)), {
    created_obj_results: [
      { oper_status: { kind: 'oper_success' } },
      { oper_status: { kind: 'oper_success' } },
      { oper_status: { kind: 'oper_failure', err_code: 7005 } },
    ],
  });
  await agent.ask(remove(`${TABLE}10000.`));
  t.equal((await agent.ask(add(create(TABLE)))).kind, 'add_resp', 'one that goes makes room');
});
