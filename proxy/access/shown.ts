// What a peer shows of itself on its way in.
import type { IncomingMessage } from 'node:http';
import { certificateOf, type ControllerCertificate } from './controller-certificate.ts';

export interface Shown {
  readonly authorization: string | undefined;
  /** Sent by browsers: the site whose script is asking. */
  readonly origin: string | undefined;
  /** The name under which it looked us up, with its port. */
  readonly host: string | undefined;
  /** The address of ours that it reached. */
  readonly reached: string | undefined;
  /** The address from which it came; of a proxy, where one stands between. '' where it is not known. */
  readonly source: string;
  /** Of the TLS handshake. */
  readonly certificate: ControllerCertificate | undefined;
}

export const shownBy = (request: IncomingMessage): Shown => ({
  authorization: request.headers.authorization,
  origin: request.headers.origin,
  host: request.headers.host,
  reached: request.socket.localAddress,
  source: request.socket.remoteAddress ?? '',
  certificate: certificateOf(request),
});
