// What the way of a POST proves: that nobody listens in, and whose certificate stands at its other end. A session that
// was opened over such a way is not continued over a weaker one: its cookie may have been overheard or stolen elsewhere.
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { type ClientCertificate, readCertificate } from '../access/certificate.ts';
import { certificateInHeader } from './client-certificate.ts';
import type { Sources } from './source-address.ts';

export interface Channel {
  /** TLS, down to the gateway itself. */
  readonly encrypted: boolean;
  /** Of the CPE: verified by us, or by a proxy that we trust. */
  readonly certificate: ClientCertificate | undefined;
}

export interface ChannelSettings {
  readonly sources: Sources;
  /** In which trusted proxies pass on a CPE's certificate, in lower case; '' when they do not. */
  readonly clientCertHeader: string;
}

const PLAIN: Channel = { encrypted: false, certificate: undefined };
/** How nginx and HAProxy say that they have verified the certificate. */
const VERIFIED: ReadonlySet<string> = new Set(['SUCCESS', '0']);

/** A certificate is read once a connection. */
const known = new WeakMap<TLSSocket, Channel>();

export function channelOf({ socket, headers }: IncomingMessage, settings: ChannelSettings): Channel {
  const own = ownChannel(socket);
  const { sources, clientCertHeader } = settings;
  if (clientCertHeader === '' || !sources.comesByProxy(socket)) return own;
  // A certificate of the connection itself is the proxy's.
  const verified = headers['x-ssl-client-verify'] ?? 'SUCCESS';
  const passedOn = headers[clientCertHeader];
  const believed = typeof passedOn === 'string' && VERIFIED.has(String(verified));
  return { encrypted: own.encrypted, certificate: believed ? certificateInHeader(passedOn) : undefined };
}

function ownChannel(socket: Socket): Channel {
  if (!(socket instanceof TLSSocket)) return PLAIN;
  let channel = known.get(socket);
  if (channel === undefined) {
    const shown = socket.authorized ? socket.getPeerX509Certificate() : undefined;
    channel = { encrypted: true, certificate: shown === undefined ? undefined : readCertificate(shown) };
    known.set(socket, channel);
  }
  return channel;
}

/** Whether a session that was opened over one channel may be continued over another. */
export const isAsStrong = (opened: Channel, now: Channel): boolean =>
  (now.encrypted || !opened.encrypted) &&
  (opened.certificate === undefined || opened.certificate.fingerprint === now.certificate?.fingerprint);
