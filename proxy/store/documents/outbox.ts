// OutboxSteps over the documents of one device. Which devices owe a Controller something is each store's own to list.
import type { Silenced } from '../device-steps.ts';
import { type Derived, type DerivedStep, type NotifyRow, ON_BOARD, type OutboxSteps } from '../outbox-steps.ts';
import type { DeviceKey } from '../store.ts';
import { type Documents, keyOf, remove, type Write, write, writeText } from './documents.ts';
import { addEvents, readState, writeState } from './state.ts';

/** What is known of each row without reading its payload. */
type RowIndex = Omit<NotifyRow, 'payload'>;
interface NotifiesDocument {
  readonly v: 1;
  readonly rows: readonly RowIndex[];
}
interface PayloadDocument {
  readonly v: 1;
  readonly payload: string;
}

/** There while the device owes the Controller something. */
export const outboxKey = (tenant: string, controller: string, device: string): string =>
  `outbox/${tenant}/${encodeURIComponent(controller)}/${device}`;

/** The sequence of the event that a row tells. */
const eventOf = ({ id }: NotifyRow): number => Number.parseInt(id, 10);

/** Beyond `cap` rows of one Subscription the oldest go. */
function withinCap(rows: readonly RowIndex[], cap: number): readonly RowIndex[] {
  const excess = new Map<number, number>();
  for (const row of rows) excess.set(row.subscription, (excess.get(row.subscription) ?? -cap) + 1);
  return rows.filter((row) => {
    const over = excess.get(row.subscription) ?? 0;
    if (over > 0) excess.set(row.subscription, over - 1);
    return over <= 0;
  });
}

const readRows = (documents: Documents, key: DeviceKey): readonly RowIndex[] =>
  documents.read<NotifiesDocument>(keyOf('notifies', key))?.rows ?? [];

/** Whether a device has rows for a Controller. */
export const owes = (documents: Documents, key: DeviceKey, controller: string): boolean =>
  readRows(documents, key).some((row) => row.controller === controller);

const writeRows = (key: DeviceKey, rows: readonly RowIndex[]): Write => {
  const document: NotifiesDocument = { v: 1, rows };
  return rows.length === 0 ? remove(keyOf('notifies', key)) : write(keyOf('notifies', key), document);
};

/** The rows after a change, the payloads of those that went, the outbox index of Controllers owed nothing more. */
function replaceRows(key: DeviceKey, before: readonly RowIndex[], after: readonly RowIndex[]): Write[] {
  const kept = new Set(after.map((row) => row.id));
  const owed = new Set(after.map((row) => row.controller));
  const gone = before.filter((row) => !kept.has(row.id));
  const settled = new Set(gone.map((row) => row.controller).filter((controller) => !owed.has(controller)));
  return [
    writeRows(key, after),
    ...gone.map((row) => remove(keyOf('notify', key, row.id))),
    ...[...settled].map((controller) => remove(outboxKey(key.tenant, controller, key.device))),
  ];
}

/** The writes that drop Notifies which nobody wants any more. */
export function silence(documents: Documents, key: DeviceKey, silenced: readonly Silenced[]): readonly Write[] {
  if (silenced.length === 0) return [];
  const before = readRows(documents, key);
  const isSilenced = (row: RowIndex): boolean =>
    silenced.some(
      ({ subscription, controller }) =>
        row.subscription === subscription && (controller === undefined || row.controller === controller),
    );
  const after = before.filter((row) => !isSilenced(row));
  return after.length === before.length ? [] : replaceRows(key, before, after);
}

/** Without the OnBoardRequests that newer ones take the place of. */
function withoutReplaced(rows: readonly RowIndex[], fresh: readonly RowIndex[]): readonly RowIndex[] {
  const asked = new Set(fresh.filter((row) => row.subscription === ON_BOARD).map((row) => row.controller));
  return asked.size === 0 ? rows : rows.filter((row) => row.subscription !== ON_BOARD || !asked.has(row.controller));
}

export class DocumentOutbox implements Omit<OutboxSteps, 'listOutbox' | 'listOutboxControllers'> {
  readonly #documents: Documents;

  constructor(documents: Documents) {
    this.#documents = documents;
  }

  async deriveNotifies(key: DeviceKey, sequence: number, derived: Derived, cap: number): Promise<DerivedStep> {
    const { rows, ledger, local, events = [], restarted = false } = derived;
    const state = readState(this.#documents, key);
    const done = state?.pending.filter((pending) => pending <= sequence) ?? [];
    if (state === undefined || done.length === 0) return { kind: 'already' };
    if (local !== undefined && local.version !== state.localVersion) return { kind: 'conflict' };
    state.pending = state.pending.filter((pending) => pending > sequence);
    if (ledger !== undefined || local !== undefined) state.version += 1;
    if (local !== undefined) state.localVersion += 1;
    const before = readRows(this.#documents, key);
    // A deriver that began before others had marked its first events brings rows that were told already.
    const fresh = rows.filter((row) => done.includes(eventOf(row)));
    const waiting = restarted ? before.map((row) => ({ ...row, attempts: 0, nextAt: 0 })) : before;
    const all = [...withoutReplaced(waiting, fresh), ...fresh.map(({ payload, ...index }) => index)];
    const after = withinCap(all, cap);
    const changed = fresh.length > 0 || (restarted && before.length > 0);
    const raised = addEvents(key, state, events);
    const kept = new Set(after.map((row) => row.id));
    const added = fresh.filter((row) => kept.has(row.id));
    await this.#documents.commit([
      writeState(key, state),
      ...done.map((pending) => remove(keyOf('event', key, String(pending)))),
      ...raised,
      ...(changed ? replaceRows(key, before, after) : []),
      ...added.map((row) => write(keyOf('notify', key, row.id), { v: 1, payload: row.payload } as PayloadDocument)),
      ...added.map((row) => writeText(outboxKey(key.tenant, row.controller, key.device), '')),
      ...(ledger === undefined ? [] : [writeText(keyOf('ledger', key), ledger)]),
      ...(local === undefined ? [] : [writeText(keyOf('local', key), local.rows)]),
    ]);
    const renewed = restarted ? [...new Set(before.map((row) => row.controller))] : [];
    return { kind: 'derived', dropped: all.length - after.length, ...(renewed.length === 0 ? {} : { renewed }) };
  }

  async listNotifies(key: DeviceKey, controller: string | undefined): Promise<readonly NotifyRow[]> {
    return readRows(this.#documents, key)
      .filter((row) => controller === undefined || row.controller === controller)
      .flatMap((row) => {
        const payload = this.#documents.read<PayloadDocument>(keyOf('notify', key, row.id))?.payload;
        return payload === undefined ? [] : [{ ...row, payload }];
      });
  }

  async notifyWritten(key: DeviceKey, id: string, nextAt: number, expiresAt?: number): Promise<void> {
    const rows = readRows(this.#documents, key);
    const row = rows.find((candidate) => candidate.id === id);
    if (row === undefined) return;
    if (!row.retry) {
      await this.#keep(key, (candidate) => candidate.id !== id);
      return;
    }
    const until = expiresAt ?? row.expiresAt;
    const written = { ...row, attempts: row.attempts + 1, nextAt, expiresAt: until };
    const after = rows.map((candidate) => (candidate.id === id ? written : candidate));
    await this.#documents.commit([writeRows(key, after)]);
  }

  async notifyAnswered(key: DeviceKey, controller: string, msgId: string): Promise<boolean> {
    return (await this.#keep(key, (row) => !(row.controller === controller && row.msg_id === msgId))) > 0;
  }

  expireNotifies(key: DeviceKey, now: number): Promise<number> {
    return this.#keep(key, (row) => row.expiresAt > now);
  }

  /** How many went. */
  async #keep(key: DeviceKey, wanted: (row: RowIndex) => boolean): Promise<number> {
    const before = readRows(this.#documents, key);
    const after = before.filter(wanted);
    if (after.length < before.length) await this.#documents.commit(replaceRows(key, before, after));
    return before.length - after.length;
  }
}
