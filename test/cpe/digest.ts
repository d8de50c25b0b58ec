// HTTP authentication as arithmetic (RFC 2617, 7616, 2069): the client's answer to a challenge, the server's own
// challenge, and the parsing of both. Pure; shared by the HTTP client and the Connection Request server.
import { createHash } from 'node:crypto';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export type Algorithm = 'MD5' | 'MD5-sess' | 'SHA-256' | 'SHA-256-sess';
export const algorithms: readonly Algorithm[] = ['MD5', 'MD5-sess', 'SHA-256', 'SHA-256-sess'];

export interface DigestInput extends Credentials {
  readonly algorithm: Algorithm;
  readonly realm: string;
  readonly method: string;
  readonly uri: string;
  readonly nonce: string;
  readonly cnonce: string;
  /** Eight hexadecimal digits. */
  readonly nc: string;
  /** undefined: the response of RFC 2069. */
  readonly qop: 'auth' | undefined;
}

export function digestResponse(input: DigestInput): string {
  const { algorithm, username, realm, password, nonce, cnonce, nc, qop } = input;
  const hash = (text: string): string =>
    createHash(algorithm.startsWith('SHA') ? 'sha256' : 'md5')
      .update(text)
      .digest('hex');
  const secret = hash(`${username}:${realm}:${password}`);
  const a1 = algorithm.endsWith('-sess') ? hash(`${secret}:${nonce}:${cnonce}`) : secret;
  const a2 = hash(`${input.method}:${input.uri}`);
  return hash(qop === undefined ? `${a1}:${nonce}:${a2}` : `${a1}:${nonce}:${nc}:${cnonce}:${qop}:${a2}`);
}

/** Scheme and parameters of a WWW-Authenticate or Authorization header; names in lower case. */
export interface AuthHeader {
  readonly scheme: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** What follows the scheme, for Basic. */
  readonly rest: string;
}

export function parseAuthHeader(text: string): AuthHeader {
  const [, scheme = '', rest = ''] = /^\s*(\S+)\s*(.*)$/s.exec(text) ?? [];
  const parameters = new Map<string, string>();
  for (const [, name = '', quoted, plain] of rest.matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]*))/g)) {
    parameters.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '');
  }
  return { scheme: scheme.toLowerCase(), parameters, rest: rest.trim() };
}

export const basicHeader = ({ username, password }: Credentials): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

export function algorithmOf(parameters: ReadonlyMap<string, string>): Algorithm | undefined {
  const named = parameters.get('algorithm') ?? 'MD5';
  return algorithms.find((algorithm) => algorithm.toLowerCase() === named.toLowerCase());
}

export const offersQop = (parameters: ReadonlyMap<string, string>): boolean =>
  (parameters.get('qop') ?? '').split(',').some((offer) => offer.trim() === 'auth');

export interface DigestRequest extends Credentials {
  readonly method: string;
  readonly uri: string;
  readonly cnonce: string;
  readonly nc: string;
  /** `never`: the response of RFC 2069, whatever was offered. */
  readonly qop: 'as-offered' | 'never';
}

/** The Authorization header that answers a Digest challenge, given the challenge's parameters. */
export function digestHeader(challenge: ReadonlyMap<string, string>, request: DigestRequest): string {
  const { username, password, method, uri, cnonce, nc } = request;
  const algorithm = algorithmOf(challenge) ?? 'MD5';
  const realm = challenge.get('realm') ?? '';
  const nonce = challenge.get('nonce') ?? '';
  const opaque = challenge.get('opaque');
  const qop = request.qop === 'as-offered' && offersQop(challenge) ? 'auth' : undefined;
  const response = digestResponse({ username, password, method, uri, cnonce, nc, algorithm, realm, nonce, qop });
  return [
    `Digest username="${username}"`,
    `realm="${realm}"`,
    `nonce="${nonce}"`,
    `uri="${uri}"`,
    `response="${response}"`,
    ...(qop === undefined ? [] : [`qop=${qop}`, `nc=${nc}`]),
    ...(qop === undefined && !algorithm.endsWith('-sess') ? [] : [`cnonce="${cnonce}"`]),
    ...(challenge.has('algorithm') ? [`algorithm=${algorithm}`] : []),
    ...(opaque === undefined ? [] : [`opaque="${opaque}"`]),
  ].join(', ');
}
