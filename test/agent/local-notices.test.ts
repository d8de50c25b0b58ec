// What is told of a change of Device.LocalAgent., and to whom (TP-469 1.52, 1.57, 1.58, 1.78, 1.84; facts:
// usp-agent-requirements §5.9): raised with the change itself, derived like all that happens at a device.
import t, { type Test } from 'tap';
import { KEY } from '../store/contract/samples.ts';
import { AgentOverStore } from './agent-over-store.ts';
import { CONTROLLER, OTHER_CONTROLLER } from './agent-at-hand.ts';
import { add, create, remove, set, update, type Values } from './requests.ts';

const SUBSCRIPTIONS = 'Device.LocalAgent.Subscription.';
const CONTROLLERS = 'Device.LocalAgent.Controller.';
const ME = `${CONTROLLERS}1.`;

const subscribe = async (
  over: AgentOverStore,
  NotifType: string,
  ReferenceList: string,
  more: Values = {},
): Promise<void> => {
  const values = { Enable: 'true', NotifType, ReferenceList, ID: ReferenceList.slice(-40), ...more };
  t.match(await over.answer(add(create(SUBSCRIPTIONS, values))), { kind: 'add_resp' });
};
const told = (over: AgentOverStore): ReturnType<AgentOverStore['told']> => over.told();
const notifications = (over: AgentOverStore): ReturnType<AgentOverStore['notifications']> => over.notifications();
const open = async (t: Test): Promise<AgentOverStore> => {
  const over = await AgentOverStore.open(t);
  await over.deriveAll();
  return over;
};

t.test('a value, whoever changed it, the subscriber too; not when it stays what it was', async (t) => {
  const over = await open(t);
  await subscribe(over, 'ValueChange', `${ME}ProvisioningCode`);
  t.same(over.derived, [], 'its own row is nobody’s business yet');
  await over.answer(set(update(ME, { 'ProvisioningCode!': 'blue', 'ControllerCode!': 'not asked for' })));
  t.same(over.derived, [KEY.device], 'rung at once');
  t.same(await notifications(over), [
    { kind: 'value_change', param_path: `${ME}ProvisioningCode`, param_value: 'blue' },
  ]);
  await over.answer(set(update(ME, { 'ProvisioningCode!': 'blue' })));
  t.same(await notifications(over), []);
  await over.answer(set(update(ME, { 'Bogus!': 'x', 'ProvisioningCode!': 'red' })));
  t.same(await notifications(over), [], 'a Set that failed changed nothing');
});

t.test('rows with their keys, and the number of them', async (t) => {
  const over = await open(t);
  await subscribe(over, 'ObjectCreation', SUBSCRIPTIONS, { ID: 'made' });
  await subscribe(over, 'ObjectDeletion', SUBSCRIPTIONS, { ID: 'gone' });
  await subscribe(over, 'ValueChange', 'Device.LocalAgent.SubscriptionNumberOfEntries');
  t.match(
    await notifications(over),
    [
      { obj_path: `${SUBSCRIPTIONS}10001.` },
      { obj_path: `${SUBSCRIPTIONS}10002.`, unique_keys: new Map([['Alias', 'cpe-10002']]) },
    ],
    'of the rows that came after it, not of its own',
  );
  await over.answer(add(create(SUBSCRIPTIONS, { ID: 'more' })));
  const [count, creation] = await notifications(over);
  t.same(count, {
    kind: 'value_change',
    param_path: 'Device.LocalAgent.SubscriptionNumberOfEntries',
    param_value: '4',
  });
  t.same(creation, {
    kind: 'obj_creation',
    obj_path: `${SUBSCRIPTIONS}10003.`,
    unique_keys: new Map([
      ['Alias', 'cpe-10003'],
      ['Recipient', 'Device.LocalAgent.Controller.1'],
      ['ID', 'more'],
    ]),
  });
  await over.answer(remove(`${SUBSCRIPTIONS}10003.`));
  t.match(await notifications(over), [
    { kind: 'value_change', param_value: '3' },
    { kind: 'obj_deletion', obj_path: `${SUBSCRIPTIONS}10003.` },
  ]);
});

t.test('search paths over time: by what the values are when it happens', async (t) => {
  const over = await open(t);
  await subscribe(over, 'ValueChange', `${CONTROLLERS}[ControllerCode=="blue"].ProvisioningCode`);
  const change = (values: Values): Promise<unknown> => over.answer(set(update(ME, values)));
  await change({ 'ProvisioningCode!': 'one' });
  t.same(await notifications(over), []);
  await change({ 'ControllerCode!': 'blue' });
  await change({ 'ProvisioningCode!': 'two' });
  t.match(await notifications(over), [{ param_value: 'two' }]);
  await change({ 'ProvisioningCode!': 'three', 'ControllerCode!': 'red' });
  t.match(await notifications(over), [{ param_value: 'three' }], 'it was meant until then');
});

t.test('a row goes with what lies below it', async (t) => {
  const over = await open(t);
  const EndpointID = 'self::third';
  await over.answer(add(create(CONTROLLERS, { EndpointID })));
  const row = `${CONTROLLERS}10000.`;
  await over.answer(add(create(`${row}MTP.`, { Protocol: 'WebSocket' })));
  await subscribe(over, 'ObjectDeletion', `${CONTROLLERS}*.,${CONTROLLERS}*.MTP.`);
  await over.answer(remove(row));
  const paths = (await notifications(over)).map((one) => one.kind === 'obj_deletion' && one.obj_path);
  t.same(paths.sort(), [row, `${row}MTP.10000.`]);
});

t.test('last words: a Controller hears that it is disabled, and that it is gone', async (t) => {
  for (const [NotifType, request, kind] of [
    ['ValueChange', set(update(ME, { 'Enable!': 'false' })), 'value_change'],
    ['ObjectDeletion', remove(ME), 'obj_deletion'],
  ] as const) {
    const over = await open(t);
    const references = NotifType === 'ValueChange' ? `${CONTROLLERS}*.Enable` : CONTROLLERS;
    await subscribe(over, NotifType, references, { NotifRetry: 'true', ID: 'mine' });
    await over.answer(request);
    const last = await told(over);
    t.match(last, [[CONTROLLER, { subscription_id: 'mine', send_resp: true, notification: { kind } }]]);
    t.equal(last.length, 1);
    await over.answer(add(create(CONTROLLERS, { EndpointID: 'self::later' })));
    t.same(await notifications(over), [], 'and nothing after');
  }
});

t.test('what waits for a Controller that is disabled goes; an enabled one keeps its own', async (t) => {
  const over = await open(t);
  await subscribe(over, 'ValueChange', `${ME}ProvisioningCode`, { NotifRetry: 'true' });
  await over.answer(set(update(ME, { 'ProvisioningCode!': 'blue' })));
  await over.deriveAll();
  t.equal((await over.store.outbox.listNotifies(KEY, CONTROLLER)).length, 1);
  await over.answer(set(update(ME, { 'Enable!': 'false' })));
  t.equal((await over.store.outbox.listNotifies(KEY, CONTROLLER)).length, 0);
  t.same(await over.store.outbox.listNotifies(KEY, OTHER_CONTROLLER), []);
});

t.test('without Subscriptions nothing is stored but the rows', async (t) => {
  const over = await open(t);
  await over.answer(set(update(ME, { 'ProvisioningCode!': 'blue' })));
  t.same((await over.device()).pendingEvents, []);
  t.same(over.derived, []);
  t.same(over.scheduled, []);
});
