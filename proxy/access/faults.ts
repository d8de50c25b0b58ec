// Every reason for which somebody is not let in: what is counted, what the status is, and what a person is told. None of
// them holds anything of what was shown.

import type { CertificateFault } from './controller-certificate.ts';

/** Of the credential alone. */
export type CredentialFault =
  | 'no-token'
  | 'wrong-token'
  | 'foreign-origin'
  | 'foreign-host'
  | CertificateFault
  /** Of a JWT, in the order of their checks. */
  | 'token-algorithm'
  | 'token-unknown-key'
  | 'token-keys-away'
  | 'token-signature'
  | 'token-expired'
  | 'token-not-yet'
  | 'token-issuer'
  | 'token-audience'
  | 'token-claims';

/** Of the credential and of what is asked for with it. */
export type Fault =
  | CredentialFault
  /** It is another Controller's (R-SEC.0a). */
  | 'other-endpoint'
  | 'certificate-other-endpoint'
  | 'certificate-without-endpoint'
  | 'token-without-endpoint'
  | 'no-api-role'
  /** One more, after many from the same address. */
  | 'many-wrong-tokens';

/** Of a token that was never right, be it by guessing. */
export const NEVER_RIGHT: ReadonlySet<Fault> = new Set<Fault>([
  'wrong-token',
  'token-algorithm',
  'token-unknown-key',
  'token-signature',
]);

interface Refused {
  readonly status: 401 | 403 | 429 | 503;
  readonly message: string;
}

const again = (message: string): Refused => ({ status: 401, message });
const never = (message: string): Refused => ({ status: 403, message });

export const REFUSALS: Readonly<Record<Fault, Refused>> = {
  'no-token': again(
    'a Bearer token or a client certificate is wanted (settings http.token, controllers, http.jwt, http.tls)',
  ),
  'wrong-token': again('another Bearer token is wanted (settings http.token, controllers, http.jwt)'),
  'foreign-origin': never('without http.token only pages of this machine may ask'),
  'foreign-host': never('without http.token the Host must be localhost or a loopback address'),
  'token-algorithm': again('the token is signed by an algorithm that http.jwt.algorithms does not name'),
  'token-unknown-key': again('the token is signed by a key that is not in http.jwt.jwks'),
  'token-keys-away': { status: 503, message: 'the keys of http.jwt.jwks cannot be had now' },
  'token-signature': again('the signature of the token is wrong'),
  'token-expired': again('the token has expired'),
  'token-not-yet': again('the token is not valid yet'),
  'token-issuer': again('the token is of another issuer than http.jwt.issuer'),
  'token-audience': again('the token is for another audience than http.jwt.audience'),
  'token-claims': again('the token lacks a claim, or has one of the wrong type (exp, and those that http.jwt names)'),
  'certificate-expired': never('the client certificate has expired, or is not valid yet'),
  'certificate-foreign': never('the client certificate is not of a CA in http.tls.ca'),
  'certificate-other-endpoint': never('the client certificate is that of another Endpoint ID'),
  'certificate-without-endpoint': never('the client certificate names no Endpoint ID (URI urn:bbf:usp:id:…)'),
  'other-endpoint': never('the credential is that of another Endpoint ID'),
  'token-without-endpoint': never('the token names no Endpoint ID (setting http.jwt.endpointClaim)'),
  'many-wrong-tokens': {
    status: 429,
    message:
      'too many wrong tokens have come from this address (setting http.wrongTokens); a right one is taken at any time',
  },
  'no-api-role': never('the credential does not give the role that the API wants (setting http.apiRole)'),
};
