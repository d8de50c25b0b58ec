// What a Subscription may be (facts: usp-agent-requirements §7).
import t from 'tap';
import { AgentAtHand } from './agent-at-hand.ts';
import { add, create, set, update, type Values } from './requests.ts';

const TABLE = 'Device.LocalAgent.Subscription.';
const agent = new AgentAtHand();
const blamed = async (values: Values): Promise<readonly (readonly [string, number])[]> => {
  const answer = await agent.ask(add(create(TABLE, values)));
  if (answer.kind !== 'error') return [];
  return answer.param_errs.map(({ param_path, err_code }) => [param_path.slice(TABLE.length), err_code] as const);
};

t.test('values that cannot be', async (t) => {
  const cases: readonly (readonly [Values, string, number])[] = [
    [{ 'NotifType!': 'Gossip' }, 'NotifType', 7012],
    [{ 'ReferenceList!': 'Device.[' }, 'ReferenceList', 7012],
    [{ 'ReferenceList!': `Device.${'A'.repeat(260)}.` }, 'ReferenceList', 7012],
    [{ 'TimeToLive!': '-1' }, 'TimeToLive', 7012],
    [{ 'Enable!': 'yes' }, 'Enable', 7011],
    [{ 'Enable!': 'true' }, 'Enable', 7012],
    [{ 'Enable!': 'true', NotifType: 'Event' }, 'Enable', 7012],
    [{ 'CreationDate!': '2026-01-01T00:00:00Z' }, 'CreationDate', 7013],
    [{ 'Recipient!': 'Device.LocalAgent.Controller.2' }, 'Recipient', 7013],
    [{ 'TriggerAction!': 'Gossip' }, 'TriggerAction', 7012],
    [{ 'TriggerConfigSettings!': 'Device.WiFi.=1' }, 'TriggerConfigSettings', 7012],
    [{ 'TriggerConfigSettings!': Array(17).fill('Device.A.B=1').join() }, 'TriggerConfigSettings', 7012],
  ];
  for (const [values, parameter, code] of cases)
    t.same(await blamed(values), [[parameter, code]], JSON.stringify(values));
});

t.test('every NotifType, of LocalAgent and of the CPE', async (t) => {
  for (const NotifType of ['ValueChange', 'ObjectCreation', 'ObjectDeletion', 'OperationComplete', 'Event'])
    for (const reference of ['Device.', 'Device.LocalAgent.Controller.*.'])
      t.same(await blamed({ 'NotifType!': NotifType, 'ReferenceList!': reference, 'Enable!': 'true' }), [], NotifType);
});

t.test('a comma within a search does not part two references', async (t) => {
  const references = 'Device.WiFi.SSID.[SSID=="a,b"&&Alias=="]"].Enable , Device.WiFi.Radio.*.Channel';
  t.same(await blamed({ 'NotifType!': 'ValueChange', 'ReferenceList!': references, 'Enable!': 'true', ID: 'two' }), []);
  const [subscription] = agent.subscriptions().filter(({ id }) => id === 'two');
  t.same(subscription?.references, [
    'Device.WiFi.SSID.[SSID=="a,b"&&Alias=="]"].Enable',
    'Device.WiFi.Radio.*.Channel',
  ]);
});

t.test('what a Subscription is about does not change once it is said', async (t) => {
  const other = new AgentAtHand();
  await other.expect('add_resp', add(create(TABLE, { ID: 'a' })));
  const row = `${TABLE}10000.`;
  const change = async (values: Values): Promise<string> => (await other.ask(set(update(row, values)))).kind;
  t.equal(await change({ 'NotifType!': 'Event', 'ReferenceList!': 'Device.Boot!', 'Enable!': 'true' }), 'set_resp');
  for (const values of [
    { 'ReferenceList!': 'Device.' },
    { 'ID!': 'b' },
    { 'Alias!': 'other' },
    { 'Recipient!': 'x' },
  ]) {
    t.match(await other.ask(set(update(row, values))), { kind: 'error', param_errs: [{ err_code: 7013 }] });
  }
  t.equal(
    await change({ 'ReferenceList!': 'Device.Boot!', 'ID!': 'a', 'TimeToLive!': '60' }),
    'set_resp',
    'the same again',
  );
  t.equal(await change({ 'Enable!': '0' }), 'set_resp');
  t.same(other.subscriptions(), []);
});

t.test('a Subscription whose TimeToLive is over counts no more, whether or not it is gone yet', async (t) => {
  const other = new AgentAtHand();
  const row = { Enable: 'true', NotifType: 'Event', ReferenceList: 'Device.Boot!', TimeToLive: '60' };
  await other.expect('add_resp', add(create(TABLE, row)));
  t.equal(other.subscriptions().length, 1);
  other.cpe.clock.advance(59_000);
  t.equal(other.subscriptions().length, 1);
  other.cpe.clock.advance(2000);
  t.equal(other.subscriptions().length, 0);
  t.equal(other.local().read(`${TABLE}10000.TimeToLive`), '60', 'it reads back as it was given');
});
