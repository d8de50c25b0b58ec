// Notify rows of a device's pending events: which Subscriptions they concern, and what each is told. Pure: the same events
// over the same rows make the same Notifies, with the same msg_ids, however often they are derived.
import { type DeviceEvent, hasEvent, parseEvent } from '../../device/events.ts';
import { changesAgainst, formatLedger, type NamedValue, readLedger, withValues } from '../../device/ledger.ts';
import type { DerivedNotifies } from '../../device/settings.ts';
import type { View, ViewTree } from '../../mapping/view.ts';
import type { DeviceRecord } from '../../store/device-steps.ts';
import type { NotifyRow } from '../../store/outbox-steps.ts';
import type { LocalAgent } from '../local-agent/local-agent.ts';
import { rowOf } from '../../path/concrete.ts';
import type { Notification } from '../../usp/messages/notify.ts';
import { FIRST_DEVICE_ROW, type RowValues } from '../local-agent/rows.ts';
import { type Subscription, SUBSCRIPTION_TABLE, subscriptionOf } from '../local-agent/subscription.ts';
import { afterReset } from '../overlay/forget.ts';
import { armedMark, FORGOTTEN } from './armed.ts';
import { withParameterMap } from './boot.ts';
import { parameterMap } from './parameter-map.ts';
import { eventNotifications } from './told-events.ts';
import { passesPolicy } from './transfer-events.ts';
import { bankChanges } from './firmware-events.ts';
import { enabledSubscriptions, type Heard } from './enabled.ts';
import { mayBeTold } from '../permissions/may-be-told.ts';
import { momentOf } from './local-changes.ts';
import { concerns } from './matching.ts';
import { operationComplete } from './operation-complete.ts';
import { notifyRow, type Told } from './notify-row.ts';
import { onBoardRequest, unaware } from './onboarding.ts';
import { tellNotice } from './tell-notices.ts';
import { configsOf, notifies, type TriggerConfig, withRows } from './trigger-action.ts';
import { tellValues } from './tell-values.ts';

export interface DeriveInput {
  readonly record: DeviceRecord;
  readonly local: LocalAgent;
  readonly view: View | undefined;
  /** What of the view is there; wanted of a boot alone. */
  readonly shown?: ViewTree | undefined;
  /** How long a Notify that nobody takes is kept, in milliseconds. */
  readonly keepMs: number;
  /** Of the CPE, what was read for Boot!; names and texts are its own. */
  readonly read?: readonly NamedValue[];
}

export interface Derivation extends DerivedNotifies {
  /** What Subscriptions set by their TriggerAction, and how many of them have led here. */
  readonly configs: readonly TriggerConfig[];
  readonly depth: number;
}

/** Undefined when the events concern nobody and change nothing. */
export function deriveNotifies(input: DeriveInput): Derivation | undefined {
  const { record, local } = input;
  const events = bootInOrder(record.pendingEvents.map(parseEvent));
  const boot = events.some((event) => event.boot !== undefined);
  const noticed = events.some((event) => event.kind === 'notice');
  const reset = afterReset(local.own, events);
  const isReset = reset !== local.own;
  const asked = boot ? unaware(local) : [];
  const nobody = record.ledger === '' && asked.length === 0 && local.rowsOf(SUBSCRIPTION_TABLE).length === 0;
  if (nobody && !isReset && !noticed) return undefined;
  let subscriptions = enabledSubscriptions(local);
  const { watch: before, armed } = readLedger(record.ledger);
  let ledger = before;
  const rows: NotifyRow[] = [];
  const configs: TriggerConfig[] = [];
  for (const event of events) {
    const changes = changesAgainst(ledger, valuesOf(event));
    const happened = tellEvent(input, subscriptions, event, events);
    if (event.boot !== undefined) subscriptions = subscriptions.filter(outlivesBoot);
    const changed = tellValues(input.view, subscriptions, ledger, changes);
    const told =
      event.boot === undefined ? [...changed, ...happened] : [...happened, ...tellUnaware(local, asked), ...changed];
    // Most Informs change nothing that is watched: then nothing is stored (promise 7).
    if (changes.length > 0) ledger = withValues(ledger, changes);
    const { sequence } = event;
    rows.push(
      ...told
        .filter((one) => notifies(one) && mayBeTold(local, one))
        .map((one, index) => notifyRow(one, { sequence, index, now: local.now, keepMs: input.keepMs })),
    );
    configs.push(...configsOf(told, sequence, depthOf(event)));
  }
  const after = isReset ? local.withOwn(reset) : local;
  const kept = boot ? withoutTransient(after) : after;
  const forgot = before.size > 0 && events.some((event) => event.kind === 'inform' && bootstrapped(event));
  const isOther = (name: string): boolean => ledger.get(name)?.value !== before.get(name)?.value;
  // The number of rows is another, or the CPE may have come up with others.
  const looks =
    boot || ledger !== before
      ? [...ledger].some(
          ([name, { rows }]) => rows !== undefined && (boot || [name, ...(rows.counters ?? [])].some(isOther)),
        )
      : false;
  const arm = forgot ? 'force' : looks || kept !== after ? 'yes' : armOwed(input, events, armed);
  const nothing = rows.length === 0 && configs.length === 0 && ledger === before;
  if (nothing && arm === 'no' && !noticed && !isReset) return undefined;
  const derived: DerivedNotifies = {
    rows,
    ledger: ledger === before && !forgot ? undefined : formatLedger(ledger, forgot ? FORGOTTEN : armed),
    local: undefined,
    arm,
    restarted: boot,
  };
  const depth = Math.max(...events.map(depthOf)) + 1;
  return { ...withRows(derived, local, kept, 0), configs, depth };
}

const depthOf = (event: DeviceEvent): number => (event.kind === 'notice' ? (event.depth ?? 0) : 0);

const tellUnaware = ({ record }: LocalAgent, asked: readonly RowValues[]): readonly Told[] =>
  asked.map((controller) => ({ kind: 'on-board', controller, notification: onBoardRequest(record) }));

/** Whether an earlier arming was lost. Of a model that is not known yet nothing could be armed. */
function armOwed(
  { record, local, view }: DeriveInput,
  events: readonly DeviceEvent[],
  armed: string,
): DerivedNotifies['arm'] {
  const known = view !== undefined && record.tree?.SoftwareVersion === record.facts.SoftwareVersion;
  // A session arms once, with its Inform: what its other events find owed is on its way.
  if (!known || !events.some(({ kind }) => kind === 'inform')) return 'no';
  if (armed === FORGOTTEN) return 'force';
  return armed === armedMark(record, local) ? 'no' : 'yes';
}

const bootstrapped = (event: Extract<DeviceEvent, { kind: 'inform' }>): boolean =>
  hasEvent(
    event.events.map(({ EventCode }) => EventCode),
    0,
  );

export const valuesOf = (event: DeviceEvent): readonly NamedValue[] =>
  event.kind === 'inform' || event.kind === 'values' ? event.values : [];

function tellEvent(
  { local, view, shown, read = [] }: DeriveInput,
  subscriptions: readonly Heard[],
  event: DeviceEvent,
  events: readonly DeviceEvent[],
): readonly Told[] {
  if (event.kind === 'notice') return event.notices.flatMap((notice) => tellNotice(local, subscriptions, notice));
  const moment = momentOf(local);
  const complete = operationComplete(event);
  const rowOfRecipient = ({ recipient }: Heard): string => recipient.replace(/\.$/, '');
  const filterOf = (one: Heard): string =>
    local.read(`${rowOfRecipient(one)}.TransferCompletePolicy.ResultTypeFilter`) ?? '';
  const banks = bankChanges(event, view, local.record);
  return [
    ...(complete === undefined ? [] : tellTo(subscriptions, complete, (one) => concerns(one, complete, [moment]))),
    ...banks.flatMap((change) => tellTo(subscriptions, change, (one) => concerns(one, change, [moment]))),
    ...eventNotifications(event, events).flatMap((told) =>
      subscriptions
        .filter((one) => concerns(one, told, [moment]) && passesPolicy(told, filterOf(one)))
        .map((subscription) => {
          const known = [...read, ...valuesOf(event)];
          const ParameterMap = (): string => parameterMap(local, { view, shown }, rowOfRecipient(subscription), known);
          const notification = told.event_name === 'Boot!' ? withParameterMap(told, ParameterMap()) : told;
          return { kind: 'subscription', subscription, notification } as const;
        }),
    ),
  ];
}

const tellTo = (
  subscriptions: readonly Heard[],
  notification: Notification,
  hears: (subscription: Heard) => boolean,
): readonly Told[] =>
  subscriptions.filter(hears).map((subscription) => ({ kind: 'subscription', subscription, notification }));

/**
 * What has ended with a boot is told before it, whenever the CPE reported it: the transfers and operations that it survived or
 * that brought it about. What has changed is told after it (facts: cwmp-usp-translation §9.3).
 */
function bootInOrder(events: readonly DeviceEvent[]): readonly DeviceEvent[] {
  const boot = events.findIndex((event) => event.boot !== undefined);
  if (boot < 0) return events;
  const ends = ({ kind }: DeviceEvent): boolean => kind === 'transfer' || kind === 'operation' || kind === 'report';
  const after = events.slice(boot);
  return [...events.slice(0, boot), ...after.filter(ends), ...after.filter((event) => !ends(event))];
}

const outlivesBoot = ({ number, persistent }: Subscription): boolean => number < FIRST_DEVICE_ROW || persistent;

/**
 * Subscriptions that are not Persistent go with the boot, after their Boot! (TP-469 9.10). Those of the template are what
 * an Agent starts from, then too.
 */
function withoutTransient(local: LocalAgent): LocalAgent {
  const transient = local
    .rowsOf(SUBSCRIPTION_TABLE)
    .filter((number) => !outlivesBoot(subscriptionOf(number, local.valuesOf(SUBSCRIPTION_TABLE, number) ?? {})));
  if (transient.length === 0) return local;
  const after = local.withOwn(local.own);
  for (const number of transient) after.remove(rowOf(SUBSCRIPTION_TABLE, number));
  return after;
}
