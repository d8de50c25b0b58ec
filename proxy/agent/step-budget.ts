// The changing RPCs that one request may still make: the journal names each in a key of two digits. What undoing may
// need is set aside before anything is done.
import { MOST_STEPS } from '../device/journal/keys.ts';
import { codes } from '../usp/codes.ts';
import type { Problem } from './problem.ts';

export const OUT_OF_STEPS: Problem = {
  code: codes.resourcesExceeded,
  why: `one request makes at most ${MOST_STEPS} changes at the device`,
};

export class StepBudget {
  #left = MOST_STEPS;
  #aside = 0;

  /** Steps that are not set aside. */
  get left(): number {
    return Math.max(0, this.#left - this.#aside);
  }

  /** False when there is no step left. */
  take(): boolean {
    if (this.left === 0) return false;
    this.#left -= 1;
    return true;
  }

  setAside(steps: number): void {
    this.#aside = steps;
  }
}
