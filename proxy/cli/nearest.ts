// The name that an unknown one may have meant. Pure.

/** Edit distance: letters inserted, left out or changed, and neighbours swapped. */
export function distance(one: string, other: string): number {
  const rows = [Array.from({ length: other.length + 1 }, (_, index) => index)];
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= other.length; j += 1) {
      const change = at(i - 1, j - 1) + (one[i - 1] === other[j - 1] ? 0 : 1);
      const swapped = one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      const swap = swapped ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min(change, swap, at(i - 1, j) + 1, at(i, j - 1) + 1));
    }
  }
  return at(one.length, other.length);
}

/** The nearest of the known names; undefined when none is near enough to be a slip of the hand. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const lower = name.toLowerCase();
  let best: { readonly candidate: string; readonly far: number } | undefined;
  for (const candidate of known) {
    const far = distance(lower, candidate.toLowerCase());
    if (best === undefined || far < best.far) best = { candidate, far };
  }
  return best !== undefined && best.far <= Math.max(1, Math.floor(name.length / 2)) ? best.candidate : undefined;
}

/** `; did you mean get?`, or nothing. */
export function hint(name: string, known: readonly string[], prefix = ''): string {
  const candidate = nearest(name, known);
  return candidate === undefined ? '' : `; did you mean ${prefix}${candidate}?`;
}
