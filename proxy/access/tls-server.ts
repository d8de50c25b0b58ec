// HTTP servers with TLS for those who come to manage devices: certificates that are renewed while they run, and a reason
// for every handshake that comes to nothing.
import { constants } from 'node:crypto';
import type { RequestListener, Server, ServerOptions } from 'node:http';
import { createServer } from 'node:https';
import type { Socket } from 'node:net';
import { type SecureContextOptions, type TlsOptions, TLSSocket } from 'node:tls';
import { certificateFault, certificateShown, type ControllerCertificate } from './controller-certificate.ts';
import { handshakeReason } from './tls.ts';

export interface TlsServers {
  create(http: ServerOptions, handler: RequestListener): Server;
  /** Other certificates for handshakes to come; what is open goes on. */
  renew(options: SecureContextOptions): void;
  /**
   * Where a certificate is required: who may come with one that is not known, and is looked at again for each request.
   * Undefined: nobody, and such handshakes come to nothing as OpenSSL has it.
   */
  admitUnknown(mayPass: ((certificate: ControllerCertificate) => boolean) | undefined): void;
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
  const isRequired = options.rejectUnauthorized === true;
  let mayPass: Parameters<TlsServers['admitUnknown']>[0];
  /** Before HTTP has the connection: whoever is not known and may not pass is served nothing. */
  const judge = (socket: TLSSocket): void => {
    if (!isRequired || socket.authorized) return;
    const certificate = certificateShown(socket);
    if (certificate !== undefined && mayPass?.(certificate) === true) return;
    refused(certificate?.fault ?? 'tls-no-certificate');
    socket.destroy();
  };
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
      server.prependListener('secureConnection', judge);
      servers.push(server);
      return server;
    },
    admitUnknown(passes) {
      mayPass = passes;
      if (!isRequired) return;
      current = { ...current, rejectUnauthorized: passes === undefined };
      // Node reads it with each connection, and has no other way to change it.
      for (const server of servers) Object.assign(server, { rejectUnauthorized: passes === undefined });
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
