// Subscriptions that want to be told now: enabled, and their TimeToLive not over.
import type { LocalAgent } from '../local-agent/local-agent.ts';
import { type Subscription, SUBSCRIPTION_TABLE, subscriptionOf } from '../local-agent/subscription.ts';

export function enabledSubscriptions(local: LocalAgent): readonly Subscription[] {
  return local.rowsOf(SUBSCRIPTION_TABLE).flatMap((number) => {
    const row = local.valuesOf(SUBSCRIPTION_TABLE, number);
    const subscription = row === undefined ? undefined : subscriptionOf(number, row);
    return subscription?.enabled === true && !hasEnded(subscription, local.now) ? [subscription] : [];
  });
}

/** TimeToLive counts from CreationDate; 0 is for ever. */
export const endOf = ({ createdAt, timeToLive }: Subscription): number =>
  timeToLive === 0 ? Number.POSITIVE_INFINITY : createdAt + timeToLive * 1000;
const hasEnded = (subscription: Subscription, now: number): boolean => endOf(subscription) <= now;
