// What a changed Subscription wants of the CPE: what it is to watch, and nothing where only LocalAgent is meant.
import t from 'tap';
import { afterLocalChange } from '../../proxy/agent/subscriptions/changed.ts';
import { AgentAtHand } from './agent-at-hand.ts';
import { add, create } from './requests.ts';

const TABLE = 'Device.LocalAgent.Subscription.';

/** Whether the CPE is to be armed anew after such a Subscription was made. */
async function arms(values: Readonly<Record<string, string>>): Promise<boolean> {
  const agent = new AgentAtHand();
  const before = agent.own;
  await agent.expect('add_resp', add(create(TABLE, { Enable: 'true', NotifType: 'ValueChange', ...values })));
  return afterLocalChange(agent.local(), before, agent.cpe.now()).arm;
}

t.test('only values of the CPE are worth waking it', async (t) => {
  t.equal(await arms({ ReferenceList: 'Device.WiFi.SSID.1.SSID' }), true);
  t.equal(await arms({ ReferenceList: 'Device.LocalAgent.Controller.1.ProvisioningCode' }), false);
  t.equal(await arms({ ReferenceList: 'Device.LocalAgent.EndpointID,Device.WiFi.SSID.1.SSID' }), true);
  t.equal(await arms({ NotifType: 'Event', ReferenceList: 'Device.Boot!' }), false);
});
