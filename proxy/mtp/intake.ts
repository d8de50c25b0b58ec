// Records that come in on one socket, no faster than they can be worked on and than their Controller may send: while there
// are too many the socket is not read, and its peer waits.
import type { WebSocket } from 'ws';
import type { Connection } from '../endpoint/connection.ts';
import type { SocketContext } from './socket.ts';

/** Records of one socket that are worked on at once; while there are more, no further one is read. */
const MOST_IN_HAND = 64;
/** Longest time for which a socket is not read: its pongs are not seen meanwhile. */
const LONGEST_WAIT_MS = 5000;

export function takeRecords(
  { endpoint, limits, clock, metrics, log }: SocketContext,
  webSocket: WebSocket,
  connection: Connection,
  isOver: () => boolean,
): void {
  const bucket = limits.bucketOf(connection.tenant, connection.controller);
  let inHand = 0;
  let resuming = false;
  let tooFast = false;
  const failed = (error: unknown): void => {
    metrics.count('failure', 'receive');
    log.error({ controller: connection.controller, err: error }, 'a Record could not be handled');
  };
  // Not at once: what is answered without waiting would let one socket's flood be read to its end before any other's turn.
  const goOn = (): void => {
    resuming = false;
    if (!tooFast) webSocket.resume();
  };
  const readOn = (): void => {
    if (resuming || tooFast || !webSocket.isPaused || inHand > MOST_IN_HAND / 2) return;
    resuming = true;
    setImmediate(goOn);
  };
  const done = (): void => {
    inHand -= 1;
    readOn();
  };
  /** What had been read before the pause adds to the debt: it is looked at again when the time is over. */
  const wait = (debtMs: number, givenMs: number): void => {
    const waitMs = Math.min(debtMs, givenMs);
    clock.after(waitMs, () => {
      const leftMs = bucket.take(clock.now(), 0);
      if (leftMs > 0 && givenMs > waitMs) {
        wait(leftMs, givenMs - waitMs);
        return;
      }
      tooFast = false;
      readOn();
    });
  };
  const keepPace = (): void => {
    const debtMs = bucket.take(clock.now());
    if (debtMs === 0 || tooFast) return;
    tooFast = true;
    webSocket.pause();
    metrics.count('usp_limit', 'records');
    wait(debtMs, LONGEST_WAIT_MS);
  };
  webSocket.on('message', (data: Buffer, isBinary) => {
    if (isOver()) return;
    keepPace();
    // R-WS.14, R-WS.16: Records come in binary messages only.
    const received = isBinary ? endpoint.receive(connection, data) : endpoint.receiveNone();
    if (received === 'not-a-record') {
      connection.close(received);
      return;
    }
    inHand += 1;
    if (inHand >= MOST_IN_HAND) webSocket.pause();
    received.catch(failed).finally(done);
  });
}
