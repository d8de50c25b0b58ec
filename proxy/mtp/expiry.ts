// A connection lasts no longer than the credential by which it came. The clock is asked with every Record, in or out; the
// timer only sees to it that a silent connection ends as well.
import type { WebSocket } from 'ws';
import type { Clock } from '../operate/clock.ts';

/** Whether the credential has ended, told to `expired` too. `expiresAt` undefined: it never does. */
export function watchExpiry(
  webSocket: WebSocket,
  clock: Clock,
  expiresAt: number | undefined,
  expired: () => void,
): () => boolean {
  if (expiresAt === undefined) return () => false;
  const timer = clock.after(Math.max(0, expiresAt - clock.now()), expired);
  webSocket.once('close', () => timer.cancel());
  return () => {
    if (clock.now() < expiresAt) return false;
    expired();
    return true;
  };
}
