// Rows of LocalAgent live through a restart of the gateway, and their numbers are not given out again.
import { join } from 'node:path';
import t from 'tap';
import { add, create, get, remove, resultOf, set, update } from '../agent/requests.ts';
import { agentOf, startHarness, temporaryFolder } from './harness.ts';
import { knownCpe } from '../cli/run-causeway.ts';
import { subscription, SUBSCRIPTIONS } from './north-agent-tools.ts';

const CONTROLLERS = 'Device.LocalAgent.Controller.';

t.test('two runs of one gateway', async (t) => {
  const folder = join(temporaryFolder(t), 'data');
  const first = await startHarness(t, { 'data.dir': folder });
  const cpe = await knownCpe(first);
  const agent = agentOf(cpe);
  const before = await first.controller();
  const boot = { NotifType: 'Event', ReferenceList: 'Device.Boot!' };
  await before.request(agent, subscription({ ...boot, ID: 'kept' }));
  await before.request(agent, subscription({ ...boot, ID: 'gone' }));
  await before.request(agent, remove(`${SUBSCRIPTIONS}10001.`));
  await before.request(agent, set(update(`${CONTROLLERS}1.`, { 'ProvisioningCode!': 'p1' })));
  await cpe.stop();
  await before.close();
  t.equal(await first.gateway.stop(), true);

  const second = await startHarness(t, { 'data.dir': folder });
  const after = await second.controller();
  const values = await after.request(agent, get(SUBSCRIPTIONS, `${CONTROLLERS}1.ProvisioningCode`));
  if (values.kind !== 'get_resp') throw new Error(values.kind);
  t.match(resultOf(values), {
    [`${SUBSCRIPTIONS}10000.`]: { ID: 'kept', Recipient: 'Device.LocalAgent.Controller.1' },
  });
  t.match(resultOf(values, 1), { [`${CONTROLLERS}1.`]: { ProvisioningCode: 'p1' } });
  t.match(await after.request(agent, add(create(SUBSCRIPTIONS))), {
    created_obj_results: [{ oper_status: { instantiated_path: `${SUBSCRIPTIONS}10002.` } }],
  });
});
