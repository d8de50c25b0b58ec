// Why a dial did not come to be: a name for each, which is counted.
import type { HostRefusal } from '../../access/hosts.ts';
import { ADDRESS_REFUSED } from '../../access/names.ts';

export type DialFailure =
  | HostRefusal
  /** Host, Port and Path of the row make no URL. */
  | 'bad-target'
  | 'name-not-found'
  | 'refused'
  | 'unreachable'
  | 'reset'
  /** Not open within `usp.dial.timeout`, whatever it was that took so long. */
  | 'handshake-timeout'
  /** No certificate that we trust for this name. */
  | 'certificate'
  | 'tls-failed'
  | 'not-http'
  /** Another answer than 101, with its status: nothing is followed (`http-302`). */
  | `http-${number}`
  /** The server has not chosen v1.usp (R-WS.12). */
  | 'no-subprotocol'
  | 'bad-handshake'
  /** The process has no more file descriptors. */
  | 'no-descriptors'
  | 'network-error';

const BY_CODE: readonly (readonly [RegExp, DialFailure])[] = [
  [new RegExp(`^${ADDRESS_REFUSED}$`), 'address-not-allowed'],
  [/^(?:ENOTFOUND|EAI_.*)$/, 'name-not-found'],
  [/^ECONNREFUSED$/, 'refused'],
  [/^(?:EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ETIMEDOUT)$/, 'unreachable'],
  [/^(?:ECONNRESET|EPIPE|ECONNABORTED)$/, 'reset'],
  [/^(?:EMFILE|ENFILE)$/, 'no-descriptors'],
  [
    /^(?:CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|ERR_TLS_CERT|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH)/,
    'certificate',
  ],
  [/^(?:ERR_SSL|ERR_TLS|EPROTO)/, 'tls-failed'],
  [/^HPE_/, 'not-http'],
];

/** What `ws` and Node say of a client that is not open yet. */
export function failureOf(error: Error & { readonly code?: string }): DialFailure {
  const { code = '' } = error;
  const known = BY_CODE.find(([pattern]) => pattern.test(code));
  if (known !== undefined) return known[1];
  if (code !== '') return 'network-error';
  // What `ws` refuses of the server's answer has words only.
  return /subprotocol/.test(error.message) ? 'no-subprotocol' : 'bad-handshake';
}
