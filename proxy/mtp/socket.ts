// One open WebSocket as a connection of the endpoint: Records in and out, and every reason for which we end it. Each is
// counted once; after it nothing is taken or sent, though the peer may take its time to agree.
import type { WebSocket } from 'ws';
import type { CloseReason, Connection } from '../endpoint/connection.ts';
import type { Connections } from '../endpoint/connections.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import type { Limits } from '../endpoint/limits.ts';
import { type Clock, randomName, type Randomness } from '../operate/clock.ts';
import type { Log } from '../operate/log.ts';
import type { Metrics } from '../operate/metrics.ts';
import type { Peer } from './admission.ts';
import { watchExpiry } from './expiry.ts';
import { watchSilence } from './silence.ts';
import { takeRecords } from './intake.ts';
import { keepAlive } from './keep-alive.ts';

/** Written but not yet taken by the peer; beyond it the peer is too slow. */
const MOST_BUFFERED = 8 * 1024 * 1024;
/** Who has much to send goes on below this. */
const DRAINED = 1024 * 1024;

/** RFC 6455 §7.4.1, and what TR-369 makes of it. */
const CLOSE_CODES: Readonly<Record<CloseReason, number>> = {
  expired: 1008,
  'not-a-record': 1003,
  replaced: 1000,
  slow: 1013,
  stopping: 1001,
  'agent-dials': 1008,
  'not-wanted': 1000,
  'target-changed': 1000,
  restarted: 1001,
  inactive: 1008,
};

export interface SocketContext {
  readonly endpoint: Endpoint;
  readonly connections: Connections;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** The connection; it is not added to `connections` yet. */
export function openConnection(
  context: SocketContext,
  webSocket: WebSocket,
  { expiresAt, inactivityMs, ...peer }: Peer,
  pingMs: number,
): Connection {
  const { connections, randomness, clock, metrics, log } = context;
  let waiting: (() => void)[] = [];
  const release = (): void => {
    const released = waiting;
    waiting = [];
    for (const resolve of released) resolve();
  };
  let over = false;
  /** True for the first reason. */
  const end = (reason: string): boolean => {
    if (over) return false;
    over = true;
    metrics.count('socket_closed', reason);
    connections.remove(connection);
    release();
    return true;
  };
  const connection: Connection = {
    id: randomName(randomness, 16),
    ...peer,
    send(bytes) {
      if (over || hasExpired()) return false;
      if (webSocket.bufferedAmount > MOST_BUFFERED) {
        connection.close('slow');
        return false;
      }
      webSocket.send(bytes, { binary: true }, () => {
        if (webSocket.bufferedAmount <= DRAINED) release();
      });
      return true;
    },
    drained: () =>
      over || webSocket.bufferedAmount <= DRAINED ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve)),
    close(reason) {
      if (end(reason)) webSocket.close(CLOSE_CODES[reason], reason);
    },
  };
  const hasExpired = watchExpiry(webSocket, clock, expiresAt, () => connection.close('expired'));
  webSocket.on('error', (error) => {
    end(errorReason(error));
    log.debug({ controller: peer.controller, err: error }, 'a WebSocket failed');
  });
  webSocket.once('close', () => {
    over = true;
    connections.remove(connection);
    release();
  });
  keepAlive(webSocket, clock, pingMs, () => {
    end('no-pong');
    webSocket.terminate();
  });
  if (inactivityMs !== undefined) watchSilence(webSocket, clock, inactivityMs, () => connection.close('inactive'));
  takeRecords(context, webSocket, connection, () => over || hasExpired());
  return connection;
}

/** What `ws` refuses by itself, with the close code that RFC 6455 has for it. */
function errorReason(error: Error): string {
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' || code === 'WS_ERR_TOO_MANY_BUFFERED_PARTS') return 'too-large';
  return code.startsWith('WS_ERR_') ? 'protocol-error' : 'network-error';
}
