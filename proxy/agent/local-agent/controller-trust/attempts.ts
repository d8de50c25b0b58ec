// What has become of a Challenge at one Agent: who was asked and has not answered yet, and how often it was failed. It stands
// in the device's row of the Challenge, beside its parameters: so it is the same on every node, outlives each of them, and
// changes in the same step as the roles that an answer gives. Pure.
import type { LocalFacts } from '../definition.ts';
import type { RowValues } from '../rows.ts';
import { CHALLENGE_TABLE } from './paths.ts';

/** A Controller that was asked. */
export interface Asked {
  /** Its Endpoint ID. */
  readonly by: string;
  readonly id: string;
  /** Milliseconds; 0: for ever. */
  readonly until: number;
}

export interface Attempts {
  /** The one that was asked last stands last. */
  readonly asked: readonly Asked[];
  /** In a row, by whomever. */
  readonly failures: number;
  /** Milliseconds; 0: it is not locked. */
  readonly lockedUntil: number;
}

const ATTEMPTS = 'attempts';
const NONE: Attempts = { asked: [], failures: 0, lockedUntil: 0 };
/** Of more, those who were asked first must ask again. */
const MOST_ASKED = 16;

/** As it is now: what has expired is left out, and after a lockout the count begins anew. */
export function attemptsAt(row: RowValues, now: number): Attempts {
  const stored = row[ATTEMPTS] ?? '';
  if (stored === '') return NONE;
  const { asked, failures, lockedUntil } = JSON.parse(stored) as Attempts;
  const alive = asked.filter(({ until }) => until === 0 || now < until);
  const isOver = lockedUntil !== 0 && lockedUntil <= now;
  return { asked: alive, ...(isOver ? { failures: 0, lockedUntil: 0 } : { failures, lockedUntil }) };
}

/** Values of the row, for those attempts. */
export const attemptsValues = (attempts: Attempts): RowValues => ({ [ATTEMPTS]: JSON.stringify(attempts) });

export const without = (attempts: Attempts, controller: string): Attempts => ({
  ...attempts,
  asked: attempts.asked.filter(({ by }) => by !== controller),
});

/** A Controller is asked one thing at a time. */
export const withAsked = (attempts: Attempts, asked: Asked): Attempts => ({
  ...attempts,
  asked: [...without(attempts, asked.by).asked, asked].slice(-MOST_ASKED),
});

/** `retries`: how many failures in a row there may be; `lockoutMs`: 0 where the next question may come at once. */
export function afterFailure(
  attempts: Attempts,
  by: string,
  retries: number,
  lockoutMs: number,
  now: number,
): Attempts {
  const failures = attempts.failures + 1;
  if (failures < retries) return { ...attempts, failures };
  if (lockoutMs > 0) return { ...attempts, failures, lockedUntil: now + lockoutMs };
  // Without a lockout the tries that one question allows are over (R-SEC.16).
  return { ...without(attempts, by), failures: 0 };
}

/** A Challenge that is there and switched on. */
export function challengeRow(facts: LocalFacts, number: number): RowValues | undefined {
  const row = facts.valuesOf(CHALLENGE_TABLE, number);
  return row?.['Enable'] === 'true' ? row : undefined;
}

export interface Outstanding {
  /** Of the Challenge. */
  readonly number: number;
  readonly row: RowValues;
  readonly asked: Asked;
  readonly attempts: Attempts;
}

/** What the Controller was asked and has not answered yet. */
export function outstandingOf(facts: LocalFacts, controller: string): Outstanding | undefined {
  for (const number of facts.rowsOf(CHALLENGE_TABLE)) {
    const row = challengeRow(facts, number);
    if (row === undefined) continue;
    const attempts = attemptsAt(row, facts.now);
    const asked = attempts.asked.find(({ by }) => by === controller);
    if (asked !== undefined) return { number, row, asked, attempts };
  }
  return undefined;
}
