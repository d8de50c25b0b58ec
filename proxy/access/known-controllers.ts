// Controllers that the settings name one by one: their tokens and the roles that they give. Tokens are kept as digests.
import { createHash, timingSafeEqual } from 'node:crypto';

export interface KnownController {
  /** An Endpoint ID, or the beginning of several, followed by `*`. */
  readonly endpointId: string;
  /** SHA-256 of certificates, one of which must have signed its own, as Node writes them; undefined: any that is trusted. */
  readonly authorities: readonly string[] | undefined;
  /** SHA-256 of its token; undefined where it has none. */
  readonly tokenDigest: Uint8Array | undefined;
  /** Names of roles. */
  readonly roles: readonly string[];
  /** Undefined: the tenant of the settings. */
  readonly tenant: string | undefined;
}

export const digestOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** Equal length digests are compared, so that neither length nor content of the secret shows in the time it takes. */
export const sameSecret = (given: string, wanted: string): boolean =>
  timingSafeEqual(digestOf(given), digestOf(wanted));

/** The one whose token it is; all are looked at, so that the time does not tell which. */
export function withToken(controllers: readonly KnownController[], token: string): KnownController | undefined {
  const given = digestOf(token);
  return controllers.filter(({ tokenDigest }) => tokenDigest !== undefined && timingSafeEqual(tokenDigest, given))[0];
}

/** `wanted`: an Endpoint ID, or a pattern that ends in `*`. Exact, as Endpoint IDs are compared everywhere. */
export const matchesEndpoint = (wanted: string, endpointId: string): boolean =>
  wanted.endsWith('*') ? endpointId.startsWith(wanted.slice(0, -1)) : wanted === endpointId;

/** What is known of the owner of a certificate: the first that fits. */
export const withCertificate = (
  controllers: readonly KnownController[],
  endpointId: string,
  signers: readonly string[],
): KnownController | undefined =>
  controllers.find(
    (known) =>
      matchesEndpoint(known.endpointId, endpointId) &&
      (known.authorities === undefined || known.authorities.some((authority) => signers.includes(authority))),
  );
