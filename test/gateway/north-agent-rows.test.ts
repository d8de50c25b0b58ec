// Rows of a CPE on a whole gateway: made and deleted by Controllers and by the CPE itself (TP-469 1.57 and 1.58 on a CPE;
// CV-INS-1).
import t from 'tap';
import { add, create, remove } from '../agent/requests.ts';
import { knownCpe } from '../cli/run-causeway.ts';
import { agentOf, startHarness } from './harness.ts';
import { Inbox, subscription } from './north-agent-tools.ts';

const MAPPINGS = 'Device.NAT.PortMapping.';

t.test('rows that come and go', async (t) => {
  const harness = await startHarness(t, { 'park.poll': '1s' });
  const cpe = await knownCpe(harness);
  const agent = agentOf(cpe);
  const controller = await harness.controller();
  const inbox = new Inbox(controller);
  for (const NotifType of ['ObjectDeletion', 'ObjectCreation']) {
    // What the CPE has now is looked at before the next request has its turn.
    await controller.request(agent, subscription({ NotifType, ReferenceList: MAPPINGS, ID: NotifType }));
  }

  await t.test('made by a Controller, once it has its values', async (t) => {
    await controller.request(agent, add(create(MAPPINGS, { Description: 'mine' })));
    t.match(await inbox.next(), {
      notify: { subscription_id: 'ObjectCreation', notification: { kind: 'obj_creation', obj_path: `${MAPPINGS}2.` } },
    });
  });

  await t.test('made by the CPE', async (t) => {
    const number = cpe.addInstance(MAPPINGS, { Description: 'its own' });
    t.match(await inbox.nextNotification(), { kind: 'obj_creation', obj_path: `${MAPPINGS}${number}.` });
  });

  await t.test('deleted', async (t) => {
    await controller.request(agent, remove(`${MAPPINGS}2.`));
    t.match(await inbox.nextNotification(), { kind: 'obj_deletion', obj_path: `${MAPPINGS}2.` });
  });
  t.equal(inbox.waiting, 0);
  t.same(cpe.complaints, []);
});
