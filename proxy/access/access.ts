// Who asks: what a peer showed → a principal, for every edge. A token is read before anything else; without one a client
// certificate speaks for its Controller; a listener that asks for nothing lets in whoever is on this machine.
import { type CredentialFault, type Fault, REFUSALS } from './faults.ts';
import { foreignPage } from './foreign-page.ts';
import { type KnownController, matchesEndpoint, sameSecret, withToken } from './known-controllers.ts';
import type { Shown } from './shown.ts';

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
  /** When its credential ends, in milliseconds; absent: never. */
  readonly expiresAt?: number;
}

export type Admission =
  | { readonly kind: 'admitted'; readonly principal: Principal }
  /** `status`: 401 where another token would help, 503 where the same one may later. `message` is for a person. */
  | {
      readonly kind: 'refused';
      readonly reason: Fault;
      readonly status: 401 | 403 | 503;
      readonly message: string;
    };

/** What a credential proves. */
export interface Proof {
  /** An Endpoint ID, or a pattern of several that ends in `*`; undefined: whoever it says it is. */
  readonly endpointId: string | undefined;
  /** Undefined: the tenant of the settings. */
  readonly tenant: string | undefined;
  readonly standing: Standing;
  readonly roles: readonly string[];
  readonly expiresAt?: number;
}
export type Proven =
  { readonly ok: true; readonly proof: Proof } | { readonly ok: false; readonly fault: CredentialFault };

export interface AccessSettings {
  readonly tenant: string;
  /** The operator's token: whoever has it may do everything as anybody. '': there is none. */
  readonly token: string;
  /** The role with which a credential of a Controller or of an identity provider lets one use the API; '': none does. */
  readonly apiRole: string;
  readonly controllers: readonly KnownController[];
  /** What a token of the identity provider proves; undefined where there is none. */
  readonly jwt: ((token: string) => Promise<Proven>) | undefined;
}

export interface Access {
  readonly tenant: string;
  /** `endpointId`: the Controller that the peer says it is; '' for users of the API. */
  admit(shown: Shown, endpointId: string): Promise<Admission>;
}

/** Standing of a peer of which nothing is known but what its credential says. */
export const standingOf = (roles: readonly string[]): Standing => (roles.length > 0 ? 'roles' : 'untrusted');

const FULL: Proof = { endpointId: undefined, tenant: undefined, standing: 'full', roles: [] };
const JWS = /^[\w-]+\.[\w-]+\.[\w-]+$/;

export function createAccess(settings: AccessSettings): Access {
  const { tenant } = settings;
  const prove = prover(settings);
  return {
    tenant,
    async admit(shown, endpointId) {
      const proven = await prove(shown);
      if (!proven.ok) return refused(proven.fault);
      const { proof } = proven;
      const fault = endpointId === '' ? apiFault(proof, settings) : endpointFault(proof, endpointId);
      if (fault !== undefined) return refused(fault);
      const { standing, roles, expiresAt } = proof;
      const principal = { tenant: proof.tenant ?? tenant, endpointId, standing, roles };
      return { kind: 'admitted', principal: { ...principal, ...(expiresAt !== undefined && { expiresAt }) } };
    },
  };
}

/** By what the peer showed, whoever it says it is. */
function prover({ token, controllers, jwt }: AccessSettings): (shown: Shown) => Promise<Proven> {
  const isOpen = token === '' && controllers.length === 0 && jwt === undefined;
  const proven = (proof: Proof): Proven => ({ ok: true, proof });
  const faulty = (fault: CredentialFault): Proven => ({ ok: false, fault });
  return async (shown) => {
    if (isOpen) {
      const fault = foreignPage(shown);
      return fault === undefined ? proven(FULL) : faulty(fault);
    }
    const given = /^Bearer +(\S+)$/i.exec(shown.authorization ?? '')?.[1];
    if (given === undefined) return faulty('no-token');
    if (token !== '' && sameSecret(given, token)) return proven(FULL);
    const known = withToken(controllers, given);
    if (known !== undefined) {
      const { endpointId, tenant, roles } = known;
      return proven({ endpointId, tenant, standing: standingOf(roles), roles });
    }
    return jwt === undefined || !JWS.test(given) ? faulty('wrong-token') : jwt(given);
  };
}

/** R-SEC.0a: what the transport proved must be what the peer calls itself. */
const endpointFault = ({ endpointId, standing }: Proof, called: string): Fault | undefined => {
  if (endpointId === undefined) return standing === 'full' ? undefined : 'token-without-endpoint';
  return matchesEndpoint(endpointId, called) ? undefined : 'other-endpoint';
};

function apiFault({ standing, roles }: Proof, { apiRole }: AccessSettings): Fault | undefined {
  if (standing === 'full') return undefined;
  return apiRole === '' || !roles.includes(apiRole) ? 'no-api-role' : undefined;
}

const refused = (reason: Fault): Admission => ({ kind: 'refused', reason, ...REFUSALS[reason] });
