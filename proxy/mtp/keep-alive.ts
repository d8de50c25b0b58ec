// R-WS.17: a peer that answers no pings is gone, whatever its network says.
import type { WebSocket } from 'ws';
import type { Clock } from '../operate/clock.ts';

const UNANSWERED_PINGS = 2;

/** Pings until the WebSocket is over; calls `gone` when the peer has not answered. */
export function keepAlive(webSocket: WebSocket, clock: Clock, everyMs: number, gone: () => void): void {
  let unanswered = 0;
  webSocket.on('pong', () => {
    unanswered = 0;
  });
  let timer = clock.after(everyMs, ping);
  function ping(): void {
    if (unanswered >= UNANSWERED_PINGS) {
      gone();
      return;
    }
    unanswered += 1;
    if (webSocket.readyState === webSocket.OPEN) webSocket.ping();
    timer = clock.after(everyMs, ping);
  }
  webSocket.once('close', () => timer.cancel());
}
