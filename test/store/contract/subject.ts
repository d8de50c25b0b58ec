// What a contract test is given: a store of its own, empty, with a clock that stands until it is moved.
import type { Test } from 'tap';
import type { Store } from '../../../proxy/store/store.ts';

export interface Subject {
  readonly store: Store;
  /** Milliseconds since the epoch; the store reads it where a step is handed no time. */
  readonly clock: { now: number };
  /** Closes the store and opens it again, as the next run of a node would. */
  readonly reopen: () => Promise<Store>;
}

/** Opens an empty store; the test's teardown closes it. */
export type OpenStore = (t: Test) => Promise<Subject>;

/** One behaviour group of the contract, run against whatever `openStore` opens. */
export type Contract = (t: Test, openStore: OpenStore) => void;
