// A bound on the time of an effect that answers by calling back.
import type { Clock } from '../../operate/clock.ts';

/** `start`'s first answer, or what `late` gives when none came within `ms`; later answers are dropped. */
export function within<T>(
  clock: Clock,
  ms: number,
  start: (settle: (value: T) => void) => void,
  late: () => T,
): Promise<T> {
  return new Promise((resolve) => {
    const timer = clock.after(ms, () => {
      resolve(late());
    });
    start((value) => {
      timer.cancel();
      resolve(value);
    });
  });
}
