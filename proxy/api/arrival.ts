// How slowly the body of a request may arrive: Node bounds a request as a whole, which a large file rightly exceeds.
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../operate/clock.ts';

/** In every stretch of this length the rest of a body arrives, or at least so much of it. */
export const ARRIVAL_MS = 30_000;
const LEAST_BYTES = 64 << 10;

export function boundArrival(request: IncomingMessage, clock: Clock): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const { socket } = request;
  let before = socket.bytesRead;
  const look = (): void => {
    if (request.complete) return;
    if (socket.bytesRead - before < LEAST_BYTES) {
      request.destroy();
      return;
    }
    before = socket.bytesRead;
    timer = clock.after(ARRIVAL_MS, look);
  };
  let timer = clock.after(ARRIVAL_MS, look);
  request.once('close', () => timer.cancel());
}
