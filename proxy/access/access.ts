// Who asks: what a peer showed → a principal. Today one token opens a listener, and an open one lets in whoever is on
// loopback; tokens of single controllers, certificates and roles are to stand here too, for every edge.
import { createHash, timingSafeEqual } from 'node:crypto';

export interface Principal {
  readonly tenant: string;
  /** Endpoint ID of a Controller; '' for a user of the API. */
  readonly endpointId: string;
}

export type Admission =
  | { readonly kind: 'admitted'; readonly principal: Principal }
  | { readonly kind: 'refused'; readonly reason: 'no-token' | 'wrong-token' | 'foreign-origin' };

/** What a peer shows of itself, as its HTTP headers have it. */
export interface Shown {
  readonly authorization: string | undefined;
  /** Sent by browsers: the site whose script is asking. */
  readonly origin: string | undefined;
}

export interface AccessSettings {
  readonly tenant: string;
  /** '' admits everybody who can reach the listener. */
  readonly token: string;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Equal length digests are compared, so that neither length nor content of the token shows in the time it takes. */
function sameToken(given: string, wanted: string): boolean {
  return timingSafeEqual(digest(given), digest(wanted));
}

const LOOPBACK = /^https?:\/\/(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/i;

/** `endpointId`: who the peer says it is, '' for users of the API. */
export function admit(settings: AccessSettings, { authorization, origin }: Shown, endpointId: string): Admission {
  const admitted = { kind: 'admitted', principal: { tenant: settings.tenant, endpointId } } as const;
  if (settings.token === '') {
    // A page of some site, open in a browser on this machine, reaches loopback too: it is not to manage devices.
    return origin === undefined || LOOPBACK.test(origin) ? admitted : { kind: 'refused', reason: 'foreign-origin' };
  }
  const given = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (given === undefined) return { kind: 'refused', reason: 'no-token' };
  return sameToken(given, settings.token) ? admitted : { kind: 'refused', reason: 'wrong-token' };
}
