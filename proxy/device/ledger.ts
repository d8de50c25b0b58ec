// The notification ledger: which CPE parameters somebody watches, and the value each was last known to have. Stored
// with the device; a CPE never reports what the ACS itself changed, so every result is held against it.

export interface LedgerEntry {
  /** As the CPE wrote it; undefined until the baseline was read. */
  readonly value: string | undefined;
  /** Whether the CPE was told to report it by itself (Notification 1 or 2); 0: it is only polled. */
  readonly notification: 0 | 1 | 2;
}
/** CPE parameter → what is known of it. */
export type Ledger = ReadonlyMap<string, LedgerEntry>;

export const EMPTY_LEDGER: Ledger = new Map();

interface StoredLedger {
  readonly v: 1;
  readonly watch: Readonly<Record<string, readonly [notification: 0 | 1 | 2, value?: string]>>;
}

export function parseLedger(stored: string): Ledger {
  if (stored === '') return EMPTY_LEDGER;
  const { watch } = JSON.parse(stored) as StoredLedger;
  return new Map(Object.entries(watch).map(([name, [notification, value]]) => [name, { notification, value }]));
}

export function formatLedger(ledger: Ledger): string {
  if (ledger.size === 0) return '';
  const watch = Object.fromEntries(
    [...ledger].map(([name, { notification, value }]) => [
      name,
      value === undefined ? [notification] : [notification, value],
    ]),
  );
  return JSON.stringify({ v: 1, watch });
}

export type NamedValue = readonly [name: string, value: string];

/** Those of the values that are watched and not what the ledger last knew. */
export function changesAgainst(ledger: Ledger, values: Iterable<NamedValue>): readonly NamedValue[] {
  if (ledger.size === 0) return [];
  const changes: NamedValue[] = [];
  for (const [name, value] of values) {
    const entry = ledger.get(name);
    if (entry !== undefined && entry.value !== value) changes.push([name, value]);
  }
  return changes;
}

/** The ledger with these values as the last known ones; names that are not watched are left out. */
export function withValues(ledger: Ledger, values: Iterable<NamedValue>): Ledger {
  const next = new Map(ledger);
  for (const [name, value] of values) {
    const entry = next.get(name);
    if (entry !== undefined) next.set(name, { ...entry, value });
  }
  return next;
}
