// What the way of a POST proves: that nobody listens in, and whose certificate stands at its other end. A session that
// was opened over such a way is not continued over a weaker one: its cookie may have been overheard or stolen elsewhere.
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

export interface Channel {
  /** TLS, down to the gateway itself. */
  readonly encrypted: boolean;
  /** SHA-256 of the client certificate, where one was shown and verified. */
  readonly certificate: string | undefined;
}

const PLAIN: Channel = { encrypted: false, certificate: undefined };
const NAMELESS: Channel = { encrypted: true, certificate: undefined };

/** A certificate is asked for once a connection. */
const known = new WeakMap<TLSSocket, Channel>();

export function channelOf(socket: Socket): Channel {
  if (!(socket instanceof TLSSocket)) return PLAIN;
  let channel = known.get(socket);
  if (channel === undefined) {
    const certificate = socket.authorized ? socket.getPeerX509Certificate()?.fingerprint256 : undefined;
    channel = certificate === undefined ? NAMELESS : { encrypted: true, certificate };
    known.set(socket, channel);
  }
  return channel;
}

/** Whether a session that was opened over one channel may be continued over another. */
export const isAsStrong = (opened: Channel, now: Channel): boolean =>
  (now.encrypted || !opened.encrypted) && (opened.certificate === undefined || opened.certificate === now.certificate);
