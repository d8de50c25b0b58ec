// Subscriptions that want to be told now: enabled, their TimeToLive not over, and their Controller enabled too.
import { controllerReferred } from '../local-agent/controller/controller.ts';
import type { LocalAgent } from '../local-agent/local-agent.ts';
import { type Subscription, SUBSCRIPTION_TABLE, subscriptionOf } from '../local-agent/subscription.ts';
import type { RowValues } from '../local-agent/rows.ts';

/** A Subscription and the row of the Controller that it is for. */
export interface Heard extends Subscription {
  readonly controller: RowValues;
}

export function enabledSubscriptions(local: LocalAgent): readonly Heard[] {
  return local.rowsOf(SUBSCRIPTION_TABLE).flatMap((number) => {
    const row = local.valuesOf(SUBSCRIPTION_TABLE, number);
    const subscription = row === undefined ? undefined : subscriptionOf(number, row);
    if (subscription?.enabled !== true || hasEnded(subscription, local.now)) return [];
    const controller = controllerReferred(local, subscription.recipient);
    return controller?.['Enable'] === 'true' ? [{ ...subscription, controller }] : [];
  });
}

/** TimeToLive counts from CreationDate; 0 is for ever. */
export const endOf = ({ createdAt, timeToLive }: Subscription): number =>
  timeToLive === 0 ? Number.POSITIVE_INFINITY : createdAt + timeToLive * 1000;
const hasEnded = (subscription: Subscription, now: number): boolean => endOf(subscription) <= now;
