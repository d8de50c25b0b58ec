// How slow a transfer may be: in every stretch of `idleMs` at least 64 KiB must pass, or what is left of it. So a reader
// that stands still is seen, and one that takes a byte now and then.
import type { Clock } from '../operate/clock.ts';

const LEAST_BYTES = 64 << 10;

export interface Pace {
  moved(bytes: number): void;
  stop(): void;
}

/** `tooSlow` is called once at most. */
export function watchPace(clock: Clock, idleMs: number, tooSlow: () => void): Pace {
  let moved = 0;
  const look = (): void => {
    if (moved < LEAST_BYTES) {
      tooSlow();
      return;
    }
    moved = 0;
    timer = clock.after(idleMs, look);
  };
  let timer = clock.after(idleMs, look);
  return {
    moved(bytes) {
      moved += bytes;
    },
    stop: () => timer.cancel(),
  };
}
