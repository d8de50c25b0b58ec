// HTTP servers with TLS for those who come to manage devices: certificates that are renewed while they run, and a reason
// for every handshake that comes to nothing.
import { constants } from 'node:crypto';
import type { RequestListener, Server, ServerOptions } from 'node:http';
import { createServer } from 'node:https';
import type { Socket } from 'node:net';
import { type SecureContextOptions, type TlsOptions, TLSSocket } from 'node:tls';
import { certificateFault } from './controller-certificate.ts';
import { handshakeReason } from './tls.ts';

export interface TlsServers {
  create(http: ServerOptions, handler: RequestListener): Server;
  /** Other certificates for handshakes to come; what is open goes on. */
  renew(options: SecureContextOptions): void;
  /** A connection in its handshake is none of HTTP's, which would wait for it at the end. */
  endHandshakes(): void;
}

/** A resumed session would not show again who signed its certificate; these connections are few, and last. */
const withoutTickets = <T extends SecureContextOptions>(options: T): T => ({
  ...options,
  secureOptions: (options.secureOptions ?? 0) | constants.SSL_OP_NO_TICKET,
});

/** `refused` is told why a connection was ended before HTTP saw it. */
export function createTlsServers(options: TlsOptions, refused: (reason: string) => void): TlsServers {
  let current = withoutTickets(options);
  const servers: ReturnType<typeof createServer>[] = [];
  const open = new Set<Socket>();
  return {
    create(http, handler) {
      const server = createServer({ ...http, ...current }, handler);
      server.on('connection', (socket: Socket) => {
        open.add(socket);
        socket.once('close', () => open.delete(socket));
      });
      server.on('tlsClientError', (error: Error, socket: Socket) => {
        const fault = socket instanceof TLSSocket ? certificateFault(socket) : undefined;
        const reason = fault ?? handshakeReason(error, socket);
        if (reason !== undefined) refused(reason);
      });
      servers.push(server);
      return server;
    },
    renew(renewed) {
      const context = withoutTickets(renewed);
      current = { ...current, ...context };
      for (const server of servers) server.setSecureContext(context);
    },
    endHandshakes() {
      for (const socket of open) socket.destroy();
    },
  };
}
