// Two changes of a device's own rows that began from the same ones: a message that was long at the CPE, and what others
// stored meanwhile. A table that only one of them touched is that one's, so that the name of a new row is not lost because
// somebody added a Subscription. Pure.
import type { Rows } from '../local-agent/rows.ts';

/** Both changes in one; undefined where both changed the same table. */
export function mergeRows(before: Rows, mine: Rows, theirs: Rows): Rows | undefined {
  const tables = mergeEach(before.tables, mine.tables, theirs.tables);
  const next = mergeEach(before.next, mine.next, theirs.next);
  return tables === undefined || next === undefined ? undefined : { tables, next };
}

type Keyed<T> = Readonly<Record<string, T>>;

function mergeEach<T>(before: Keyed<T>, mine: Keyed<T>, theirs: Keyed<T>): Keyed<T> | undefined {
  const merged = new Map<string, T>();
  for (const key of new Set([...Object.keys(before), ...Object.keys(mine), ...Object.keys(theirs)])) {
    const [was, one, other] = [before[key], mine[key], theirs[key]];
    const [mineChanged, theirsChanged] = [!same(was, one), !same(was, other)];
    if (mineChanged && theirsChanged) return undefined;
    const kept = mineChanged ? one : other;
    if (kept !== undefined) merged.set(key, kept);
  }
  return Object.fromEntries(merged);
}

/** Rows are plain data, and what did not change was not rebuilt in another order. */
const same = (one: unknown, other: unknown): boolean => one === other || JSON.stringify(one) === JSON.stringify(other);
