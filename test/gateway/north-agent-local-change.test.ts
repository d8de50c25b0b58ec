// Notifies of Device.LocalAgent. on a whole gateway: told at once, without a CPE, to whoever asked for them (TP-469 1.52,
// 1.54, 1.57, 1.58).
import t from 'tap';
import { add, create, remove, set, update } from '../agent/requests.ts';
import { knownCpe } from '../cli/run-causeway.ts';
import { agentOf, startHarness } from './harness.ts';
import { Inbox, subscription, SUBSCRIPTIONS } from './north-agent-tools.ts';

const MINE = 'Device.LocalAgent.Controller.1.';

t.test('a Controller hears of what it and others change in its Agent', async (t) => {
  const harness = await startHarness(t);
  const cpe = await knownCpe(harness);
  const agent = agentOf(cpe);
  const [one, two] = [await harness.controller(), await harness.controller({ controller: 'proto::watcher' })];
  const inbox = new Inbox(two);
  const references = {
    ValueChange: `${MINE}ProvisioningCode`,
    ObjectCreation: SUBSCRIPTIONS,
    ObjectDeletion: SUBSCRIPTIONS,
  };
  for (const [NotifType, ReferenceList] of Object.entries(references)) {
    t.match(await two.request(agent, subscription({ NotifType, ReferenceList, ID: NotifType })), { kind: 'add_resp' });
  }
  // The row of the third Subscription is made after the second is there.
  t.match(await inbox.next(), { notify: { subscription_id: 'ObjectCreation' } });
  const called = cpe.rpcs.length;
  await one.request(agent, set(update(MINE, { 'ProvisioningCode!': 'blue' })));
  t.match(await inbox.next(), {
    notify: { subscription_id: 'ValueChange', notification: { kind: 'value_change', param_value: 'blue' } },
  });
  await one.request(agent, add(create(SUBSCRIPTIONS, { ID: 'new' })));
  t.match(await inbox.next(), {
    notify: { subscription_id: 'ObjectCreation', notification: { kind: 'obj_creation' } },
  });
  await one.request(agent, remove(`${SUBSCRIPTIONS}10003.`));
  t.match(await inbox.next(), {
    notify: { notification: { kind: 'obj_deletion', obj_path: `${SUBSCRIPTIONS}10003.` } },
  });
  t.equal(cpe.rpcs.length, called, 'no CPE was asked');
});
