// OutboxSteps on the embedded store.
import type { Derived, DerivedStep, NotifyRow, OutboxSteps } from '../outbox-steps.ts';
import type { DeviceKey } from '../store.ts';
import { type Documents, keyOf, type LogWrite, remove, write, writeText } from './documents.ts';
import { readState, writeState } from './state.ts';

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

const outboxKey = (tenant: string, controller: string, device: string): string =>
  `outbox/${tenant}/${encodeURIComponent(controller)}/${device}`;

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

const writeRows = (key: DeviceKey, rows: readonly RowIndex[]): LogWrite => {
  const document: NotifiesDocument = { v: 1, rows };
  return rows.length === 0 ? remove(keyOf('notifies', key)) : write(keyOf('notifies', key), document);
};

/** The rows after a change, the payloads of those that went, the outbox index of Controllers owed nothing more. */
function replaceRows(key: DeviceKey, before: readonly RowIndex[], after: readonly RowIndex[]): LogWrite[] {
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

export class EmbeddedOutbox implements OutboxSteps {
  readonly #documents: Documents;

  constructor(documents: Documents) {
    this.#documents = documents;
  }

  async deriveNotifies(key: DeviceKey, sequence: number, derived: Derived, cap: number): Promise<DerivedStep> {
    const { rows, ledger, local } = derived;
    const state = readState(this.#documents, key);
    const done = state?.pending.filter((pending) => pending <= sequence) ?? [];
    if (state === undefined || done.length === 0) return { kind: 'already' };
    if (local !== undefined && local.version !== state.localVersion) return { kind: 'conflict' };
    state.pending = state.pending.filter((pending) => pending > sequence);
    state.version += 1;
    if (local !== undefined) state.localVersion += 1;
    const before = this.#rows(key);
    const all = [...before, ...rows.map(({ payload, ...index }) => index)];
    const after = withinCap(all, cap);
    const kept = new Set(after.map((row) => row.id));
    const added = rows.filter((row) => kept.has(row.id));
    await this.#documents.commit([
      writeState(key, state),
      ...done.map((pending) => remove(keyOf('event', key, String(pending)))),
      ...(rows.length === 0 ? [] : replaceRows(key, before, after)),
      ...added.map((row) => write(keyOf('notify', key, row.id), { v: 1, payload: row.payload } as PayloadDocument)),
      ...added.map((row) => writeText(outboxKey(key.tenant, row.controller, key.device), '')),
      ...(ledger === undefined ? [] : [writeText(keyOf('ledger', key), ledger)]),
      ...(local === undefined ? [] : [writeText(keyOf('local', key), local.rows)]),
    ]);
    return { kind: 'derived', dropped: all.length - after.length };
  }

  async listNotifies(key: DeviceKey, controller: string | undefined): Promise<readonly NotifyRow[]> {
    return this.#rows(key)
      .filter((row) => controller === undefined || row.controller === controller)
      .flatMap((row) => {
        const payload = this.#documents.read<PayloadDocument>(keyOf('notify', key, row.id))?.payload;
        return payload === undefined ? [] : [{ ...row, payload }];
      });
  }

  async listOutbox(tenant: string, controller: string, limit: number): Promise<readonly DeviceKey[]> {
    const prefix = outboxKey(tenant, controller, '');
    const paths = this.#documents.keys(prefix, undefined, limit);
    return paths.map((path) => ({ tenant, device: path.slice(prefix.length) }));
  }

  async listOutboxControllers(tenant: string): Promise<readonly string[]> {
    const prefix = `outbox/${tenant}/`;
    const names = this.#documents.keys(prefix).map((path) => path.slice(prefix.length).split('/')[0] ?? '');
    return [...new Set(names)].map(decodeURIComponent);
  }

  async notifyWritten(key: DeviceKey, id: string, nextAt: number): Promise<void> {
    const rows = this.#rows(key);
    const row = rows.find((candidate) => candidate.id === id);
    if (row === undefined) return;
    if (!row.retry) {
      await this.#keep(key, (candidate) => candidate.id !== id);
      return;
    }
    const written = { ...row, attempts: row.attempts + 1, nextAt };
    const after = rows.map((candidate) => (candidate.id === id ? written : candidate));
    await this.#documents.commit([writeRows(key, after)]);
  }

  notifyAnswered(key: DeviceKey, controller: string, msgId: string): Promise<boolean> {
    return this.#keep(key, (row) => !(row.controller === controller && row.msg_id === msgId));
  }

  async expireNotifies(key: DeviceKey, now: number): Promise<number> {
    const before = this.#rows(key).length;
    await this.#keep(key, (row) => row.expiresAt > now);
    return before - this.#rows(key).length;
  }

  async dropNotifies(key: DeviceKey, subscription: number): Promise<void> {
    await this.#keep(key, (row) => row.subscription !== subscription);
  }

  #rows(key: DeviceKey): readonly RowIndex[] {
    return this.#documents.read<NotifiesDocument>(keyOf('notifies', key))?.rows ?? [];
  }

  /** True when something went. */
  async #keep(key: DeviceKey, wanted: (row: RowIndex) => boolean): Promise<boolean> {
    const before = this.#rows(key);
    const after = before.filter(wanted);
    if (after.length === before.length) return false;
    await this.#documents.commit(replaceRows(key, before, after));
    return true;
  }
}
