// Steps on due work: what must happen at a time, though nobody may be there to remember (DESIGN mechanism 8).
import type { DeviceKey } from './store.ts';

export interface DueItem {
  readonly kind: string;
  readonly key: DeviceKey;
  readonly at: number;
}

export interface DueSteps {
  /** One item per kind and device; an earlier time replaces a later one. */
  schedule(item: DueItem): Promise<void>;
  /** Items due by `now`, leased to the caller until `now + leaseMs`; unfinished ones come again after that. */
  takeDue(now: number, leaseMs: number, limit: number): Promise<readonly DueItem[]>;
  /** Done, unless it was scheduled anew in the meantime. `next` schedules it again. */
  finishDue(item: DueItem, next: number | undefined): Promise<void>;
  /** When the earliest item is due; undefined when there is none. */
  nextDue(): Promise<number | undefined>;
}
