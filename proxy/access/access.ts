// Who asks: what a peer showed → a principal. Today one token opens a listener, and an open one lets in whoever is on
// loopback; tokens of single controllers, certificates and roles are to stand here too, for every edge.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/**
 * How far a peer is trusted by what it showed. `full`: it has the operator's token, or an open loopback listener let it in.
 * `roles`: a credential of its own names its roles. `untrusted`: it is who it says, and nothing else is known of it.
 */
export type Standing = 'full' | 'roles' | 'untrusted';

export interface Principal {
  readonly tenant: string;
  /** Endpoint ID of a Controller; '' for a user of the API. */
  readonly endpointId: string;
  readonly standing: Standing;
  /** Names of roles (`ControllerTrust.Role.{i}.Name`) that its credential gives it: its InheritedRole. */
  readonly roles: readonly string[];
}

export type AccessFault = 'no-token' | 'wrong-token' | 'foreign-origin' | 'foreign-host';
export type Admission =
  | { readonly kind: 'admitted'; readonly principal: Principal }
  /** `status`: 401 where a token would help, else 403. `message` is for a person. */
  | {
      readonly kind: 'refused';
      readonly reason: AccessFault;
      readonly status: 401 | 403;
      readonly message: string;
    };

/** What a peer shows of itself. */
export interface Shown {
  readonly authorization: string | undefined;
  /** Sent by browsers: the site whose script is asking. */
  readonly origin: string | undefined;
  /** The name under which it looked us up, with its port. */
  readonly host: string | undefined;
  /** The address of ours that it reached. */
  readonly reached: string | undefined;
}

export const shownBy = ({ headers, socket }: IncomingMessage): Shown => ({
  authorization: headers.authorization,
  origin: headers.origin,
  host: headers.host,
  reached: socket.localAddress,
});

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

const LOOPBACK_HOST = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/i;
const LOOPBACK_ADDRESS = /^(?:::ffff:)?127\.|^::1$/;
const SCHEME = /^https?:\/\//i;

const isLoopbackOrigin = (origin: string): boolean =>
  SCHEME.test(origin) && LOOPBACK_HOST.test(origin.replace(SCHEME, ''));

/** `endpointId`: who the peer says it is, '' for users of the API. */
export function admit(settings: AccessSettings, shown: Shown, endpointId: string): Admission {
  const { authorization } = shown;
  const fault = settings.token === '' ? foreignPage(shown) : tokenFault(settings.token, authorization);
  if (fault === undefined) {
    return { kind: 'admitted', principal: { tenant: settings.tenant, endpointId, standing: 'full', roles: [] } };
  }
  return { kind: 'refused', reason: fault, ...REFUSALS[fault] };
}

/**
 * A page of some site, open in a browser on this machine, reaches loopback too: it is not to manage devices. Its requests
 * carry its Origin; where it has its own name resolve to loopback (DNS rebinding) its plain reads carry that name as Host.
 */
function foreignPage({ origin, host, reached }: Shown): AccessFault | undefined {
  if (origin !== undefined && !isLoopbackOrigin(origin)) return 'foreign-origin';
  const onLoopback = LOOPBACK_ADDRESS.test(reached ?? '');
  return onLoopback && host !== undefined && !LOOPBACK_HOST.test(host) ? 'foreign-host' : undefined;
}

function tokenFault(wanted: string, authorization: string | undefined): AccessFault | undefined {
  const given = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (given === undefined) return 'no-token';
  return sameToken(given, wanted) ? undefined : 'wrong-token';
}

const REFUSALS: Readonly<Record<AccessFault, { readonly status: 401 | 403; readonly message: string }>> = {
  'no-token': { status: 401, message: 'a Bearer token is wanted (setting http.token)' },
  'wrong-token': { status: 401, message: 'another Bearer token is wanted (setting http.token)' },
  'foreign-origin': { status: 403, message: 'without http.token only pages of this machine may ask' },
  'foreign-host': { status: 403, message: 'without http.token the Host must be localhost or a loopback address' },
};
