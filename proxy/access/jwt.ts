// A JWT of an identity provider (RFC 7519, RFC 8725) → what it proves.
import { errors, type JWTPayload, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { isEndpointId } from '../usp/endpoint-id.ts';
import { type Proof, type Proven, standingOf } from './access.ts';
import type { CredentialFault } from './faults.ts';
import { KeysAway } from './key-set.ts';

export interface JwtSettings {
  readonly issuer: string;
  readonly audience: readonly string[];
  /** All with public keys: neither `none` nor an algorithm with a shared secret may be among them (RFC 8725 §3.1). */
  readonly algorithms: readonly string[];
  readonly clockToleranceMs: number;
  /** Names of claims; one within another is named by both, with a dot between. '': there is no such claim. */
  readonly endpointClaim: string;
  readonly rolesClaim: string;
  readonly tenantClaim: string;
}

export type JwtVerifier = (token: string) => Promise<Proven>;

export function createJwtVerifier(settings: JwtSettings, keys: JWTVerifyGetKey, now: () => number): JwtVerifier {
  const { issuer, audience, algorithms, clockToleranceMs } = settings;
  const wanted = { issuer, audience: [...audience], algorithms: [...algorithms], requiredClaims: ['exp'] };
  return async (token) => {
    try {
      const clockTolerance = clockToleranceMs / 1000;
      const verified = await jwtVerify(token, keys, { ...wanted, clockTolerance, currentDate: new Date(now()) });
      const proof = proofOf(settings, verified.payload);
      return proof === undefined ? { ok: false, fault: 'token-claims' } : { ok: true, proof };
    } catch (error) {
      return { ok: false, fault: faultOf(error) };
    }
  };
}

/** Undefined where a claim is missing that must be there, or is not what it must be. */
function proofOf(
  { endpointClaim, rolesClaim, tenantClaim, clockToleranceMs }: JwtSettings,
  claims: JWTPayload,
): Proof | undefined {
  const endpointId = claimOf(claims, endpointClaim);
  const tenant = claimOf(claims, tenantClaim);
  const roles = textsOf(claimOf(claims, rolesClaim));
  if (roles === undefined || claims.exp === undefined) return undefined;
  // Who is asked for tenants must not get into the common one by saying nothing.
  if (tenantClaim !== '' && (typeof tenant !== 'string' || tenant === '')) return undefined;
  return {
    // A user of the API has a name of another kind there.
    endpointIds: typeof endpointId === 'string' && isEndpointId(endpointId) ? [endpointId] : undefined,
    tenant: typeof tenant === 'string' ? tenant : undefined,
    standing: standingOf(roles),
    roles,
    expiresAt: claims.exp * 1000 + clockToleranceMs,
  };
}

/** A claim by its whole name, or step by step: names may have dots in them, as URLs do. */
function claimOf(claims: Readonly<Record<string, unknown>>, name: string): unknown {
  if (name === '') return undefined;
  if (Object.hasOwn(claims, name)) return claims[name];
  let found: unknown = claims;
  for (const step of name.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined;
    found = Reflect.get(found, step);
  }
  return found;
}

/** A list of texts, or one text with blanks between them, as `scope` has it; none where the claim is not there. */
function textsOf(claim: unknown): readonly string[] | undefined {
  if (claim === undefined) return [];
  if (typeof claim === 'string') return claim.split(' ').filter((text) => text !== '');
  const items: readonly unknown[] | undefined = Array.isArray(claim) ? claim : undefined;
  return items?.every((item) => typeof item === 'string') === true ? items : undefined;
}

const CLAIM_FAULTS: Readonly<Record<string, CredentialFault>> = {
  iss: 'token-issuer',
  aud: 'token-audience',
  nbf: 'token-not-yet',
};

function faultOf(error: unknown): CredentialFault {
  if (error instanceof KeysAway) return 'token-keys-away';
  if (error instanceof errors.JWTExpired) return 'token-expired';
  if (error instanceof errors.JWTClaimValidationFailed) return CLAIM_FAULTS[error.claim] ?? 'token-claims';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'token-signature';
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported) return 'token-algorithm';
  const isOfNoKey = error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys;
  return isOfNoKey ? 'token-unknown-key' : 'wrong-token';
}
