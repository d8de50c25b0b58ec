// Certificates of USP Endpoints: whose they are (TR-369 R-SEC.10), and whether one is trusted now. Pure.
import type { X509Certificate } from 'node:crypto';

const URN = 'urn:bbf:usp:id:';
/** Node quotes a value in which the separator or a quote stands, as a JSON text. */
const URI_NAME = /(?:^|, )URI:("(?:[^"\\]|\\.)*"|[^,]*)/g;

/** The Endpoint IDs that the certificate names: URIs of its alternative names, `urn:bbf:usp:id:` before each. */
export function endpointIdsOf({ subjectAltName = '' }: X509Certificate): readonly string[] {
  return [...subjectAltName.matchAll(URI_NAME)].flatMap(([, written = '']) => {
    const uri = written.startsWith('"') ? String(JSON.parse(written)) : written;
    // The first parts of a URN may be in any case (RFC 8141 §3.1); the Endpoint ID is compared as it is.
    return uri.slice(0, URN.length).toLowerCase() === URN ? [uri.slice(URN.length)] : [];
  });
}

/** Certificates between one and the CA that is trusted. */
const LONGEST_CHAIN = 8;

const isInDate = ({ validFrom, validTo }: X509Certificate, now: number): boolean =>
  Date.parse(validFrom) <= now && now <= Date.parse(validTo);

const isIssuedBy = (certificate: X509Certificate, issuer: X509Certificate): boolean =>
  issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);

/**
 * Whether a chain, the certificate itself first, leads to one that is trusted: a CA, or the very certificate. Each on the
 * way is in date at `now` (ms). Lists of revoked certificates, name and length constraints are not looked at.
 */
export function isTrusted(
  [certificate, ...others]: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
  now: number,
): boolean {
  let current = certificate;
  for (let length = 0; current !== undefined && length < LONGEST_CHAIN; length += 1) {
    const one: X509Certificate = current;
    if (!isInDate(one, now)) return false;
    if (trusted.some((known) => known.fingerprint256 === one.fingerprint256)) return true;
    if (trusted.some((known) => isIssuedBy(one, known) && isInDate(known, now))) return true;
    current = others.find((other) => other.fingerprint256 !== one.fingerprint256 && isIssuedBy(one, other));
  }
  return false;
}
