// Rows of the CPE that come and go (facts: cwmp-usp-translation §5.2): the first look is the baseline, each later one tells
// what is different.
import t from 'tap';
import type { AgentAtHand } from './agent-at-hand.ts';
import { add, create, remove } from './requests.ts';
import { look, type Wanted, watching as watchingOf } from './watching.ts';

const TABLE = 'Device.LocalAgent.Subscription.';
const MAPPINGS = 'Device.NAT.PortMapping.';
const COUNT = 'Device.NAT.PortMappingNumberOfEntries';

const watching = (...wanted: readonly Wanted[]): Promise<AgentAtHand> => watchingOf({}, ...wanted);

t.test('what is there first is nobody’s news; then what came with its keys, and what went', async (t) => {
  const agent = await watching(['ObjectCreation', MAPPINGS], ['ObjectDeletion', MAPPINGS]);
  t.same(await look(agent), []);
  t.match(agent.cpe.ledger.get(COUNT), { rows: { table: MAPPINGS, rows: [1] }, notification: 2 });
  await agent.expect('add_resp', add(create(MAPPINGS, { Description: 'by a Controller' })));
  const [made, ...more] = await look(agent);
  t.match(made, { notification: { kind: 'obj_creation', obj_path: `${MAPPINGS}2.` }, to: [10_000] });
  t.ok(made?.notification.kind === 'obj_creation' && made.notification.unique_keys.size > 0);
  t.same(more, []);
  t.same(await look(agent), [], 'told once');
  await agent.expect('delete_resp', remove(`${MAPPINGS}1.`));
  t.same(await look(agent), [{ notification: { kind: 'obj_deletion', obj_path: `${MAPPINGS}1.` }, to: [10_001] }]);
});

t.test('a row by its number, all by a wildcard, none by a search for the row itself', async (t) => {
  const agent = await watching(
    ['ObjectDeletion', `${MAPPINGS}1.`],
    ['ObjectDeletion', `${MAPPINGS}2.`],
    ['ObjectDeletion', `${MAPPINGS}*.`],
    ['ObjectDeletion', `${MAPPINGS}[Enable==true].`],
    ['ObjectDeletion', 'Device.WiFi.SSID.,Device.Bogus.X.'],
  );
  await look(agent);
  await agent.expect('delete_resp', remove(`${MAPPINGS}1.`));
  t.match(await look(agent), [{ to: [10_000, 10_002] }]);
});

t.test('rows that the CPE makes by itself are found when they are counted differently', async (t) => {
  const agent = await watching(['ObjectCreation', MAPPINGS]);
  await look(agent);
  agent.cpe.device.model.addInstance(MAPPINGS, 'now');
  const model = await agent.model();
  await model.freshen(MAPPINGS);
  t.match(await look(agent), [{ notification: { obj_path: `${MAPPINGS}2.` } }]);
});

t.test('with its last Subscription a table is let go', async (t) => {
  const agent = await watching(['ObjectCreation', MAPPINGS]);
  await look(agent);
  await agent.ask(remove(`${TABLE}10000.`));
  await look(agent);
  t.equal(agent.cpe.ledger.size, 0);
});
