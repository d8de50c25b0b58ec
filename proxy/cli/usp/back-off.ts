// How long to wait before connecting again. Pure.

const FIRST_MS = 1000;
const LONGEST_MS = 30_000;

/** Milliseconds before try `attempt` (from 0), doubling; `random` in [0, 1) keeps many watchers from coming at once. */
export function backOff(attempt: number, random: number): number {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return Math.round(longest * (0.5 + random / 2));
}
