// A waker for tests, and clocks that need not be waited for.
import { randomBytes } from 'node:crypto';
import { systemClock, type Clock } from '../../../proxy/operate/clock.ts';
import {
  createHttpWaker,
  type HttpWakerEffects,
  type HttpWakerSettings,
  type WakeRequest,
  type WakeResult,
} from '../../../proxy/cwmp/connection-request/wake.ts';

/** One wake of a CPE on loopback, with the given changes to the usual. */
export function wake(
  request: Partial<WakeRequest>,
  settings: Partial<HttpWakerSettings> = {},
  effects: Partial<HttpWakerEffects> = {},
): Promise<WakeResult> {
  const waker = createHttpWaker(
    { clock: systemClock, random: randomBytes, ...effects },
    { addresses: { networks: [], ownListeners: [], ownAddresses: [] }, ...settings },
  );
  return waker({ url: undefined, sourceAddress: '127.0.0.1', candidates: [], ...request });
}

/** A clock that jumps to the next timer whenever the event loop has nothing else: for effects that never answer. */
export function jumpingClock(): Clock {
  let now = 0;
  return {
    now: () => now,
    after: (ms, run) => {
      const at = now + ms;
      const immediate = setImmediate(() => {
        now = Math.max(now, at);
        run();
      });
      return { cancel: () => clearImmediate(immediate) };
    },
  };
}

/**
 * A clock that stands still but for pauses, which are over at once: timers of the lengths in `limits` never fire. For
 * real sockets, whose answers no clock of ours could foresee.
 */
export function pauseClock(limits: readonly number[]): Clock {
  let now = 0;
  return {
    now: () => now,
    after: (ms, run) => {
      if (limits.includes(ms)) return { cancel: () => undefined };
      now += ms;
      const immediate = setImmediate(run);
      return { cancel: () => clearImmediate(immediate) };
    },
  };
}
