// Who is told of a change of Device.LocalAgent.: the Subscriptions that were there before it and still are, whoever made
// it. A Controller that is disabled with it has its last ValueChange, one that is deleted its ObjectDeletion (R-NOT.*,
// facts: usp-agent-requirements §5.9). Pure.
import type { LastWord, Notice } from '../../device/notices.ts';
import type { Notification } from '../../usp/messages/notify.ts';
import { controllerReferred } from '../local-agent/controller/controller.ts';
import type { LocalAgent } from '../local-agent/local-agent.ts';
import { enabledSubscriptions, type Heard } from './enabled.ts';
import { localChanges, momentOf } from './local-changes.ts';
import { concerns, type Moment } from './matching.ts';

/** What is to be stored with the change; nothing where nobody hears of it. */
export function noticesOf(before: LocalAgent, after: LocalAgent): readonly Notice[] {
  const heard = enabledSubscriptions(before);
  if (heard.length === 0) return [];
  const left = new Set(enabledSubscriptions(after).map(({ number }) => number));
  const [was, is] = [momentOf(before), momentOf(after)];
  return localChanges(before, after).flatMap((notification) => {
    const told = heard.filter((one) => concerns(one, notification, momentsFor(notification, was, is)));
    const to = told.flatMap(({ number }) => (left.has(number) ? [number] : []));
    const last = told.filter((one) => !left.has(one.number) && isLastWord(after, one, notification)).map(lastWordOf);
    return [
      ...(to.length === 0 ? [] : [{ notification, to }]),
      ...last.map((word): Notice => ({ notification, last: word })),
    ];
  });
}

/** An expression may hold of a value only before it changed, or only after. */
function momentsFor({ kind }: Notification, was: Moment, is: Moment): readonly Moment[] {
  if (kind === 'obj_deletion') return [was];
  return kind === 'obj_creation' ? [is] : [is, was];
}

function isLastWord(after: LocalAgent, { recipient }: Heard, { kind }: Notification): boolean {
  const controller = controllerReferred(after, recipient);
  if (controller === undefined) return kind === 'obj_deletion';
  return controller['Enable'] !== 'true' && kind === 'value_change';
}

const lastWordOf = ({ controller, number, id, retry }: Heard): LastWord => ({
  controller: controller['EndpointID'] ?? '',
  subscription: number,
  id,
  retry,
});
