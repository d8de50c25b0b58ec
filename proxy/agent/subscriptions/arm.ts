// Arming: bringing the Subscriptions of a device, its notification ledger and the attributes on the CPE together. What
// is newly watched gets a baseline and, where the CPE takes it, Notification 2; what nobody watches any more gets back
// what it had (facts: cwmp-usp-translation §5.1). Runs as a mailbox entry of its own, idempotent.
import type { CpeAccess } from '../../device/access.ts';
import { isParameter, type Ledger, type LedgerEntry, readLedger, type WatchedRows } from '../../device/ledger.ts';
import { noticeEvent } from '../../device/notices.ts';
import { batches, readValues } from '../../device/read-values.ts';
import type { AgentModel } from '../model.ts';
import { armedMark } from './armed.ts';
import { enabledSubscriptions } from './enabled.ts';
import { rowNotices } from './watched-rows.ts';
import { countersIn, type WatchedTables, watchedTables } from './watched-tables.ts';
import { watchedParameters } from './watched.ts';

/** Active notification: the CPE opens a session when the value changes (TR-069 A.3.2.4). */
const ACTIVE = 2;
const NOT_SUPPORTED = 9000;

/** `force`: the CPE has forgotten all attributes. Resolves with how many parameters are watched. */
export async function arm(model: AgentModel, access: CpeAccess, force: boolean): Promise<number> {
  const before = access.ledger;
  // Nothing is known of the model: what is armed stays, and the first Inform after its discovery arms.
  if (model.cpe === undefined) return before.size;
  // Tables first: rows that have come since have values of their own.
  const tables = await watchedTables(model, before);
  const wanted = await watchedNames(model);
  const notices = await rowNotices(model, before, tables);
  const events = notices.length === 0 ? [] : [noticeEvent(access.now(), { notices })];
  for (const name of [...tables.keys(), ...countersIn(tables)]) if (!wanted.has(name)) wanted.set(name, new Set());
  const mark = armedMark(access.record, model.local);
  const added = [...wanted.keys()].filter((name) => force || !before.has(name));
  const removed = [...before].filter(([name]) => !wanted.has(name));
  const same = added.length === 0 && removed.length === 0;
  if (same && sameSubscriptions(before, wanted) && sameRows(before, tables)) {
    if (readLedger(access.record.ledger).armed !== mark) await access.saveLedger(before, mark);
    return wanted.size;
  }
  const baseline = await readValues(access, added.filter(isParameter));
  const watchable = added.filter((name) => baseline.values.has(name));
  const attributes = await attributesOf(access, watchable);
  const active = await setNotification(model, access, watchable, ACTIVE);
  for (const value of new Set(removed.map(([, entry]) => entry.before))) {
    const changed = removed.filter(([, { notification, before }]) => notification !== 0 && before === value);
    await setNotification(
      model,
      access,
      changed.map(([name]) => name),
      value,
    );
  }
  const ledger = new Map<string, LedgerEntry>();
  for (const [name, subscriptions] of wanted) {
    const known = before.get(name);
    ledger.set(name, {
      // What the CPE forgot with its attributes is a change like any other: the value stays until its event is derived.
      value: known === undefined ? baseline.values.get(name)?.Value : known.value,
      notification: force || known === undefined ? (active.has(name) ? ACTIVE : 0) : known.notification,
      before: known?.before ?? attributes.get(name) ?? 0,
      subscriptions: [...subscriptions].sort((one, other) => one - other),
      ...watched(tables.get(name)),
    });
  }
  await access.saveLedger(ledger, mark, events);
  return ledger.size;
}

const watched = (rows: WatchedRows | undefined): Pick<LedgerEntry, 'rows'> => (rows === undefined ? {} : { rows });

const sameRows = (ledger: Ledger, tables: WatchedTables): boolean =>
  [...ledger].every(([name, { rows }]) => JSON.stringify(rows) === JSON.stringify(tables.get(name)));

/** CPE parameter → numbers of the Subscriptions that watch it. */
async function watchedNames(model: AgentModel): Promise<Map<string, ReadonlySet<number>>> {
  const wanted = new Map<string, Set<number>>();
  for (const { number, notifType, references } of enabledSubscriptions(model.local)) {
    if (notifType !== 'ValueChange') continue;
    for (const path of await watchedParameters(model, references)) {
      for (const name of model.cpe?.view.reading(path).cpeNames ?? []) {
        wanted.set(name, (wanted.get(name) ?? new Set()).add(number));
      }
    }
  }
  return wanted;
}

function sameSubscriptions(ledger: Ledger, wanted: ReadonlyMap<string, ReadonlySet<number>>): boolean {
  return [...wanted].every(([name, numbers]) => {
    const known = ledger.get(name)?.subscriptions ?? [];
    return known.length === numbers.size && known.every((number) => numbers.has(number));
  });
}

/** Attributes as they are; a CPE that does not tell had none. */
async function attributesOf(access: CpeAccess, names: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const attributes = new Map<string, number>();
  for (const batch of batches(names, access.readBatch)) {
    const answer = await access.read('GetParameterAttributes', { ParameterNames: batch });
    if (answer.kind !== 'response') continue;
    for (const { Name, Notification } of answer.value.ParameterList) attributes.set(Name.trim(), Notification);
  }
  return attributes;
}

/**
 * Names for which the CPE took the attribute. One that it refuses is found by halving, as long as there are steps; it is
 * polled instead.
 */
async function setNotification(
  { steps }: AgentModel,
  access: CpeAccess,
  names: readonly string[],
  Notification: number,
): Promise<ReadonlySet<string>> {
  const taken = new Set<string>();
  const set = async (batch: readonly string[]): Promise<void> => {
    if (!steps.take()) return;
    const answer = await access.change({
      method: 'SetParameterAttributes',
      request: () => ({
        ParameterList: batch.map((Name) => ({
          Name,
          NotificationChange: true,
          Notification,
          // LAN-side access is not ours to change (facts: §13).
          AccessListChange: false,
          AccessList: [],
        })),
      }),
      snapshot: { kind: 'none' },
    });
    if (answer.kind === 'response') for (const name of batch) taken.add(name);
    else if (answer.kind === 'fault' && answer.fault.FaultCode !== NOT_SUPPORTED && batch.length > 1) {
      const half = batch.length >> 1;
      await set(batch.slice(0, half));
      await set(batch.slice(half));
    }
  };
  for (const batch of batches(names, access.readBatch)) await set(batch);
  return taken;
}
