// Who a CPE is, by the Authorization header of its request: none, Basic or Digest (TR-069 §3.4.4). Only the Inform, and
// the empty POST with which NETCWMP fishes for the challenge, are asked (quirk 6); which those are, the server knows.
// No state is kept here: a challenge given by one node can be answered at another.
import { createHmac } from 'node:crypto';
import { parseAuthenticationHeaders } from './authentication-header.ts';
import { equalsInConstantTime } from './constant-time.ts';
import { type DigestAlgorithm, digestMatches, isAcceptable, readDigestCredentials } from './digest.ts';
import { issueNonce, nonceAge } from './nonce.ts';

export interface CpeAuthenticationSettings {
  readonly mode: 'none' | 'basic' | 'digest';
  /** Printable ASCII. A CPE that cached another realm's credentials is challenged anew. */
  readonly realm: string;
  /** Shared by all nodes; at least 32 bytes, secret. A new key costs every CPE one more challenge, nothing else. */
  readonly key: Uint8Array;
  /** In digest mode: accept Basic from a CPE that sends it by itself. It is never offered, lest others fall to it. */
  readonly alsoBasic?: boolean;
  /**
   * Offered, a challenge each, in this order: a CPE shall take the first that it knows (RFC 7616 §3.7), but many read one
   * challenge only. Others are accepted where they are no weaker. Default: MD5.
   */
  readonly algorithms?: readonly DigestAlgorithm[];
  /** Whether qop="auth" is offered; answers with and without it are accepted. Default: it is. */
  readonly offerQop?: boolean;
  /** Default 300,000 (5 min). */
  readonly nonceValidityMs?: number;
}

export interface CpeCredential {
  readonly password: string;
  /** As good: the CPE is being given it, or has not got the first any more. */
  readonly otherPassword?: string;
}

export interface CpeAuthenticationRequest extends CpeAuthenticationSettings {
  /** Of the HTTP request: `POST`. */
  readonly method: string;
  readonly authorization: string | undefined;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /**
   * The credential of a user name, at once or from a store. A rejection (the store is away) is passed on: it is no
   * verdict on the CPE, which gets 503 and comes again.
   */
  readonly credentials: (username: string) => CpeCredential | undefined | Promise<CpeCredential | undefined>;
}

export type ChallengeReason =
  | 'no-credentials'
  | 'bad-header'
  | 'basic-refused'
  /** A weaker hash than any that was offered. */
  | 'weak-algorithm'
  | 'wrong-realm'
  | 'unknown-user'
  | 'wrong-password'
  /** The password was right, the nonce expired or not given under this key: the CPE repeats by itself. */
  | 'stale-nonce'
  /** Its count did not rise, where the profile wants that: the CPE repeats under a new nonce. */
  | 'nonce-count';

export type CpeAuthentication =
  | { readonly kind: 'accepted'; readonly scheme: 'none'; readonly username: undefined }
  | {
      readonly kind: 'accepted';
      readonly scheme: 'basic' | 'digest';
      readonly username: string;
      readonly by: 'password' | 'otherPassword';
      /** Digest's, for whoever counts: CPEs restart or repeat the count under one nonce (quirk 7). */
      readonly nonce?: string;
      readonly nc?: number;
    }
  | Challenge;

/** Answer 401 with `header` and then `others`, each as a WWW-Authenticate. The reason is for the log, never for the CPE. */
export interface Challenge {
  readonly kind: 'challenge';
  readonly header: string;
  readonly others: readonly string[];
  readonly reason: ChallengeReason;
}

const DEFAULT_OFFER: readonly DigestAlgorithm[] = ['MD5'];
const DEFAULT_NONCE_VALIDITY_MS = 300_000;
/** By how much the clock of the node that gave a nonce may run ahead of ours. */
const CLOCK_SKEW_MS = 60_000;
/** Checked in place of the password of a user nobody knows, so that the answer takes as long. */
const NO_PASSWORD = 'there is no such user';

export async function authenticate(request: CpeAuthenticationRequest): Promise<CpeAuthentication> {
  if (request.mode === 'none') return { kind: 'accepted', scheme: 'none', username: undefined };
  if (request.authorization === undefined || request.authorization === '') return challenge(request, 'no-credentials');
  const header = parseAuthenticationHeaders([request.authorization])[0];
  if (header?.scheme === 'digest' && request.mode === 'digest') return checkDigest(request, header.parameters);
  if (header?.scheme === 'basic') {
    const welcome = request.mode === 'basic' || request.alsoBasic === true;
    return welcome ? checkBasic(request, header.token) : challenge(request, 'basic-refused');
  }
  return challenge(request, 'bad-header');
}

async function checkBasic(request: CpeAuthenticationRequest, token: string | undefined): Promise<CpeAuthentication> {
  const pair = Buffer.from(token ?? '', 'base64').toString('latin1');
  const colon = pair.indexOf(':');
  if (colon < 0) return challenge(request, 'bad-header');
  const username = textOf(pair.slice(0, colon));
  const known = await request.credentials(username);
  const sent = textOf(pair.slice(colon + 1));
  const by = matching(known, (password) => equalsInConstantTime(sent, password));
  if (known === undefined) return challenge(request, 'unknown-user');
  return by === undefined ? challenge(request, 'wrong-password') : { kind: 'accepted', scheme: 'basic', username, by };
}

/** Which password it is. Two are tried whoever it is, so that the time does not tell how many there are. */
function matching(
  known: CpeCredential | undefined,
  matches: (password: string) => boolean,
): 'password' | 'otherPassword' | undefined {
  const first = matches(known?.password ?? NO_PASSWORD);
  const other = matches(known?.otherPassword ?? NO_PASSWORD);
  if (first && known !== undefined) return 'password';
  return other && known?.otherPassword !== undefined ? 'otherPassword' : undefined;
}

async function checkDigest(
  request: CpeAuthenticationRequest,
  parameters: ReadonlyMap<string, string>,
): Promise<CpeAuthentication> {
  const sent = readDigestCredentials(parameters);
  if (sent === undefined) return challenge(request, 'bad-header');
  if (!isAcceptable(request.algorithms ?? DEFAULT_OFFER, sent.algorithm)) return challenge(request, 'weak-algorithm');
  if (sent.realm !== request.realm) return challenge(request, 'wrong-realm');
  const username = textOf(sent.username);
  const known = await request.credentials(username);
  const by = matching(known, (password) => digestMatches(sent, request.method, password));
  if (known === undefined) return challenge(request, 'unknown-user');
  if (by === undefined) return challenge(request, 'wrong-password');
  // After the password: stale=true tells the CPE that name and password were right (RFC 7616 §3.3).
  if (!isFresh(request, sent.nonce)) return challenge(request, 'stale-nonce');
  const nc = /^[0-9a-f]{1,8}$/i.test(sent.nc) ? { nc: Number.parseInt(sent.nc, 16) } : {};
  return { kind: 'accepted', scheme: 'digest', username, by, nonce: sent.nonce, ...nc };
}

function isFresh({ key, nowMs, nonceValidityMs }: CpeAuthenticationRequest, nonce: string): boolean {
  const age = nonceAge(key, nonce, nowMs);
  return age !== undefined && age >= -CLOCK_SKEW_MS && age <= (nonceValidityMs ?? DEFAULT_NONCE_VALIDITY_MS);
}

/** What asks a CPE (anew) who it is. */
export function challenge(
  request: CpeAuthenticationSettings & { readonly nowMs: number },
  reason: ChallengeReason,
): Challenge {
  const { mode, realm, key, nowMs, offerQop = true } = request;
  const quotedRealm = `"${realm.replace(/["\\]/g, '\\$&')}"`;
  if (mode === 'basic') return { kind: 'challenge', header: `Basic realm=${quotedRealm}`, others: [], reason };
  const nonce = issueNonce(key, nowMs);
  const [header = '', ...others] = (request.algorithms ?? DEFAULT_OFFER).map((algorithm) => {
    const parameters = [`realm=${quotedRealm}`, `nonce="${nonce}"`];
    if (offerQop) parameters.push('qop="auth"');
    parameters.push(`algorithm=${algorithm}`, `opaque="${opaqueOf(key)}"`);
    if (reason === 'stale-nonce' || reason === 'nonce-count') parameters.push('stale=true');
    return `Digest ${parameters.join(', ')}`;
  });
  return { kind: 'challenge', header, others, reason };
}

/** Means nothing and is not checked; it is there because every challenge that CPEs were seen to answer had one. */
function opaqueOf(key: Uint8Array): string {
  return createHmac('sha256', key).update('cwmp digest opaque').digest('hex').slice(0, 32);
}

/** The text of a header's byte string: UTF-8 when it is that, else one character a byte. */
function textOf(bytes: string): string {
  const text = Buffer.from(bytes, 'latin1').toString('utf8');
  return text.includes('\uFFFD') ? bytes : text;
}
