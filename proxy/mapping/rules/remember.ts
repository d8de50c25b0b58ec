// What the view of a translated CPE remembers of it: the numbers that rows were given, and the values that decide which
// rows there are. One text with the device; numbers are never given twice (TR-106 §3.2.1: an instance keeps its number as
// long as it lives). Pure.

export interface Numbers {
  /** Above every number that was given. */
  readonly next: number;
  readonly byKey: ReadonlyMap<string, number>;
  /** Numbers of rows that are gone, as ranges with both ends. */
  readonly gone: readonly Range[];
}
type Range = readonly [number, number];

export interface Remembered {
  /** By the CPE's names. */
  readonly values: ReadonlyMap<string, string>;
  /** By the name of the table. */
  readonly numbers: ReadonlyMap<string, Numbers>;
}

export const NOTHING: Remembered = { values: new Map(), numbers: new Map() };

interface Stored {
  readonly v: 1;
  readonly values: Readonly<Record<string, string>>;
  readonly numbers: Readonly<
    Record<string, readonly [number, Readonly<Record<string, number>>, ...(readonly Range[])]>
  >;
}

/** `root` is left out of the names of values. What is a device's own is not in it: see `withSince`. */
export function formatRemembered({ values, numbers }: Remembered, root: string): string {
  const stored: Stored = {
    v: 1,
    values: Object.fromEntries([...values].map(([name, value]) => [name.slice(root.length), value])),
    numbers: Object.fromEntries(
      [...numbers]
        .filter(([, { next }]) => next > 1)
        .map(([table, { next, byKey, gone }]) => [table, [next, Object.fromEntries(byKey), ...gone]]),
    ),
  };
  return JSON.stringify(stored);
}

export function parseRemembered(text: string, root: string): Remembered {
  if (text === '') return NOTHING;
  const { values, numbers } = JSON.parse(text) as Stored;
  return {
    values: new Map(Object.entries(values).map(([name, value]) => [root + name, value])),
    numbers: new Map(
      Object.entries(numbers).map(([table, [next, byKey, ...gone]]) => [
        table,
        { next, byKey: new Map(Object.entries(byKey)), gone },
      ]),
    ),
  };
}

const SINCE = ',"since":';

/**
 * What `withSince` has put together: what devices that are alike have in common, and when this one was last asked for every
 * value that decides, in milliseconds since the epoch.
 */
export function sharedAndSince(text: string): { readonly shared: string; readonly since: number } {
  const at = text.lastIndexOf(SINCE);
  const since = at < 0 ? undefined : /^\d+(?=\}$)/.exec(text.slice(at + SINCE.length))?.[0];
  return since === undefined ? { shared: text, since: 0 } : { shared: `${text.slice(0, at)}}`, since: Number(since) };
}

/** `shared`: as `formatRemembered` has written it. */
export const withSince = (shared: string, since: number): string =>
  since === 0 ? shared : `${shared.slice(0, -1)}${SINCE}${since}}`;

/** A row that wants a number. */
export interface Unnumbered {
  readonly key: string;
  /** The number that it would like to have. */
  readonly liked: number | undefined;
  /** The number that it has in any case. */
  readonly fixed: number | undefined;
}

/**
 * Numbers for these rows: those that are known keep theirs, those that are gone lose it for good, a new one gets the number
 * that it likes where nobody ever had it, else the next. `first`: the lowest for those that like none.
 */
export function numberRows(known: Numbers | undefined, rows: readonly Unnumbered[], first: number): Numbers {
  const before = known ?? { next: 1, byKey: new Map<string, number>(), gone: [] };
  const byKey = new Map<string, number>();
  let { next } = before;
  const give = (key: string, number: number): void => {
    byKey.set(key, number);
    next = Math.max(next, number + 1);
  };
  for (const { key, fixed } of rows) {
    const number = fixed ?? before.byKey.get(key);
    if (number !== undefined) give(key, number);
  }
  const taken = new Set(byKey.values());
  const gone = withGone(
    before.gone,
    [...before.byKey.values()].filter((number) => !taken.has(number)),
  );
  // Those that like a number are first, before another one gets it.
  const fresh = rows.filter(({ key }) => !byKey.has(key));
  for (const { key, liked } of fresh) {
    if (liked === undefined || taken.has(liked) || gone.some(([from, to]) => from <= liked && liked <= to)) continue;
    give(key, liked);
    taken.add(liked);
  }
  for (const { key } of fresh) if (!byKey.has(key)) give(key, Math.max(next, first));
  // In the order of the rows, so that the same rows are remembered as the same text.
  const ordered = rows.flatMap(({ key }): (readonly [string, number])[] => {
    const number = byKey.get(key);
    return number === undefined ? [] : [[key, number]];
  });
  return { next, byKey: new Map(ordered), gone };
}

function withGone(gone: readonly Range[], numbers: readonly number[]): readonly Range[] {
  if (numbers.length === 0) return gone;
  const merged: [number, number][] = [];
  const single = numbers.map((number): Range => [number, number]);
  for (const [from, to] of [...gone, ...single].sort(([one], [other]) => one - other)) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}
