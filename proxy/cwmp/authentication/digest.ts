// HTTP Digest as CPEs speak it, on both sides: RFC 2069 (no qop), RFC 2617 and RFC 7616, MD5 and SHA-256 with their
// -sess forms, qop "auth" or none. What comes from a header is a byte string (one character a byte) and is hashed as
// sent; what comes from a setting is text, and is hashed as UTF-8.
import { createHash } from 'node:crypto';
import { equalsInConstantTime } from './constant-time.ts';

const ALGORITHMS = {
  MD5: { hash: 'md5', session: false },
  'MD5-sess': { hash: 'md5', session: true },
  'SHA-256': { hash: 'sha256', session: false },
  'SHA-256-sess': { hash: 'sha256', session: true },
} as const;

export type DigestAlgorithm = keyof typeof ALGORITHMS;

export const digestAlgorithms: readonly DigestAlgorithm[] = ['MD5', 'MD5-sess', 'SHA-256', 'SHA-256-sess'];

/** Whether a CPE may answer so where these are offered: a weaker hash than any of them is the work of somebody between. */
export const isAcceptable = (offered: readonly DigestAlgorithm[], sent: DigestAlgorithm): boolean =>
  ALGORITHMS[sent].hash === 'sha256' || offered.some((algorithm) => ALGORITHMS[algorithm].hash === 'md5');

/** RFC 7616 §3.3: without a name it is MD5. Undefined when the name is none we know. */
export function digestAlgorithmNamed(name: string | undefined): DigestAlgorithm | undefined {
  if (name === undefined || name === '') return 'MD5';
  const wanted = name.toLowerCase();
  return digestAlgorithms.find((algorithm) => algorithm.toLowerCase() === wanted);
}

/** What both sides hash. All but `password` are byte strings, exactly as they stand in the Authorization header. */
export interface DigestInput {
  readonly algorithm: DigestAlgorithm;
  readonly username: string;
  readonly realm: string;
  readonly nonce: string;
  readonly method: string;
  readonly uri: string;
  /** Undefined: the form of RFC 2069, which has neither nc nor cnonce in its hash. */
  readonly qop: string | undefined;
  readonly nc: string;
  readonly cnonce: string;
}

/** RFC 7616 §3.4.1: the response in lower-case hex. `password` is text. */
export function digestResponse(input: DigestInput, password: string): string {
  const { hash, session } = ALGORITHMS[input.algorithm];
  const hashed = (text: string) => createHash(hash).update(text, 'latin1').digest('hex');
  const identity = hashed(`${input.username}:${input.realm}:${utf8ByteString(password)}`);
  const a1 = session ? hashed(`${identity}:${input.nonce}:${input.cnonce}`) : identity;
  const a2 = hashed(`${input.method}:${input.uri}`);
  return input.qop === undefined
    ? hashed(`${a1}:${input.nonce}:${a2}`)
    : hashed(`${a1}:${input.nonce}:${input.nc}:${input.cnonce}:${input.qop}:${a2}`);
}

/** Text from a setting, as the bytes in which it goes on the wire. */
export function utf8ByteString(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** Why a Digest challenge cannot be answered. */
export type UnanswerableDigest = 'no-nonce' | 'unknown-algorithm' | 'unknown-qop';

/** A Digest challenge that can be answered. */
export interface DigestChallenge {
  readonly realm: string;
  readonly nonce: string;
  readonly algorithm: DigestAlgorithm;
  readonly qop: 'auth' | undefined;
  /** The parameters to send back as they came: a CPE may refuse what it did not offer (genieacs#181). */
  readonly echoed: readonly (readonly [name: 'algorithm' | 'opaque', value: string])[];
  /** True: only the nonce was too old, name and password were right. */
  readonly stale: boolean;
}

export function readDigestChallenge(
  parameters: ReadonlyMap<string, string>,
):
  | { readonly ok: true; readonly challenge: DigestChallenge }
  | { readonly ok: false; readonly reason: UnanswerableDigest } {
  const nonce = parameters.get('nonce') ?? '';
  if (nonce === '') return { ok: false, reason: 'no-nonce' };
  const algorithm = digestAlgorithmNamed(parameters.get('algorithm'));
  if (algorithm === undefined) return { ok: false, reason: 'unknown-algorithm' };
  const offered = (parameters.get('qop') ?? '').toLowerCase().split(/[\s,]+/);
  const qop = offered.includes('auth') ? 'auth' : undefined;
  if (qop === undefined && !offered.every((word) => word === '')) return { ok: false, reason: 'unknown-qop' };
  const echoed = (['algorithm', 'opaque'] as const).flatMap((name) => {
    const value = parameters.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const stale = parameters.get('stale')?.toLowerCase() === 'true';
  return { ok: true, challenge: { realm: parameters.get('realm') ?? '', nonce, algorithm, qop, echoed, stale } };
}

export interface DigestAnswer {
  readonly username: string;
  readonly password: string;
  readonly method: string;
  /** The request target, byte for byte. */
  readonly uri: string;
  /** Fresh and random for each answer; letters and digits. */
  readonly cnonce: string;
}

/** The value of the Authorization header that answers a challenge: a byte string without control characters. */
export function answerDigestChallenge(challenge: DigestChallenge, answer: DigestAnswer): string {
  const { realm, nonce, algorithm, qop, echoed } = challenge;
  const { method, uri, cnonce } = answer;
  const username = utf8ByteString(answer.username);
  // One challenge, one answer: every request has a challenge of its own (quirk 9), so the count never rises.
  const nc = '00000001';
  const response = digestResponse({ algorithm, username, realm, nonce, method, uri, qop, nc, cnonce }, answer.password);
  const written = [`username=${quoted(username)}`, `realm=${quoted(realm)}`, `nonce=${quoted(nonce)}`];
  written.push(`uri=${quoted(uri)}`);
  if (qop !== undefined) written.push(`qop=${qop}`, `nc=${nc}`);
  if (qop !== undefined || ALGORITHMS[algorithm].session) written.push(`cnonce=${quoted(cnonce)}`);
  written.push(`response=${quoted(response)}`);
  // RFC 7616 §3.4: algorithm is a bare word, opaque a quoted string.
  for (const [name, value] of echoed) {
    written.push(name === 'opaque' ? `opaque=${quoted(value)}` : `algorithm=${algorithm}`);
  }
  return `Digest ${written.join(', ')}`;
}

/** A control character could end the header and begin another; no name or realm that works has one. */
function quoted(text: string): string {
  return `"${text.replace(/[\x00-\x1f\x7f]/g, '').replace(/["\\]/g, '\\$&')}"`;
}

/** The Digest credentials of an Authorization header, not yet checked. */
export interface DigestCredentials extends Omit<DigestInput, 'method'> {
  readonly response: string;
}

/** Undefined when a parameter is missing that the hash needs. An empty uri is one that NETCWMP sends (quirk 7). */
export function readDigestCredentials(parameters: ReadonlyMap<string, string>): DigestCredentials | undefined {
  const algorithm = digestAlgorithmNamed(parameters.get('algorithm'));
  const [username, realm, nonce] = [parameters.get('username'), parameters.get('realm'), parameters.get('nonce')];
  const [uri, response] = [parameters.get('uri'), parameters.get('response')];
  if (algorithm === undefined || username === undefined || realm === undefined) return undefined;
  if (nonce === undefined || uri === undefined || response === undefined) return undefined;
  const qop = parameters.get('qop') === '' ? undefined : parameters.get('qop');
  const [nc, cnonce] = [parameters.get('nc'), parameters.get('cnonce')];
  if (qop !== undefined && (qop.toLowerCase() !== 'auth' || nc === undefined || cnonce === undefined)) return undefined;
  if (ALGORITHMS[algorithm].session && cnonce === undefined) return undefined;
  return { algorithm, username, realm, nonce, uri, response, qop, nc: nc ?? '', cnonce: cnonce ?? '' };
}

/**
 * Whether the sender of `credentials` knows `password`. The hash is over the client's own uri, which need not be the
 * request target (quirk 7); it proves the password, not the request.
 */
export function digestMatches(credentials: DigestCredentials, method: string, password: string): boolean {
  return equalsInConstantTime(digestResponse({ ...credentials, method }, password), credentials.response.toLowerCase());
}
