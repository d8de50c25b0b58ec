// The product's clock, moved by hand.
import type { Clock } from '../../../proxy/operate/clock.ts';

export interface HandClock extends Clock {
  /** Runs, in order and each at its time, what falls due in the next `ms`. */
  advance(ms: number): void;
  /** As a process that stood still: time has passed, and nothing has run. */
  jump(ms: number): void;
}

export function handClock(): HandClock {
  let time = 0;
  const timers = new Map<object, { readonly at: number; readonly run: () => void }>();
  const first = (): [object, { readonly at: number; readonly run: () => void }] | undefined =>
    [...timers].sort(([, one], [, other]) => one.at - other.at)[0];
  return {
    now: () => time,
    after(ms, run) {
      const name = {};
      timers.set(name, { at: time + ms, run });
      return { cancel: () => void timers.delete(name) };
    },
    advance(ms) {
      const end = time + ms;
      for (let next = first(); next !== undefined && next[1].at <= end; next = first()) {
        const [name, { at, run }] = next;
        timers.delete(name);
        time = Math.max(time, at);
        run();
      }
      time = Math.max(time, end);
    },
    jump(ms) {
      time += ms;
    },
  };
}
