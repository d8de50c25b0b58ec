// USP over WebSocket (TR-369 R-WS.*), the gateway as server: `/usp/<agent>` is one Agent's own resource, `/usp` all
// Agents of the tenant by to_id. Bytes and what the transport proved of the peer; no Msg.
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Access } from '../access/access.ts';
import type { DeviceKey, Store } from '../store/store.ts';
import { type AdmissionContext, admitPeer, type Peer, SUBPROTOCOL } from './admission.ts';
import { type Refusal, refuse } from './refusal.ts';
import { openConnection, type SocketContext } from './socket.ts';

const EXTENSION = 'bbf-usp-protocol';
/** How long a peer may take to answer our Close. */
const CLOSE_TIMEOUT_MS = 3000;

export interface WebSocketSettings {
  readonly access: Access;
  /** Largest Record, in bytes. */
  readonly recordBytes: number;
  readonly pingMs: number;
}

export interface WebSocketContext extends SocketContext {
  readonly store: Store;
  readonly settings: WebSocketSettings;
  readonly incarnation: string;
  readonly known: AdmissionContext['known'];
  readonly tenancy: AdmissionContext['tenancy'];
  /** The Controller can be told what waits for it. */
  readonly connected: (tenant: string, controller: string) => void;
  /** Somebody wants the device near, or does not any more. */
  readonly attached: (key: DeviceKey) => void;
}

export class WebSocketTransport {
  readonly #context: WebSocketContext;
  readonly #server: WebSocketServer;
  readonly #admitted = new WeakMap<IncomingMessage, Peer>();

  constructor(context: WebSocketContext) {
    this.#context = context;
    // Not a literal of the call: the types of `ws` do not know closeTimeout yet.
    const options = {
      noServer: true,
      maxPayload: context.settings.recordBytes,
      perMessageDeflate: false,
      // A text message is refused as such (R-WS.16), whatever its bytes.
      skipUTF8Validation: true,
      closeTimeout: CLOSE_TIMEOUT_MS,
      handleProtocols: () => SUBPROTOCOL,
    };
    this.#server = new WebSocketServer(options);
    // R-WS.11a: a client that offers its Endpoint ID as an extension is answered in kind; nobody else is (quirk 33).
    this.#server.on('headers', (headers, request) => {
      if (!(request.headers['sec-websocket-extensions'] ?? '').includes(EXTENSION)) return;
      const scope = this.#admitted.get(request)?.scope;
      const eid = scope?.kind === 'agent' ? `; eid="${scope.endpointId}"` : '';
      headers.push(`Sec-WebSocket-Extensions: ${EXTENSION}${eid}`);
    });
    this.#server.on('wsClientError', (_error, socket) =>
      this.#refuse(socket, { status: 400, reason: 'bad-handshake' }),
    );
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

  /** Every connection is told that we go; resolves when all are gone, after CLOSE_TIMEOUT_MS at the latest. */
  async stop(): Promise<void> {
    this.#context.connections.closeAll('stopping');
    const gone = [...this.#server.clients].map(closed);
    this.#server.close();
    await Promise.all(gone);
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { store, known, tenancy, settings, connections, limits, metrics } = this.#context;
    const admitted = await admitPeer({ store, known, tenancy, access: settings.access }, request);
    if (socket.destroyed) return;
    if (!admitted.ok) {
      this.#refuse(socket, admitted.refusal);
      return;
    }
    if (connections.beside(admitted.peer) >= limits.connections) {
      metrics.count('usp_limit', 'connections');
      this.#refuse(socket, { status: 429, reason: 'too-many-connections' });
      return;
    }
    this.#admitted.set(request, admitted.peer);
    this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#open(webSocket, admitted.peer));
  }

  #refuse(socket: Duplex, refusal: Refusal): void {
    this.#context.metrics.count('socket_closed', refusal.reason);
    refuse(socket, refusal);
  }

  #open(webSocket: WebSocket, peer: Peer): void {
    const { connections, connected, settings } = this.#context;
    if (!connections.add(openConnection(this.#context, webSocket, peer, settings.pingMs))) return;
    if (peer.scope.kind === 'agent') this.#attachUntilClosed(webSocket, peer.scope.key);
    connected(peer.tenant, peer.controller);
  }

  /** A socket of one Agent wants its device near (DESIGN mechanism 2). */
  #attachUntilClosed(webSocket: WebSocket, key: DeviceKey): void {
    const { store, incarnation, attached, metrics, log } = this.#context;
    const gone = closed(webSocket);
    const stay = async (): Promise<void> => {
      await store.devices.attach(key, incarnation);
      attached(key);
      await gone;
      await store.devices.detach(key, incarnation);
      attached(key);
    };
    stay().catch((error: unknown) => {
      metrics.count('failure', 'attach');
      log.error({ device: key.device, err: error }, 'an attachment could not be stored');
    });
  }
}

const closed = (webSocket: WebSocket): Promise<void> =>
  new Promise((resolve) => void webSocket.once('close', () => resolve()));
