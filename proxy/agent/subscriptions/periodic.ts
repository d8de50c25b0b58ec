// Device.LocalAgent.Periodic!: for each Controller that wants it, at its own interval and phase. A timer of the gateway: the
// CPE's own periodic Informs have nothing to do with it. Pure.
import { hash } from 'node:crypto';
import type { Notice } from '../../device/notices.ts';
import type { EventNotification } from '../../usp/messages/notify.ts';
import type { LocalAgent } from '../local-agent/local-agent.ts';
import { enabledSubscriptions, type Heard } from './enabled.ts';
import { momentOf } from './local-changes.ts';
import { concerns } from './matching.ts';

export const PERIODIC: EventNotification = {
  kind: 'event',
  obj_path: 'Device.LocalAgent.',
  event_name: 'Periodic!',
  params: new Map(),
};
const DAY_S = 24 * 60 * 60;

/** One Controller's wish. */
interface Rhythm {
  readonly intervalMs: number;
  /** A moment at which it is due, in the past or to come. */
  readonly phase: number;
  readonly subscriptions: readonly number[];
}

/** Of those that want to be told; empty while nobody does. */
export function rhythmsOf(local: LocalAgent): readonly Rhythm[] {
  const moment = momentOf(local);
  const wanting = new Map<string, Heard[]>();
  for (const one of enabledSubscriptions(local)) {
    if (one.notifType !== 'Event' || !concerns(one, PERIODIC, [moment])) continue;
    wanting.set(one.recipient, [...(wanting.get(one.recipient) ?? []), one]);
  }
  return [...wanting.values()].flatMap((subscriptions) => {
    const [first] = subscriptions;
    if (first === undefined) return [];
    const { controller } = first;
    const intervalMs = Math.max(1, Number(controller['PeriodicNotifInterval'] ?? DAY_S)) * 1000;
    const name = `${local.record.key.device} ${controller['EndpointID'] ?? ''}`;
    const phase = phaseOf(controller['PeriodicNotifTime'] ?? '', name, intervalMs);
    return [{ intervalMs, phase, subscriptions: subscriptions.map(({ number }) => number) }];
  });
}

/** Without a time of its own each device has one by chance, so that not all Agents speak at once. */
function phaseOf(time: string, name: string, intervalMs: number): number {
  const at = Date.parse(time);
  if (Number.isFinite(at) && !time.startsWith('0001-')) return at;
  return Number.parseInt(hash('sha1', name, 'hex').slice(0, 12), 16) % intervalMs;
}

const lastBy = ({ intervalMs, phase }: Rhythm, now: number): number =>
  phase + Math.floor((now - phase) / intervalMs) * intervalMs;

/** What became due after `from`, up to `now`: of several that were missed one. */
export const dueNotices = (rhythms: readonly Rhythm[], from: number, now: number): readonly Notice[] =>
  rhythms
    .filter((rhythm) => lastBy(rhythm, now) > from)
    .map(({ subscriptions }) => ({ notification: PERIODIC, to: subscriptions }));

/** When the next one is due; undefined while nobody wants any. */
export function nextPeriodic(rhythms: readonly Rhythm[], now: number): number | undefined {
  if (rhythms.length === 0) return undefined;
  return Math.min(...rhythms.map((rhythm) => lastBy(rhythm, now) + rhythm.intervalMs));
}
