// Time as an argument: what the Connection Request client needs of a clock, and the real one.
import { performance } from 'node:perf_hooks';

export interface Clock {
  /** Milliseconds that never run backwards; only differences mean something. */
  now(): number;
  /** Calls `run` once after `ms`; the returned function takes it back. */
  after(ms: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => {
      clearTimeout(timer);
    };
  },
};

/** `start`'s first answer, or what `late` gives when none came within `ms`; later answers are dropped. */
export function within<T>(
  clock: Clock,
  ms: number,
  start: (settle: (value: T) => void) => void,
  late: () => T,
): Promise<T> {
  return new Promise((resolve) => {
    const cancel = clock.after(ms, () => {
      resolve(late());
    });
    start((value) => {
      cancel();
      resolve(value);
    });
  });
}
