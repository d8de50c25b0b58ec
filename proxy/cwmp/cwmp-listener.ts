// One of the listeners for CPEs: what it asks of them, and its HTTP server. The sessions are those of all listeners.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Server as TlsServer, type SecureContextOptions, type TlsOptions } from 'node:tls';
import fastify, { type FastifyInstance } from 'fastify';
import type { CpeAuthenticationSettings } from './authentication/cpe-authentication.ts';
import { type Channel, channelOf } from './channel.ts';
import type { IdentityPattern } from './client-certificate.ts';
import { createListener } from './listener.ts';
import { answerBadHttp } from './not-http.ts';
import { type SourceSettings, Sources } from './source-address.ts';

export interface CwmpListenerSettings extends SourceSettings {
  /** The setting that asks for it: `cwmp.listen`, `cwmp.listeners[0]`. */
  readonly name: string;
  readonly listen: { readonly host: string; readonly port: number };
  /** Whose devices come to it: none of other tenants are taken. Undefined: anybody's. */
  readonly tenant?: string | undefined;
  /** `certificate`: an Inform without a verified client certificate is refused. */
  readonly auth: CpeAuthenticationSettings['mode'] | 'certificate';
  /** Connections from trusted proxies begin with a PROXY header. */
  readonly proxyProtocol: boolean;
  /** Undefined: plain HTTP. */
  readonly tls: TlsOptions | undefined;
  /** In which trusted proxies pass on a CPE's certificate, in lower case; '' when they do not. */
  readonly clientCertHeader: string;
  /** How a certificate names its device; empty: certificates are not one device's each. */
  readonly certificateIdentity: readonly IdentityPattern[];
}

export interface CwmpListener {
  readonly settings: CwmpListenerSettings;
  readonly sources: Sources;
  readonly server: FastifyInstance;
  /** Other certificates for handshakes to come; what is open goes on. */
  renew(options: SecureContextOptions): void;
  /** What the way of a POST to it proves. */
  channelOf(request: IncomingMessage): Channel;
}

export interface ListenerHands {
  readonly keepAliveMs: number;
  readonly idleMs: number;
  take(listener: CwmpListener, request: IncomingMessage, response: ServerResponse): void;
  /** Why a connection was ended. */
  breaks(socket: Socket, reason: string): void;
}

/**
 * Every request is ours, whatever its path and method, and its body is read by our own hand since its cap depends on
 * whose it is: none passes fastify's router, which only opens and closes the listener.
 */
export function openListener(settings: CwmpListenerSettings, hands: ListenerHands): CwmpListener {
  const sources = new Sources(settings);
  const { keepAliveMs, idleMs } = hands;
  const http: Server = createListener(
    { keepAliveMs, idleMs, proxyProtocol: settings.proxyProtocol, tls: settings.tls },
    sources,
    (request, response) => hands.take(listener, request, response),
    (socket, reason) => hands.breaks(socket, reason),
  );
  const server = fastify({
    logger: false,
    // Node may close what nobody speaks on; a held CPE is answered before (the device room sees to it).
    forceCloseConnections: 'idle',
    serverFactory: () => http,
    clientErrorHandler: (error, socket) => {
      const reason = answerBadHttp(error, socket);
      if (reason !== undefined) hands.breaks(socket, reason);
    },
  });
  if (settings.tls !== undefined) endHandshakesWith(server, http);
  const listener: CwmpListener = {
    settings,
    sources,
    server,
    channelOf: (request) => channelOf(request, { sources, clientCertHeader: settings.clientCertHeader }),
    renew(options) {
      if (http instanceof TlsServer) http.setSecureContext(options);
    },
  };
  return listener;
}

/** A connection in its handshake is none of HTTP's, which would wait for it at the end. */
function endHandshakesWith(server: FastifyInstance, http: Server): void {
  const open = new Set<Socket>();
  http.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  server.addHook('preClose', async () => {
    for (const socket of open) socket.destroy();
  });
}
