// TriggerAction Config and NotifyAndConfig: what a Subscription sets when it fires (TP-469 1.93, 1.94). Parameters of
// LocalAgent change with the derivation; those of the CPE become a mailbox entry. Both are set as its Recipient may.
import type { DerivedNotifies } from '../../device/settings.ts';
import { noticeEvent } from '../../device/notices.ts';
import type { SetRequest } from '../../usp/messages/set.ts';
import type { LocalAgent } from '../local-agent/local-agent.ts';
import { isLocal } from '../local-agent/root.ts';
import { formatRows } from '../local-agent/rows.ts';
import { noticesOf } from './notices.ts';
import type { Told } from './notify-row.ts';
import { configRequest, parseTriggerSettings, type TriggerSetting } from './trigger-config.ts';

/** Settings of Subscriptions that fire each other end after so many. */
const MOST_IN_A_ROW = 8;

export interface TriggerConfig {
  /** Endpoint ID of the Recipient. */
  readonly controller: string;
  /** The same however often it is derived. */
  readonly id: string;
  readonly settings: readonly TriggerSetting[];
}

export const notifies = (told: Told): boolean =>
  told.kind !== 'subscription' || told.subscription.triggerAction !== 'Config';

/** What is to be set because of what is told of one event, once for each Subscription. */
export function configsOf(told: readonly Told[], sequence: number, depth: number): readonly TriggerConfig[] {
  if (depth >= MOST_IN_A_ROW) return [];
  const fired = new Map(
    told.flatMap((one) =>
      one.kind === 'subscription' && one.subscription.triggerAction !== 'Notify'
        ? [[one.subscription.number, one.subscription] as const]
        : [],
    ),
  );
  return [...fired.values()].map(({ number, controller, triggerConfigSettings }) => ({
    controller: controller['EndpointID'] ?? '',
    id: `config-${sequence}.${number}`,
    settings: parseTriggerSettings(triggerConfigSettings) ?? [],
  }));
}

/** The Set of what is local, or of what is the CPE's; undefined where nothing is. */
export function requestOf({ settings }: TriggerConfig, where: 'local' | 'cpe'): SetRequest | undefined {
  const wanted = settings.filter(({ path }) => isLocal(path) === (where === 'local'));
  return wanted.length === 0 ? undefined : configRequest(wanted);
}

/** The derivation with rows as settings have left them; `before`: as they were before all of it. */
export function withRows<D extends DerivedNotifies>(
  derived: D,
  before: LocalAgent,
  after: LocalAgent,
  depth: number,
): D {
  if (after.own === before.own) return derived;
  const notices = noticesOf(before, after);
  return {
    ...derived,
    local: { version: before.record.localVersion, rows: formatRows(after.own) },
    ...(notices.length === 0 ? {} : { events: [noticeEvent(before.now, { notices, depth })] }),
  };
}
