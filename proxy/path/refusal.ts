// What a parser of paths says about text that is none.

/** 7008, Invalid path syntax. `position` counts UTF-16 units from 0; `why` is for an err_msg and quotes nothing of the path. */
export interface Refusal {
  readonly ok: false;
  readonly code: 7008;
  readonly position: number;
  readonly why: string;
}

export const refuse = (position: number, why: string): Refusal => ({ ok: false, code: 7008, position, why });

export const isRefusal = (outcome: object): outcome is Refusal => 'why' in outcome;

/**
 * The longest path we read, in characters. TR-069 gives a parameter's name 256; a search may have 32 comparisons, each of
 * such a name and a constant as long. Parsing is linear whatever this is; it bounds what answers repeat and stores keep.
 */
export const longestPath = 16_384;
export const mostSegments = 256;
export const mostComparisons = 32;
