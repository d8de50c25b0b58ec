// Which challenge of a CPE's 401 to answer, and the answer. Pure.
import { parseAuthenticationHeaders } from '../authentication/authentication-header.ts';
import {
  answerDigestChallenge,
  readDigestChallenge,
  utf8ByteString,
  type DigestChallenge,
} from '../authentication/digest.ts';
import { type HttpReply } from './http-reply.ts';
import { type UnansweredChallenge } from './outcomes.ts';

export interface ConnectionRequestCredentials {
  /** Where they come from, for the trace: `device`, `profile acme`. Never the user name, which may equal the password. */
  readonly from: string;
  readonly username: string;
  readonly password: string;
}

export type Challenge = { readonly scheme: 'basic' } | ({ readonly scheme: 'digest' } & DigestChallenge);

/** The first Digest challenge that can be answered; Basic only where there is none and it is allowed. */
export function chooseChallenge(
  reply: HttpReply,
  allowBasic: boolean,
): { readonly ok: true; readonly challenge: Challenge } | { readonly ok: false; readonly reason: UnansweredChallenge } {
  const texts = reply.headers.flatMap(([name, value]) => (name === 'www-authenticate' ? [value] : []));
  const offered = parseAuthenticationHeaders(texts);
  let reason: UnansweredChallenge = offered.length === 0 ? 'no-challenge' : 'unknown-scheme';
  for (const { scheme, parameters } of offered) {
    if (scheme !== 'digest') continue;
    const read = readDigestChallenge(parameters);
    if (read.ok) return { ok: true, challenge: { scheme: 'digest', ...read.challenge } };
    reason = read.reason;
  }
  if (!offered.some(({ scheme }) => scheme === 'basic')) return { ok: false, reason };
  return allowBasic ? { ok: true, challenge: { scheme: 'basic' } } : { ok: false, reason: 'basic-refused' };
}

/** In words of ours, for the trace. */
export function describeChallenge(challenge: Challenge): string {
  if (challenge.scheme === 'basic') return 'Basic';
  return `Digest, ${challenge.algorithm}, ${challenge.qop === undefined ? 'no qop' : 'qop auth'}${challenge.stale ? ', stale' : ''}`;
}

/** The value of the Authorization header, a byte string. `path` is the request target, `cnonce` fresh and random. */
export function answerChallenge(
  challenge: Challenge,
  { username, password }: ConnectionRequestCredentials,
  path: string,
  cnonce: string,
): string {
  if (challenge.scheme === 'digest') {
    return answerDigestChallenge(challenge, { username, password, method: 'GET', uri: path, cnonce });
  }
  return `Basic ${Buffer.from(utf8ByteString(`${username}:${password}`), 'latin1').toString('base64')}`;
}
