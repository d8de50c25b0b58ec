// An Agent with Subscriptions, and what each look at its CPE tells them.
import { arm } from '../../proxy/agent/subscriptions/arm.ts';
import { type Notice, parseNotices } from '../../proxy/device/notices.ts';
import { AgentAtHand } from './agent-at-hand.ts';
import { add, create } from './requests.ts';

const TABLE = 'Device.LocalAgent.Subscription.';

export type Wanted = readonly [NotifType: string, ReferenceList: string];

/** Nothing has been looked at yet. */
export async function watching(
  options: ConstructorParameters<typeof AgentAtHand>[0],
  ...subscriptions: readonly Wanted[]
): Promise<AgentAtHand> {
  const agent = new AgentAtHand(options);
  await agent.model();
  for (const [NotifType, ReferenceList] of subscriptions) {
    await agent.expect('add_resp', add(create(TABLE, { Enable: 'true', NotifType, ReferenceList })));
  }
  return agent;
}

/** What one look at the CPE tells, in a session of its own. */
export async function look(agent: AgentAtHand): Promise<readonly Notice[]> {
  const model = await agent.model();
  agent.cpe.beginSession();
  agent.cpe.raised.splice(0);
  await arm(model, agent.cpe, false);
  return agent.cpe.raised.flatMap(({ body }) => parseNotices(body).notices);
}
