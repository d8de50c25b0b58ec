// The HTTP server under the CPEs' sessions: Node's, with its own times, TLS where it is set, and before both the PROXY
// header where one is due.
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { Server as TlsServer, type TlsOptions } from 'node:tls';
import { handshakeReason } from '../access/tls.ts';
import { takeProxyHeader } from './proxy-header.ts';
import type { Sources } from './source-address.ts';

export interface ListenerSettings {
  readonly keepAliveMs: number;
  /** How long a whole request may take to arrive. */
  readonly idleMs: number;
  /** Connections from trusted proxies begin with a PROXY header. */
  readonly proxyProtocol: boolean;
  /** Undefined: plain HTTP. */
  readonly tls: TlsOptions | undefined;
}

/** How often Node looks for requests that take too long to arrive. */
const LOOK_MS = 5000;
/** A load balancer sends its header with the first packet, or it is lost and repeated once. */
const PROXY_HEADER_MS = 3000;

/** `refused` is told why a connection was ended before HTTP saw it. */
export function createListener(
  settings: ListenerSettings,
  sources: Sources,
  take: RequestListener,
  refused: (socket: Socket, reason: string) => void,
): Server {
  const { keepAliveMs, idleMs, proxyProtocol, tls } = settings;
  const http = {
    keepAliveTimeout: keepAliveMs,
    // A CPE may send its Inform drop by drop; a whole request must still arrive in a time of its own.
    requestTimeout: idleMs,
    headersTimeout: idleMs,
    connectionsCheckingInterval: Math.min(LOOK_MS, idleMs),
    // Nothing here depends on it; Node would refuse the CPE without a word to us.
    requireHostHeader: false,
  };
  const server = tls === undefined ? createServer(http) : createTlsServer({ ...http, ...tls });
  // A CPE that has sent its last POST and closed its half of the connection still wants the answer.
  Object.assign(server, { httpAllowHalfOpen: true });
  // Only once it is open: a handshake that is cut off would wait for its time-out.
  server.prependListener('secureConnection', (socket: Socket) => (socket.allowHalfOpen = true));
  if (proxyProtocol) expectHeaders(server, sources, refused);
  server.on('tlsClientError', (error: Error, socket: Socket) => {
    const reason = handshakeReason(error, socket);
    if (reason !== undefined) refused(socket, reason);
  });
  // An expectation that nobody knows is no reason to refuse what comes with it, as Node would by itself.
  return server.on('request', take).on('checkExpectation', take);
}

/**
 * Steps between the server and its own listeners, rather than before it with a server of its own: Node looks after slow
 * requests only on a server that listens itself.
 */
function expectHeaders(server: Server, sources: Sources, refused: (socket: Socket, reason: string) => void): void {
  const listeners = server.listeners('connection');
  // TLS makes a socket of its own out of the one that was announced; both have the same four ends.
  const announced = new Map<string, string>();
  server.prependListener('secureConnection', (socket: Socket) => {
    const source = announced.get(nameOf(socket));
    if (source !== undefined) sources.announce(socket, source);
  });
  const pass = (socket: Socket): void => {
    for (const listener of listeners) listener.call(server, socket);
  };
  server.removeAllListeners('connection').on('connection', (socket: Socket) => {
    // Reset before we came to it: nobody is there, and what it sent must not be taken for a client's bytes.
    if (socket.remoteAddress === undefined) {
      socket.on('error', () => undefined).destroy();
      return;
    }
    if (!sources.isTrusted(socket.remoteAddress)) {
      pass(socket);
      return;
    }
    takeProxyHeader(socket, PROXY_HEADER_MS, (announcement) => {
      if (announcement.kind === 'announced') {
        const { source = '' } = announcement;
        sources.announce(socket, source);
        const name = nameOf(socket);
        announced.set(name, source);
        socket.once('close', () => announced.delete(name));
        pass(socket);
        // TLS reads what is left in it by itself, and would miss what flows before.
        if (!(server instanceof TlsServer)) socket.resume();
        return;
      }
      if (announcement.kind === 'refused') refused(socket, announcement.reason);
      socket.on('error', () => undefined).destroy();
    });
  });
}

/** Of a connection, as long as it lasts. */
const nameOf = ({ remoteAddress, remotePort, localAddress, localPort }: Socket): string =>
  [remoteAddress, remotePort, localAddress, localPort].join(' ');
