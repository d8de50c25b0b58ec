// A certificate as a Controller brings it, in PEM: what its row shows and what it is known by. A key that came with it
// is not kept. Pure.
import { createHash, X509Certificate } from 'node:crypto';
import { endpointIdsOf } from '../../../usp/certificate.ts';

/** As the model calls them, and as Node does. */
const HASHES = {
  'SHA-1': 'sha1',
  'SHA-224': 'sha224',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
} as const;
export type FingerprintAlgorithm = keyof typeof HASHES;
export const isFingerprintAlgorithm = (name: string): name is FingerprintAlgorithm => Object.hasOwn(HASHES, name);
export const FINGERPRINT_ALGORITHMS = Object.keys(HASHES).filter(isFingerprintAlgorithm);

export interface CertificateFacts {
  readonly SerialNumber: string;
  /** RFC 4514: the most specific name first. */
  readonly Issuer: string;
  /** Upper-case hexadecimal, of the certificate in DER. */
  readonly fingerprints: Readonly<Record<FingerprintAlgorithm, string>>;
  readonly endpointIds: readonly string[];
  /** In base64. */
  readonly der: string;
}
export type CertificateRead =
  { readonly ok: true; readonly facts: CertificateFacts } | { readonly ok: false; readonly why: string };

/** Of the argument, and of the parameters that are made of it (TR-181). */
const LONGEST_PEM = 65_535;
const LONGEST_SERIAL = 64;
const LONGEST_ISSUER = 256;
const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

const unread = (why: string): CertificateRead => ({ ok: false, why });

export function readCertificatePem(text: string): CertificateRead {
  if (text.length > LONGEST_PEM) return unread(`a certificate has up to ${LONGEST_PEM} characters`);
  const [pem, ...more] = text.match(PEM) ?? [];
  if (pem === undefined) return unread('not a certificate in PEM');
  if (more.length > 0) return unread('more than one certificate');
  const certificate = parsed(pem);
  if (certificate === undefined) return unread('the certificate cannot be read');
  // A name a line, the most general first.
  const issuer = certificate.issuer.split('\n').reverse().join(',');
  if (certificate.serialNumber.length > LONGEST_SERIAL) return unread('its serial number is too long');
  if (issuer.length > LONGEST_ISSUER) return unread(`the name of its issuer is over ${LONGEST_ISSUER} characters`);
  const digest = (name: FingerprintAlgorithm): string =>
    createHash(HASHES[name]).update(certificate.raw).digest('hex').toUpperCase();
  const fingerprints = {
    'SHA-1': digest('SHA-1'),
    'SHA-224': digest('SHA-224'),
    'SHA-256': digest('SHA-256'),
    'SHA-384': digest('SHA-384'),
    'SHA-512': digest('SHA-512'),
  };
  const endpointIds = endpointIdsOf(certificate);
  const der = certificate.raw.toString('base64');
  return {
    ok: true,
    facts: { SerialNumber: certificate.serialNumber, Issuer: issuer, fingerprints, endpointIds, der },
  };
}

function parsed(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    // Node says so by throwing, whatever is wrong with it.
    return undefined;
  }
}
