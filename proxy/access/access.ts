// Who asks: what a peer showed → a principal, for every edge. A token is read before anything else; without one a client
// certificate speaks for its Controller; a listener that asks for nothing lets in whoever is on this machine.
import type { ControllerCertificate } from './controller-certificate.ts';
import type { Doors, FirstUseProof } from './doors.ts';
import { type CredentialFault, type Fault, NEVER_RIGHT, REFUSALS } from './faults.ts';
import { foreignPage } from './foreign-page.ts';
import { type KnownController, matchesEndpoint, sameSecret, withCertificate, withToken } from './known-controllers.ts';
import type { Shown } from './shown.ts';
import { signerIn, signerName } from './signer-name.ts';

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
  /**
   * What its InheritedRole is made of: names of roles (`ControllerTrust.Role.{i}.Name`) that its credential gives it, and the
   * certificates that it showed (`signer-name.ts`).
   */
  readonly roles: readonly string[];
  /** When its credential ends, in milliseconds; absent: never. */
  readonly expiresAt?: number;
  /** It is trusted on first use: nobody has a row of it yet. */
  readonly firstUse?: FirstUseProof;
}

export type Admission =
  | { readonly kind: 'admitted'; readonly principal: Principal }
  /** `status`: 401 where another token would help, 429 likewise after many wrong ones, 503 where the same one may later. `message` is for a person. */
  | {
      readonly kind: 'refused';
      readonly reason: Fault;
      readonly status: 401 | 403 | 429 | 503;
      readonly message: string;
      /** In seconds, with status 429. */
      readonly retryAfter?: number;
    };

/** What a credential proves. */
export interface Proof {
  /** Endpoint IDs, or patterns of several that end in `*`; undefined: whoever it says it is. */
  readonly endpointIds: readonly string[] | undefined;
  /** Undefined: the tenant of the settings. */
  readonly tenant: string | undefined;
  readonly standing: Standing;
  readonly roles: readonly string[];
  /** Of a certificate: its SHA-256 and those of whoever signed it, its own first, as Node writes them. */
  readonly fingerprints?: readonly string[];
  readonly expiresAt?: number;
  readonly firstUse?: FirstUseProof;
}
export type Proven =
  { readonly ok: true; readonly proof: Proof } | { readonly ok: false; readonly fault: CredentialFault };

export interface AccessSettings {
  /** Of whom nothing else is said. */
  readonly tenant: string;
  /** The operator's token: whoever has it may do everything as anybody. '': there is none. */
  readonly token: string;
  /** The role with which a credential of a Controller or of an identity provider lets one use the API; '': none does. */
  readonly apiRole: string;
  readonly controllers: readonly KnownController[];
  /** What a token of the identity provider proves; undefined where there is none. */
  readonly jwt: ((token: string) => Promise<Proven>) | undefined;
  /** Whether client certificates are asked for. */
  readonly certificates: boolean;
  /** Whom the rows of tenants let in, by certificates that no CA of the settings has signed; absent: nobody. */
  readonly doors?: Pick<Doors, 'admit'> | undefined;
  /** A wrong token came from this address: how many seconds its owner is to wait before the next, 0 for not at all. */
  readonly putOff?: (source: string) => number;
}

export interface Access {
  /**
   * `endpointId`: the Controller that the peer says it is; '' for users of the API. `asked`: the tenant that it names, which
   * does not say that this is its own.
   */
  admit(shown: Shown, endpointId: string, asked?: string): Promise<Admission>;
}

/** Standing of a peer of which nothing is known but what its credential says. */
export const standingOf = (roles: readonly string[]): Standing => (roles.length > 0 ? 'roles' : 'untrusted');

export function createAccess(settings: AccessSettings): Access {
  const { tenant, apiRole } = settings;
  const prove = prover(settings);
  const wrong = (fault: Fault, source: string): Admission => {
    const retryAfter = settings.putOff?.(source) ?? 0;
    return retryAfter === 0 ? refused(fault) : { ...refused('many-wrong-tokens'), retryAfter };
  };
  return {
    async admit(shown, endpointId, asked) {
      const proven = await prove(shown, endpointId, asked);
      if (!proven.ok) return NEVER_RIGHT.has(proven.fault) ? wrong(proven.fault, shown.source) : refused(proven.fault);
      const { proof } = proven;
      const fault = endpointId === '' ? apiFault(proof, apiRole) : endpointFault(proof, shown, endpointId);
      if (fault !== undefined) return refused(fault);
      const { standing, roles, fingerprints = [], expiresAt, firstUse } = proof;
      const given = [...roles.filter((name) => signerIn(name) === undefined), ...fingerprints.map(signerName)];
      const principal = { tenant: proof.tenant ?? tenant, endpointId, standing, roles: given };
      const more = { ...(expiresAt !== undefined && { expiresAt }), ...(firstUse !== undefined && { firstUse }) };
      return { kind: 'admitted', principal: { ...principal, ...more } };
    },
  };
}

const FULL: Proof = { endpointIds: undefined, tenant: undefined, standing: 'full', roles: [] };
const JWS = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const proven = (proof: Proof): Proven => ({ ok: true, proof });
const faulty = (fault: CredentialFault): Proven => ({ ok: false, fault });

/** A token says more than a certificate, without which it is as good; but a bad certificate is never overlooked. */
function prover(settings: AccessSettings): (shown: Shown, called: string, asked?: string) => Promise<Proven> {
  const { token, controllers, jwt, certificates, doors } = settings;
  const isOpen = token === '' && controllers.length === 0 && jwt === undefined && !certificates;
  return async (shown, called, asked) => {
    const { certificate } = shown;
    const opened = certificate?.unknown === undefined ? undefined : await doors?.admit(certificate, called, asked);
    if (certificate?.fault !== undefined && opened === undefined) return faulty(certificate.fault);
    if (isOpen) {
      const fault = foreignPage(shown);
      return fault === undefined ? proven(FULL) : faulty(fault);
    }
    const given = /^Bearer +(\S+)$/i.exec(shown.authorization ?? '')?.[1];
    // What the settings say of Controllers is of certificates that they know, too: here the rows alone say what it may.
    if (given === undefined && opened !== undefined) return proven({ ...opened, standing: 'untrusted', roles: [] });
    if (given === undefined) {
      return certificate === undefined ? faulty('no-token') : proven(byCertificate(controllers, certificate, called));
    }
    if (token !== '' && sameSecret(given, token)) return proven(FULL);
    const known = withToken(controllers, given);
    if (known !== undefined) return proven({ endpointIds: [known.endpointId], ...rightsOf(known) });
    return jwt === undefined || !JWS.test(given) ? faulty('wrong-token') : jwt(given);
  };
}

const rightsOf = (known: KnownController | undefined): Pick<Proof, 'tenant' | 'standing' | 'roles'> => {
  const { tenant, roles } = known ?? { tenant: undefined, roles: [] };
  return { tenant, standing: standingOf(roles), roles };
};

/** A user of the API is the first Endpoint that its certificate names. */
function byCertificate(
  controllers: readonly KnownController[],
  { endpointIds, fingerprint, authorities, expiresAt }: ControllerCertificate,
  called: string,
): Proof {
  const endpointId = called === '' ? (endpointIds[0] ?? '') : called;
  const known = withCertificate(controllers, endpointId, authorities);
  return { endpointIds, ...rightsOf(known), fingerprints: [fingerprint, ...authorities], expiresAt };
}

/** R-SEC.0a: what the transport proved, by certificate or by token, must be what the peer calls itself. */
function endpointFault({ endpointIds, standing }: Proof, { certificate }: Shown, called: string): Fault | undefined {
  const isAmong = (names: readonly string[]): boolean => names.some((name) => matchesEndpoint(name, called));
  const certified = certificate?.endpointIds ?? [];
  if (certified.length > 0 && !isAmong(certified)) return 'certificate-other-endpoint';
  if (endpointIds === undefined) return standing === 'full' ? undefined : 'token-without-endpoint';
  if (endpointIds.length === 0) return 'certificate-without-endpoint';
  return isAmong(endpointIds) ? undefined : 'other-endpoint';
}

const apiFault = ({ standing, roles }: Proof, apiRole: string): Fault | undefined =>
  standing === 'full' || (apiRole !== '' && roles.includes(apiRole)) ? undefined : 'no-api-role';

const refused = (reason: Fault): Extract<Admission, { readonly kind: 'refused' }> => ({
  kind: 'refused',
  reason,
  ...REFUSALS[reason],
});
