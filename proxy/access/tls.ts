// TLS of a listener: what Node is told, and why a handshake came to nothing.
import { DEFAULT_CIPHERS, type SecureContextOptions, type SecureVersion, type TlsOptions, TLSSocket } from 'node:tls';
import { Socket } from 'node:net';

export interface TlsSettings {
  /** `none`: not asked for; `request`: a CPE may show one; `require`: without a good one there is no handshake. */
  readonly clientCert: 'none' | 'request' | 'require';
  readonly minVersion: SecureVersion;
  readonly maxVersion: SecureVersion;
  /** In OpenSSL's notation; '': Node's own. */
  readonly ciphers: string;
}

/** What the files hold (PEM). */
export interface TlsMaterial {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** Those whose certificates CPEs may show. */
  readonly ca: Buffer | undefined;
}

/** Old CPEs work out an RSA key exchange in seconds; who takes longer than this is not going to. */
const HANDSHAKE_MS = 30_000;
const OLD: readonly SecureVersion[] = ['TLSv1', 'TLSv1.1'];

/** For `tls.createSecureContext`, and for a running server's `setSecureContext`. */
export function contextOptions(settings: TlsSettings, { cert, key, ca }: TlsMaterial): SecureContextOptions {
  const { minVersion, maxVersion } = settings;
  return { cert, key, ...(ca !== undefined && { ca }), minVersion, maxVersion, ciphers: ciphersOf(settings) };
}

export function serverOptions(settings: TlsSettings, material: TlsMaterial): TlsOptions {
  const { clientCert } = settings;
  return {
    ...contextOptions(settings, material),
    requestCert: clientCert !== 'none',
    rejectUnauthorized: clientCert === 'require',
    handshakeTimeout: HANDSHAKE_MS,
  };
}

/** OpenSSL 3 speaks TLS 1.0 and 1.1, whose signatures are over MD5 and SHA-1, at security level 0 only. */
function ciphersOf({ ciphers, minVersion }: TlsSettings): string {
  const wanted = ciphers === '' ? DEFAULT_CIPHERS : ciphers;
  return OLD.includes(minVersion) && !wanted.includes('@SECLEVEL') ? `${wanted}:@SECLEVEL=0` : wanted;
}

const REASONS: Readonly<Record<string, string>> = {
  ERR_SSL_HTTP_REQUEST: 'tls-plain-http',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'tls-version',
  ERR_SSL_VERSION_TOO_LOW: 'tls-version',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'tls-version',
  // No TLS at all, too.
  ERR_SSL_WRONG_VERSION_NUMBER: 'tls-version',
  ERR_SSL_NO_SHARED_CIPHER: 'tls-ciphers',
  ERR_SSL_NO_SUITABLE_SIGNATURE_ALGORITHM: 'tls-ciphers',
  ERR_SSL_NO_SHARED_SIGNATURE_ALGORITHMS: 'tls-ciphers',
  ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE: 'tls-no-certificate',
  ERR_TLS_HANDSHAKE_TIMEOUT: 'tls-slow',
  ECONNRESET: 'tls-cut-off',
};
/** The CPE does not take our certificate: unknown CA, expired, another name … */
const OUR_CERTIFICATE = /ALERT_(?:BAD|UNSUPPORTED)_CERTIFICATE|ALERT_CERTIFICATE|ALERT_UNKNOWN_CA/;

/** The reason to count; undefined where nobody tried, as load balancers do that look whether we are alive. */
export function handshakeReason(error: Error & { readonly code?: string }, socket: Socket): string | undefined {
  const { code = '' } = error;
  if (socket instanceof TLSSocket && refusedCertificate(socket)) return 'tls-bad-certificate';
  if (code === 'ECONNRESET' && bytesBeneath(socket) === 0) return undefined;
  return REASONS[code] ?? (OUR_CERTIFICATE.test(code) ? 'tls-our-certificate' : 'tls-broken');
}

/** TLS counts what it has deciphered. Where Node no longer shows the socket beneath, a silent one is counted too. */
function bytesBeneath(socket: Socket): number | undefined {
  const beneath: unknown = Reflect.get(socket, '_parent');
  return beneath instanceof Socket ? beneath.bytesRead : undefined;
}

/** The handshake itself was well: the certificate was not. @types/node has it never null, which it is. */
const refusedCertificate = (socket: TLSSocket): boolean => Boolean(socket.authorizationError as Error | null);
