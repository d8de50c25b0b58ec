// The part of a URL that lets its bearer in: a grant's name and a MAC under a key that all nodes share, so that what was
// guessed or altered is refused before anything is looked up. Pure but for hashing.
import { createHmac, timingSafeEqual } from 'node:crypto';

export const GRANT_LENGTH = 20;
/** Letters and digits only: 128 bits of MAC in hexadecimal behind the grant's 100 random bits in base32. */
const TOKEN = /^([A-Z2-7]{20})([0-9a-f]{32})$/;
const MAC_LENGTH = 32;

export const tokenFor = (key: Uint8Array, grant: string): string => grant + macOf(key, grant);

export type TokenRead =
  | { readonly kind: 'grant'; readonly id: string }
  | { readonly kind: 'none' }
  /** It looks like one of ours and is not. */
  | { readonly kind: 'wrong' };

/**
 * Of a request target. Any segment may be it: a proxy may put a path of its own before it, and what stands behind it is
 * the file's name, for clients that save under it.
 */
export function readToken(key: Uint8Array, target: string): TokenRead {
  const [path = ''] = target.split(/[?#]/, 1);
  for (const segment of path.split('/')) {
    const [, id, mac] = TOKEN.exec(segment) ?? [];
    if (id === undefined || mac === undefined) continue;
    return timingSafeEqual(Buffer.from(mac), Buffer.from(macOf(key, id))) ? { kind: 'grant', id } : { kind: 'wrong' };
  }
  return { kind: 'none' };
}

/** What a grant keeps of user name and password: neither can be read from it. */
export const credentialsMac = (key: Uint8Array, username: string, password: string): string =>
  createHmac('sha256', key).update(`files credentials\0${username}\0${password}`).digest('base64');

/** Whether an Authorization header carries them (RFC 7617); Digest is not offered. */
export function provesCredentials(key: Uint8Array, wanted: string, authorization: string): boolean {
  const token = /^basic +([\w.~+/-]+=*) *$/i.exec(authorization)?.[1] ?? '';
  const pair = Buffer.from(token, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  const given = Buffer.from(credentialsMac(key, pair.slice(0, Math.max(colon, 0)), pair.slice(colon + 1)));
  const known = Buffer.from(wanted);
  return given.length === known.length && timingSafeEqual(given, known) && colon >= 0;
}

const macOf = (key: Uint8Array, grant: string): string =>
  createHmac('sha256', key).update(`files grant\0${grant}`).digest('hex').slice(0, MAC_LENGTH);
