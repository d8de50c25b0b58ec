// Time, handed in: the real clock for demos and benches, one moved by hand for tests of long waits.

export type Cancel = () => void;

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `run` once, `milliseconds` from now, unless cancelled. */
  after(milliseconds: number, run: () => void): Cancel;
}

/** Node's setTimeout fires at once when told to wait longer than this. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (milliseconds, run) => {
    const timer = setTimeout(run, Math.min(milliseconds, LONGEST_TIMEOUT));
    return () => clearTimeout(timer);
  },
};

export interface ManualClock extends Clock {
  /** Runs, in order, everything that falls due in the next `milliseconds`. */
  advance(milliseconds: number): void;
  /** How long until the next timer, or undefined when none is set. */
  untilNext(): number | undefined;
}

/** A clock that stands still until told otherwise; starts at 2026-01-01T00:00:00Z. */
export function manualClock(start = Date.UTC(2026, 0, 1)): ManualClock {
  let time = start;
  const timers = new Map<() => void, number>();
  const next = (): [() => void, number] | undefined =>
    [...timers].reduce<[() => void, number] | undefined>(
      (first, timer) => (first === undefined || timer[1] < first[1] ? timer : first),
      undefined,
    );
  return {
    now: () => time,
    after: (milliseconds, run) => {
      const due = (): void => run();
      timers.set(due, time + milliseconds);
      return () => timers.delete(due);
    },
    advance: (milliseconds) => {
      const end = time + milliseconds;
      for (let timer = next(); timer !== undefined && timer[1] <= end; timer = next()) {
        const [run, at] = timer;
        timers.delete(run);
        time = Math.max(time, at);
        run();
      }
      time = end;
    },
    untilNext: () => {
      const timer = next();
      return timer === undefined ? undefined : Math.max(0, timer[1] - time);
    },
  };
}
