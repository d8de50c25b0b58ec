// A clock that runs as the real one does and can be moved forward at once: the plan waits for minutes, CI does not. What
// falls due on the way runs in its order, each seeing its own time.
import type { Clock, Timer } from '../../proxy/operate/clock.ts';

export interface JumpClock extends Clock {
  /** Moves the time forward; what has become due has been called when this returns. */
  jump(ms: number): void;
}

interface Waiting {
  readonly at: number;
  readonly run: () => void;
  real: NodeJS.Timeout;
}

export function jumpClock(): JumpClock {
  let ahead = 0;
  const waiting = new Set<Waiting>();
  const now = (): number => Date.now() + ahead;
  const fire = (entry: Waiting): void => {
    clearTimeout(entry.real);
    if (waiting.delete(entry)) entry.run();
  };
  const arm = (entry: Waiting): NodeJS.Timeout =>
    setTimeout(() => fire(entry), Math.min(Math.max(0, entry.at - now()), 2 ** 31 - 1)).unref();
  const earliest = (): Waiting | undefined => [...waiting].sort((one, other) => one.at - other.at)[0];
  return {
    now,
    after(ms, run): Timer {
      const at = now() + ms;
      // It is armed as soon as it has an entry to fire.
      const entry: Waiting = { at, run, real: setTimeout(() => undefined, 0) };
      waiting.add(entry);
      clearTimeout(entry.real);
      entry.real = arm(entry);
      return {
        cancel() {
          clearTimeout(entry.real);
          waiting.delete(entry);
        },
      };
    },
    jump(ms) {
      const end = now() + ms;
      for (let next = earliest(); next !== undefined && next.at <= end; next = earliest()) {
        ahead += Math.max(0, next.at - now());
        fire(next);
      }
      ahead += Math.max(0, end - now());
      for (const entry of waiting) {
        clearTimeout(entry.real);
        entry.real = arm(entry);
      }
    },
  };
}
