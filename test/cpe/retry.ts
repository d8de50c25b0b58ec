// How long a CPE waits before it tries a failed session again (TR-069 §3.2.1.1): a random time from a range that
// doubles with each attempt and stops growing after the tenth. Pure.
import type { Random } from './random.ts';

export interface RetrySettings {
  /** CWMPRetryMinimumWaitInterval, in seconds. */
  readonly minimumWait: number;
  /** CWMPRetryIntervalMultiplier, in thousandths. */
  readonly multiplier: number;
}

export const STANDARD_RETRY: RetrySettings = { minimumWait: 5, multiplier: 2000 };

/** From the tenth attempt on the range is that of the tenth. */
const LAST_RANGE = 10;

/** Seconds, least and most, before attempt `count` (1 is the first retry). */
export function retryRange(count: number, { minimumWait, multiplier }: RetrySettings): readonly [number, number] {
  const factor = multiplier / 1000;
  const step = Math.min(count, LAST_RANGE);
  return [minimumWait * factor ** (step - 1), minimumWait * factor ** step];
}

/** Milliseconds before attempt `count`. */
export function retryWait(count: number, settings: RetrySettings, random: Random): number {
  const [least, most] = retryRange(count, settings);
  return Math.round((least + random() * (most - least)) * 1000);
}
