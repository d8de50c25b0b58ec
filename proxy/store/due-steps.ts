// Steps on due work: what must happen at a time, though nobody may be there to remember (DESIGN mechanism 8).
import type { DeviceKey } from './store.ts';

export interface DueItem {
  readonly kind: string;
  readonly key: DeviceKey;
  readonly at: number;
}

export interface DueSteps {
  /**
   * One item per kind and device; an earlier time replaces a later one. While it is leased, this is another time at which it
   * is due: the lease does not hide it, and finishing does not end it.
   */
  schedule(item: DueItem): Promise<void>;
  /**
   * The earliest items due by `now`, leased to the caller until `now + leaseMs`; unfinished ones come again after that.
   * `at` is the time for which an item was scheduled, not that at which an earlier lease ran out.
   */
  takeDue(now: number, leaseMs: number, limit: number): Promise<readonly DueItem[]>;
  /** Ends the lease of an item as it was taken, if it still stands; `next`, in any case, schedules it again. */
  finishDue(item: DueItem, next: number | undefined): Promise<void>;
  /** When the next item can be taken; undefined when there is none. */
  nextDue(): Promise<number | undefined>;
}
