// The notification ledger: which CPE parameters somebody watches, and the value each was last known to have. Stored
// with the device; a CPE never reports what the ACS itself changed, so every result is held against it.

export interface LedgerEntry {
  /** As the CPE wrote it; undefined until the baseline was read. */
  readonly value: string | undefined;
  /** Whether the CPE was told to report it by itself (Notification 1 or 2); 0: it is only polled. */
  readonly notification: 0 | 1 | 2;
  /** The attribute before we changed it: what it becomes when nobody watches any more. */
  readonly before: number;
  /** Instance numbers of the Subscriptions that it is watched for. */
  readonly subscriptions: readonly number[];
  /** It counts the rows of a table that somebody wants to hear of, or is that table where nothing counts it alone. */
  readonly rows?: WatchedRows;
}
/** A table of the CPE, as Subscriptions to its rows last saw it. */
export interface WatchedRows {
  /** As USP names it. */
  readonly table: string;
  /** Instance numbers. */
  readonly rows: readonly number[];
  readonly subscriptions: readonly number[];
  /** What counts the rows, where that is more than one parameter, or one that counts another table as well. */
  readonly counters?: readonly string[];
}
/** Whether it can be read: a table that nothing counts cannot. */
export const isParameter = (name: string): boolean => !name.endsWith('.');

/** CPE parameter → what is known of it. */
export type Ledger = ReadonlyMap<string, LedgerEntry>;

export const EMPTY_LEDGER: Ledger = new Map();

interface StoredLedger {
  readonly v: 1;
  /** Left out when it is ''. */
  readonly armed?: string;
  readonly watch: Readonly<Record<string, LedgerEntry>>;
}

/** `armed` says in the agent's own words what the ledger was made for; '' before anything was. */
export function readLedger(stored: string): { readonly watch: Ledger; readonly armed: string } {
  if (stored === '') return { watch: EMPTY_LEDGER, armed: '' };
  const { watch, armed = '' } = JSON.parse(stored) as StoredLedger;
  return {
    watch: new Map(Object.entries(watch).map(([name, entry]) => [name, { ...entry, value: entry.value }])),
    armed,
  };
}

export const parseLedger = (stored: string): Ledger => readLedger(stored).watch;

export function formatLedger(ledger: Ledger, armed: string): string {
  if (ledger.size === 0 && armed === '') return '';
  const watch = Object.fromEntries(ledger);
  return JSON.stringify((armed === '' ? { v: 1, watch } : { v: 1, armed, watch }) satisfies StoredLedger);
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
