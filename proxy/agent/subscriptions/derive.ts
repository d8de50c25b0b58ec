// Notify rows of a device's pending events: which Subscriptions they concern, and what each is told. Pure: the same events
// over the same rows make the same Notifies, with the same msg_ids, however often they are derived.
import { type DeviceEvent, hasEvent, parseEvent } from '../../device/events.ts';
import {
  changesAgainst,
  formatLedger,
  type Ledger,
  type NamedValue,
  readLedger,
  withValues,
} from '../../device/ledger.ts';
import type { DerivedNotifies } from '../../device/settings.ts';
import type { View } from '../../mapping/view.ts';
import { parsePath } from '../../path/parse.ts';
import { asObject, formatObject } from '../../path/path.ts';
import type { DeviceRecord } from '../../store/device-steps.ts';
import type { NotifyRow } from '../../store/outbox-steps.ts';
import type { Notification, OperationComplete } from '../../usp/messages/notify.ts';
import { encodeMsg } from '../../usp/msg-codec.ts';
import { controllerReferred } from '../local-agent/controller/controller.ts';
import type { LocalAgent } from '../local-agent/local-agent.ts';
import { deleteRow, formatRows, type Rows } from '../local-agent/rows.ts';
import { type Subscription, SUBSCRIPTION_TABLE } from '../local-agent/subscription.ts';
import { afterReset } from '../overlay/forget.ts';
import { armedMark, FORGOTTEN } from './armed.ts';
import { bootNotification } from './boot.ts';
import { coversCommand, operationComplete } from './operation-complete.ts';
import { enabledSubscriptions } from './enabled.ts';

export interface DeriveInput {
  readonly record: DeviceRecord;
  readonly local: LocalAgent;
  readonly template: Rows;
  readonly view: View | undefined;
  /** How long a Notify that nobody takes is kept, in milliseconds. */
  readonly keepMs: number;
}

interface Told {
  readonly subscription: Subscription;
  readonly notification: Notification;
}

/** Undefined when the events concern nobody and change nothing. */
export function deriveNotifies(input: DeriveInput): DerivedNotifies | undefined {
  const { record, local } = input;
  const events = record.pendingEvents.map(parseEvent);
  const boot = events.some((event) => event.boot !== undefined);
  const reset = afterReset(local.own, events);
  const isReset = reset !== local.own;
  if (!isReset && record.ledger === '' && local.rowsOf(SUBSCRIPTION_TABLE).length === 0) return undefined;
  const subscriptions = enabledSubscriptions(local);
  const { watch: before, armed } = readLedger(record.ledger);
  let ledger = before;
  const rows: NotifyRow[] = [];
  for (const event of events) {
    const changes = changesAgainst(ledger, valuesOf(event));
    const told = [...tellValues(input, subscriptions, ledger, changes), ...tellEvents(subscriptions, event)];
    // Most Informs change nothing that is watched: then nothing is stored (promise 7).
    if (changes.length > 0) ledger = withValues(ledger, changes);
    rows.push(...told.map((one, index) => notifyRow(input, event, one, index)));
  }
  const kept = boot ? withoutTransient(input, reset) : undefined;
  const forgot = before.size > 0 && events.some((event) => event.kind === 'inform' && bootstrapped(event));
  const arm = forgot ? 'force' : kept === undefined ? armOwed(input, events, armed) : 'yes';
  if (rows.length === 0 && ledger === before && arm === 'no' && !isReset) return undefined;
  const changed = kept ?? (isReset ? reset : undefined);
  return {
    rows,
    ledger: ledger === before && !forgot ? undefined : formatLedger(ledger, forgot ? FORGOTTEN : armed),
    local: changed === undefined ? undefined : { version: record.localVersion, rows: formatRows(changed) },
    arm,
  };
}

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

const valuesOf = (event: DeviceEvent): readonly NamedValue[] =>
  event.kind === 'inform' || event.kind === 'values' ? event.values : [];

function tellValues(
  { view }: DeriveInput,
  subscriptions: readonly Subscription[],
  ledger: Ledger,
  changes: readonly NamedValue[],
): readonly Told[] {
  return changes.flatMap(([name, value]) => {
    const entry = ledger.get(name);
    const told = subscriptions.filter(
      ({ number, notifType }) => notifType === 'ValueChange' && entry?.subscriptions.includes(number) === true,
    );
    return (told.length === 0 ? [] : (view?.viewNames(name) ?? [])).flatMap((param_path) => {
      const shown = (text: string): string | undefined => shownValue(view, param_path, name, text);
      const now = shown(value);
      // Where no baseline could be read the first value is it. `1` and `true` are one value: only what USP would show
      // differently is a change.
      if (now === undefined || entry?.value === undefined || shown(entry.value) === now) return [];
      const notification: Notification = { kind: 'value_change', param_path, param_value: now };
      return told.map((subscription) => ({ subscription, notification }));
    });
  });
}

function shownValue(view: View | undefined, path: string, cpeName: string, text: string): string | undefined {
  const item = { Name: cpeName, Value: text, Type: '' };
  const value = view
    ?.reading(path)
    .valueOf({ values: new Map([[cpeName, item]]), missing: new Set(), failed: new Map() });
  return value?.kind === 'value' ? value.value : undefined;
}

function tellEvents(subscriptions: readonly Subscription[], event: DeviceEvent): readonly Told[] {
  const complete = operationComplete(event);
  const completed = complete === undefined ? [] : tellComplete(subscriptions, complete);
  const notification = bootNotification(event);
  if (notification?.kind !== 'event') return completed;
  return subscriptions
    .filter(
      ({ notifType, references }) =>
        notifType === 'Event' &&
        references.some((reference) => covers(reference, notification.obj_path, notification.event_name)),
    )
    .map((subscription) => ({ subscription, notification }));
}

const tellComplete = (subscriptions: readonly Subscription[], notification: OperationComplete): readonly Told[] =>
  subscriptions
    .filter(
      ({ notifType, references }) =>
        notifType === 'OperationComplete' && references.some((reference) => coversCommand(reference, notification)),
    )
    .map((subscription) => ({ subscription, notification }));

/** A reference to the event itself, or to an object of which it is below. */
function covers(reference: string, object: string, event: string): boolean {
  const parsed = parsePath(reference);
  if (!parsed.ok) return false;
  const { segments, leaf } = asObject(parsed.path);
  const owner = formatObject(segments);
  if (leaf.kind === 'event') return owner === object && `${leaf.name}!` === event;
  return leaf.kind === 'object' && object.startsWith(owner);
}

function notifyRow(
  { local, keepMs }: DeriveInput,
  event: DeviceEvent,
  { subscription, notification }: Told,
  index: number,
): NotifyRow {
  const id = `${event.sequence}.${subscription.number}.${index}`;
  const { notifExpiration, retry } = subscription;
  const body = { kind: 'notify', subscription_id: subscription.id, send_resp: retry, notification } as const;
  const msg_id = `notify-${id}`;
  return {
    id,
    msg_id,
    controller: controllerOf(local, subscription),
    subscription: subscription.number,
    retry,
    createdAt: local.now,
    expiresAt: local.now + (notifExpiration > 0 ? notifExpiration * 1000 : keepMs),
    payload: Buffer.from(encodeMsg({ msg_id, body })).toString('base64'),
    attempts: 0,
    nextAt: 0,
  };
}

/** Endpoint ID of the Controller that the Recipient names. */
export const controllerOf = (local: LocalAgent, { recipient }: Subscription): string =>
  controllerReferred(local, recipient)?.['EndpointID'] ?? '';

/** Subscriptions that are not Persistent go with the boot, after their Boot! (TP-469 9.10). */
function withoutTransient({ local, template }: DeriveInput, before: Rows): Rows | undefined {
  const transient = local
    .rowsOf(SUBSCRIPTION_TABLE)
    .filter((number) => local.valuesOf(SUBSCRIPTION_TABLE, number)?.['Persistent'] !== 'true');
  if (transient.length === 0) return undefined;
  return transient.reduce((own, number) => deleteRow(template, own, SUBSCRIPTION_TABLE, number), before);
}
