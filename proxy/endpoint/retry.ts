// When a Notify is written again: the one back-off formula of TR-369 (facts: usp-agent-requirements §10.4). Pure.

const FIRST_WAIT_MS = 5000;
const FACTOR = 2;
/** From the tenth try on the range stays as it is (R-NOT.2). */
const LAST_STEP = 10;

/** Milliseconds to wait after try `attempt` (from 1); `random` in [0, 1). */
export function retryWait(attempt: number, random: number): number {
  const step = Math.min(attempt, LAST_STEP);
  const low = FIRST_WAIT_MS * FACTOR ** (step - 1);
  return Math.round(low + random * (FIRST_WAIT_MS * FACTOR ** step - low));
}
