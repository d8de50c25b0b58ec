// USP over WebSocket (TR-369 R-WS.*), the gateway as server: `/usp/<agent>` is one Agent's own resource, `/usp` all
// Agents of the tenant by to_id. Bytes and what the transport proved of the peer; no Msg.
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { type AccessSettings, admit } from '../access/access.ts';
import type { CloseReason, Connection } from '../endpoint/connection.ts';
import type { Connections } from '../endpoint/connections.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import { type Clock, randomName, type Randomness } from '../operate/clock.ts';
import type { Log } from '../operate/log.ts';
import type { Metrics } from '../operate/metrics.ts';
import type { DeviceKey, Store } from '../store/store.ts';
import { eidOfQuery } from '../usp/eid.ts';
import { type Target, targetOf } from './target.ts';

/** R-WS.9 */
const SUBPROTOCOL = 'v1.usp';
const EXTENSION = 'bbf-usp-protocol';
/** Written but not yet taken by the peer; beyond it the peer is too slow. */
const MOST_BUFFERED = 8 * 1024 * 1024;
const UNANSWERED_PINGS = 2;

export interface WebSocketSettings {
  readonly access: AccessSettings;
  /** Largest Record, in bytes. */
  readonly recordBytes: number;
  readonly pingMs: number;
}

export interface WebSocketContext {
  readonly store: Store;
  readonly endpoint: Endpoint;
  readonly connections: Connections;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly settings: WebSocketSettings;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly incarnation: string;
  /** A Controller has connected: it has a row in every Agent. False when it may not. */
  readonly known: (tenant: string, controller: string) => Promise<boolean>;
  /** The Controller can be told what waits for it. */
  readonly connected: (tenant: string, controller: string) => void;
  /** Somebody wants the device near, or does not any more. */
  readonly attached: (key: DeviceKey) => void;
}

/** RFC 6455 §7.4.1, and what TR-369 makes of it. */
const CLOSE_CODES: Readonly<Record<CloseReason, number>> = {
  'not-a-record': 1003,
  replaced: 1000,
  slow: 1013,
  stopping: 1001,
};

type Refusal = { readonly status: number; readonly reason: string };

export class WebSocketTransport {
  readonly #context: WebSocketContext;
  readonly #server: WebSocketServer;

  constructor(context: WebSocketContext) {
    this.#context = context;
    this.#server = new WebSocketServer({
      noServer: true,
      maxPayload: context.settings.recordBytes,
      perMessageDeflate: false,
      handleProtocols: () => SUBPROTOCOL,
    });
    // R-WS.11a: a client that offers its Endpoint ID as an extension is answered in kind; nobody else is (quirk 33).
    this.#server.on('headers', (headers, request) => {
      const offered = request.headers['sec-websocket-extensions'] ?? '';
      if (offered.includes(EXTENSION)) headers.push(`Sec-WebSocket-Extensions: ${EXTENSION}`);
    });
  }

  get size(): number {
    return this.#server.clients.size;
  }

  /** Takes the upgrades of an HTTP server that are for USP; says of others that there is nothing. */
  attach(server: Server): void {
    server.on('upgrade', (request, socket, head) => {
      socket.on('error', () => undefined);
      this.#upgrade(request, socket, head).catch((error: unknown) => {
        this.#context.metrics.count('failure', 'upgrade');
        this.#context.log.error({ err: error }, 'a WebSocket could not be opened');
        refuse(socket, { status: 503, reason: 'try-again' });
      });
    });
  }

  /** Every connection is closed with a reason (R-MTP.7). */
  stop(): void {
    this.#context.connections.closeAll('stopping');
    this.#server.close();
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const admitted = await this.#admit(request);
    if ('status' in admitted) {
      this.#context.metrics.count('socket_closed', admitted.reason);
      refuse(socket, admitted);
      return;
    }
    if (socket.destroyed) return;
    this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#open(webSocket, admitted));
  }

  /** Who connects, and to what; or the HTTP status and the reason that end the upgrade. */
  async #admit(
    request: IncomingMessage,
  ): Promise<{ readonly tenant: string; readonly controller: string; readonly scope: Connection['scope'] } | Refusal> {
    const { settings, known } = this.#context;
    const { authorization, origin } = request.headers;
    const target = targetOf(request.url ?? '');
    if (target === undefined) return { status: 404, reason: 'no-such-path' };
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim());
    if (!offered.includes(SUBPROTOCOL)) return { status: 400, reason: 'no-subprotocol' };
    const eid = eidOfQuery(target.query);
    if (!eid.ok) return { status: 400, reason: eid.reason };
    const admission = admit(settings.access, { authorization, origin }, eid.eid);
    if (admission.kind === 'refused') return { status: 401, reason: admission.reason };
    const { tenant } = admission.principal;
    const scope = await this.#scope(tenant, target);
    if (scope === undefined) return { status: 404, reason: 'unknown-agent' };
    if (!(await known(tenant, eid.eid))) return { status: 403, reason: 'too-many-controllers' };
    return { tenant, controller: eid.eid, scope };
  }

  async #scope(tenant: string, { agent }: Target): Promise<Connection['scope'] | undefined> {
    if (agent === undefined) return { kind: 'all' };
    const key = await this.#context.store.devices.findDevice(tenant, agent);
    return key === undefined ? undefined : { kind: 'agent', key, endpointId: agent };
  }

  #open(
    webSocket: WebSocket,
    who: { readonly tenant: string; readonly controller: string; readonly scope: Connection['scope'] },
  ): void {
    const { connections, endpoint, store, incarnation, randomness, metrics, log } = this.#context;
    const connection: Connection = {
      id: randomName(randomness, 16),
      ...who,
      send: (bytes) => this.#send(webSocket, bytes),
      close: (reason) => {
        metrics.count('socket_closed', reason);
        webSocket.close(CLOSE_CODES[reason], reason);
      },
    };
    const failed = (error: unknown): void => {
      metrics.count('failure', 'receive');
      log.error({ controller: who.controller, err: error }, 'a Record could not be handled');
    };
    webSocket.on('message', (data: Buffer, isBinary) => {
      // R-WS.14, R-WS.16: Records come in binary messages only.
      const taken = isBinary ? endpoint.receive(connection, data) : Promise.resolve('not-a-record' as const);
      taken.then((result) => {
        if (result === 'not-a-record') connection.close(result);
      }, failed);
    });
    webSocket.on('error', (error) => {
      metrics.count('socket_closed', 'error');
      log.debug({ controller: who.controller, err: error }, 'a WebSocket failed');
    });
    const stopPinging = this.#keepAlive(webSocket);
    connections.add(connection);
    const { scope } = who;
    const attachment = scope.kind === 'agent' ? store.devices.attach(scope.key, incarnation) : undefined;
    webSocket.on('close', () => {
      stopPinging();
      connections.remove(connection);
      if (scope.kind !== 'agent') return;
      attachment?.then(() => store.devices.detach(scope.key, incarnation)).catch(failed);
    });
    attachment?.then(() => {
      if (scope.kind === 'agent') this.#context.attached(scope.key);
    }, failed);
    this.#context.connected(who.tenant, who.controller);
  }

  #send(webSocket: WebSocket, bytes: Uint8Array): boolean {
    if (webSocket.readyState !== webSocket.OPEN) return false;
    if (webSocket.bufferedAmount > MOST_BUFFERED) {
      this.#context.metrics.count('socket_closed', 'slow');
      webSocket.close(CLOSE_CODES.slow, 'slow');
      return false;
    }
    webSocket.send(bytes, { binary: true });
    return true;
  }

  /** R-WS.17: a peer that answers no pings is gone. */
  #keepAlive(webSocket: WebSocket): () => void {
    const { clock, settings, metrics } = this.#context;
    let unanswered = 0;
    webSocket.on('pong', () => {
      unanswered = 0;
    });
    let timer = clock.after(settings.pingMs, ping);
    function ping(): void {
      if (unanswered >= UNANSWERED_PINGS) {
        metrics.count('socket_closed', 'no-pong');
        webSocket.terminate();
        return;
      }
      unanswered += 1;
      webSocket.ping();
      timer = clock.after(settings.pingMs, ping);
    }
    return () => timer.cancel();
  }
}

const STATUS_TEXT: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  503: 'Service Unavailable',
};

function refuse(socket: Duplex, { status, reason }: Refusal): void {
  const challenge = status === 401 ? 'WWW-Authenticate: Bearer\r\n' : '';
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_TEXT[status] ?? ''}\r\n${challenge}Content-Type: text/plain\r\n` +
      `Content-Length: ${reason.length}\r\nConnection: close\r\n\r\n${reason}`,
  );
}
