// Why something cannot be done, in the words of the Controller that asked for it.

export interface Problem {
  /** Of USP. */
  readonly code: number;
  readonly why: string;
}

/** A problem as the outcome of a function that may also succeed. */
export interface Refused extends Problem {
  readonly ok: false;
}
export const refused = (code: number, why: string): Refused => ({ ok: false, code, why });
