// What is told over a view that is not the CPE's own model: values made of several parameters, several made of one, and
// rows that have other numbers than at the CPE.
import t from 'tap';
import { arm } from '../../proxy/agent/subscriptions/arm.ts';
import { deriveNotifies } from '../../proxy/agent/subscriptions/derive.ts';
import { valuesEvent } from '../../proxy/device/events.ts';
import { formatLedger, type NamedValue } from '../../proxy/device/ledger.ts';
import { parseNotices } from '../../proxy/device/notices.ts';
import type { DerivedNotifies } from '../../proxy/device/settings.ts';
import { decodeMsg } from '../../proxy/usp/msg-codec.ts';
import { AgentAtHand } from './agent-at-hand.ts';
import { CPE_MAPPINGS, CPE_SSIDS, Hand, MAPPINGS, NumberedView, SSIDS } from './numbered-view.ts';
import { add, create, remove } from './requests.ts';

const TABLE = 'Device.LocalAgent.Subscription.';
const ROW = `${SSIDS}101.`;
const SSID = `${CPE_SSIDS}1.SSID`;
const CHANNEL = `${CPE_SSIDS}1.Channel`;

async function watching(NotifType: string, ...references: readonly string[]): Promise<AgentAtHand> {
  const agent = new AgentAtHand({ dump: 'home-router-tr098', view: new NumberedView(new Hand()) });
  await agent.model();
  for (const ReferenceList of references) {
    await agent.expect('add_resp', add(create(TABLE, { ID: ReferenceList, Enable: 'true', NotifType, ReferenceList })));
  }
  await look(agent);
  return agent;
}
/** What one look at the CPE tells. */
async function look(agent: AgentAtHand): Promise<readonly unknown[]> {
  const model = await agent.model();
  agent.cpe.beginSession();
  agent.cpe.raised.splice(0);
  await arm(model, agent.cpe, false);
  return agent.cpe.raised.flatMap(({ body }) => parseNotices(body).notices.map(({ notification }) => notification));
}
/** As its stored events are derived, without a CPE. */
async function derived(agent: AgentAtHand, ...values: readonly NamedValue[]): Promise<DerivedNotifies | undefined> {
  const { cpe } = agent;
  const tree = await cpe.tree();
  const view = await agent.view();
  return deriveNotifies({
    record: {
      ...cpe.record,
      ledger: formatLedger(cpe.ledger, ''),
      pendingEvents: [{ ...valuesEvent(0, values), sequence: 1 }],
    },
    local: agent.local(),
    view: tree === undefined ? undefined : await view?.fit(cpe, tree),
    keepMs: 1000,
  });
}
async function told(agent: AgentAtHand, ...values: readonly NamedValue[]): Promise<readonly unknown[]> {
  return ((await derived(agent, ...values))?.rows ?? []).map(({ payload }) => {
    const msg = decodeMsg(Buffer.from(payload, 'base64'));
    return msg.ok && msg.msg.body.kind === 'notify' ? msg.msg.body.notification : undefined;
  });
}

t.test('each CPE parameter that a value is made of is armed; a change of any is the change of the whole', async (t) => {
  const agent = await watching('ValueChange', `${ROW}Both`);
  t.same([...agent.cpe.ledger.keys()], [SSID, CHANNEL]);
  const change = (param_value: string): unknown => ({ kind: 'value_change', param_path: `${ROW}Both`, param_value });
  t.same(await told(agent, [CHANNEL, '11']), [change('pinewood-home/11')], 'the rest is what the ledger knows');
  t.same(await told(agent, [CHANNEL, '11'], [SSID, 'cafe']), [change('cafe/11')], 'both at once are told once');
});

t.test(
  'of the values made of one parameter those are told that somebody watches, as the view shows them',
  async (t) => {
    const agent = await watching('ValueChange', `${ROW}Upper`, `${SSIDS}*.Enable`);
    t.same(await told(agent, [SSID, 'cafe']), [
      { kind: 'value_change', param_path: `${ROW}Upper`, param_value: 'CAFE' },
    ]);
    t.same(await told(agent, [SSID, 'PINEWOOD-home']), [], 'it is shown as before');
    t.same(await told(agent, [`${CPE_SSIDS}2.Enable`, '1'], [CHANNEL, '1']), [
      { kind: 'value_change', param_path: `${SSIDS}102.Enable`, param_value: 'true' },
    ]);
  },
);

t.test('rows are told with the numbers of the view', async (t) => {
  const agent = await watching('ObjectCreation', MAPPINGS);
  await agent.expect('add_resp', add(create(MAPPINGS, { ExternalPort: '8081' })));
  t.match(await look(agent), [{ kind: 'obj_creation', obj_path: `${MAPPINGS}107.` }]);
  const gone = await watching('ObjectDeletion', `${MAPPINGS}*.`);
  await gone.expect('delete_resp', remove(`${MAPPINGS}106.`));
  t.same(await look(gone), [{ kind: 'obj_deletion', obj_path: `${MAPPINGS}106.` }]);
  t.equal(gone.cpe.device.model.peek(`${CPE_MAPPINGS}3.ExternalPort`), undefined);
});

t.test('a parameter that counts the rows of two tables has both looked at', async (t) => {
  const agent = await watching('ObjectDeletion', SSIDS, MAPPINGS);
  const counter = 'InternetGatewayDevice.LANDevice.1.LANWLANConfigurationNumberOfEntries';
  t.match(agent.cpe.ledger.get(counter)?.rows, { table: SSIDS, rows: [101, 102, 103, 104] });
  t.equal((await derived(agent, [counter, '3']))?.arm, 'yes');
  t.equal((await derived(agent, [SSID, 'other']))?.arm ?? 'no', 'no');
  const shared = new AgentAtHand({
    dump: 'home-router-tr098',
    view: new NumberedView(new Hand(), undefined, {}, counter),
  });
  await shared.model();
  for (const ReferenceList of [SSIDS, MAPPINGS]) {
    const row = { ID: ReferenceList, Enable: 'true', NotifType: 'ObjectDeletion', ReferenceList };
    await shared.expect('add_resp', add(create(TABLE, row)));
  }
  await look(shared);
  t.match(shared.cpe.ledger.get(MAPPINGS)?.rows, { table: MAPPINGS, counters: [counter] });
  t.same(await look(shared), []);
  t.equal((await derived(shared, [counter, '3']))?.arm, 'yes');
  await shared.expect('delete_resp', remove(`${MAPPINGS}106.`, `${SSIDS}102.`));
  t.same(await look(shared), [
    { kind: 'obj_deletion', obj_path: `${SSIDS}102.` },
    { kind: 'obj_deletion', obj_path: `${MAPPINGS}106.` },
  ]);
});
