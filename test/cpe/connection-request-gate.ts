// Who may wake this CPE, and what it says to those who try (TR-069 §3.2.2). Decides; opens no socket.
import { timingSafeEqual } from 'node:crypto';
import { digestResponse, parseAuthHeader, type Credentials } from './digest.ts';
import { randomHex, type Random } from './random.ts';

export interface GateOptions {
  readonly auth: 'none' | 'basic' | 'digest';
  /** Read at each request: the ACS may change them. */
  readonly credentials: () => Credentials;
  readonly realm: string;
  /** A nonce works once, and only the latest one issued (quirk 9). */
  readonly oneShotNonce: boolean;
  /** In a session: refuse with 503, or accept and open another session after it. */
  readonly whenBusy: 'remember' | 'refuse';
  readonly isBusy: () => boolean;
  readonly random: Random;
  /** Let through: an Inform with event 6 is due. */
  readonly onAccepted: () => void;
}

export interface GateRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string;
}
export interface GateReply {
  readonly status: 200 | 401 | 405 | 503;
  /** The parameters of a Digest challenge, or of Basic when there is only a realm. */
  readonly challenge?: readonly (readonly [name: string, value: string])[];
}

/** Nonces that still work, when they are no one-shots. */
const NONCES_KEPT = 8;

export function createGate(options: GateOptions): (request: GateRequest) => GateReply {
  const nonces = new Map<string, number>();
  const challenge = (): GateReply => {
    if (options.auth === 'basic') return { status: 401, challenge: [['realm', options.realm]] };
    const nonce = randomHex(options.random, 32);
    if (options.oneShotNonce) nonces.clear();
    nonces.set(nonce, 0);
    for (const old of [...nonces.keys()].slice(0, -NONCES_KEPT)) nonces.delete(old);
    return {
      status: 401,
      challenge: [
        ['realm', options.realm],
        ['qop', 'auth'],
        ['nonce', nonce],
        ['opaque', randomHex(options.random, 16)],
      ],
    };
  };

  return (request) => {
    if (request.method !== 'GET') return { status: 405 };
    if (options.auth !== 'none' && !isAuthorized(request, options, nonces)) return challenge();
    if (options.isBusy() && options.whenBusy === 'refuse') return { status: 503 };
    options.onAccepted();
    return { status: 200 };
  };
}

function isAuthorized(request: GateRequest, options: GateOptions, nonces: Map<string, number>): boolean {
  const { username, password } = options.credentials();
  const { scheme, parameters, rest } = parseAuthHeader(request.authorization);
  if (options.auth === 'basic') {
    return scheme === 'basic' && same(rest, Buffer.from(`${username}:${password}`).toString('base64'));
  }
  const nonce = parameters.get('nonce') ?? '';
  const lastCount = nonces.get(nonce);
  if (scheme !== 'digest' || lastCount === undefined) return false;
  if (parameters.get('username') !== username || parameters.get('uri') !== request.path) return false;
  if (parameters.get('realm') !== options.realm) return false;
  const qop = parameters.get('qop') === 'auth' ? 'auth' : undefined;
  const nc = parameters.get('nc') ?? '';
  const count = Number.parseInt(nc, 16);
  // RFC 2617 §3.2.2: with qop the nonce count must grow, or the request is a replay.
  if (qop === 'auth' && !(count > lastCount)) return false;
  const expected = digestResponse({
    username,
    password,
    algorithm: 'MD5',
    realm: options.realm,
    method: request.method,
    uri: request.path,
    nonce,
    cnonce: parameters.get('cnonce') ?? '',
    nc,
    qop,
  });
  if (!same(parameters.get('response') ?? '', expected)) return false;
  if (options.oneShotNonce) nonces.delete(nonce);
  else nonces.set(nonce, qop === undefined ? lastCount : count);
  return true;
}

const same = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
