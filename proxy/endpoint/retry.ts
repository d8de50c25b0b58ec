// The one back-off formula of TR-369 (facts: usp-agent-requirements §10.4), for whatever is tried again by it: a Notify
// (R-NOT.1), a WebSocket that the Agent opens (R-WS.19). Pure.

/** The values that a Controller's row has for one of them. */
export interface RetryPolicy {
  /** Least wait before the second try; seconds in the model. */
  readonly minimumMs: number;
  /** How much longer each wait is than the one before, in thousandths (`…IntervalMultiplier`). */
  readonly multiplier: number;
}

/** What TR-181 has where nobody says otherwise. */
export const STANDARD_RETRY: RetryPolicy = { minimumMs: 5000, multiplier: 2000 };

/** From the tenth try on the range stays as it is (R-NOT.2). */
const LAST_STEP = 10;

/** Milliseconds to wait after try `attempt` (from 1); `random` in [0, 1). */
export function retryWait({ minimumMs, multiplier }: RetryPolicy, attempt: number, random: number): number {
  const factor = multiplier / 1000;
  const step = Math.min(attempt, LAST_STEP);
  const low = minimumMs * factor ** (step - 1);
  return Math.round(low + random * (minimumMs * factor ** step - low));
}
