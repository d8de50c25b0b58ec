// The four characters of a Permission (`rwxn`), as a small set.

/** Read, write, execute, notify. */
export interface Bits {
  readonly r: boolean;
  readonly w: boolean;
  readonly x: boolean;
  readonly n: boolean;
}

/** From 0, nothing, to 15, everything: sets that are united and intersected for each parameter of a large Get. */
export type Mask = number;
export const NOTHING: Mask = 0;
export const EVERYTHING: Mask = 15;

const LETTERS = ['r', 'w', 'x', 'n'] as const;

/** Each letter in its own place; any other text there is a dash. */
export const maskOf = (text: string): Mask =>
  LETTERS.reduce<Mask>((mask, letter, place) => (text.charAt(place) === letter ? mask | (1 << place) : mask), NOTHING);

const ALL_BITS: readonly Bits[] = Array.from({ length: EVERYTHING + 1 }, (_, mask) => ({
  r: (mask & 1) !== 0,
  w: (mask & 2) !== 0,
  x: (mask & 4) !== 0,
  n: (mask & 8) !== 0,
}));

export const NO_BITS: Bits = { r: false, w: false, x: false, n: false };
export const bitsOf = (mask: Mask): Bits => ALL_BITS[mask] ?? NO_BITS;
