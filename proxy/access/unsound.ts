// What is wrong with a client certificate in itself, whoever has signed it. OpenSSL looks at all of this for those whose CA
// it knows; of others it says no more than that it does not know the CA. Pure.
import type { X509Certificate } from 'node:crypto';
import { type CertificateShape, elementsIn, shapeOf } from './certificate-shape.ts';

export type Unsound = 'out-of-date' | 'weak' | 'critical-extension' | 'key-usage' | 'unreadable';

/** ECDSA, RSA and RSA-PSS over SHA-256 and longer, Ed25519, Ed448: all that OpenSSL takes at its default level but SHA-224. */
const SIGNATURES: ReadonlySet<string> = new Set([
  ...['2a8648ce3d040302', '2a8648ce3d040303', '2a8648ce3d040304'],
  ...['2a864886f70d01010b', '2a864886f70d01010c', '2a864886f70d01010d', '2a864886f70d01010a'],
  ...['2b6570', '2b6571'],
]);
const SHORTEST_RSA_BITS = 2048;
const KEY_TYPES: ReadonlySet<string> = new Set(['ec', 'ed25519', 'ed448', 'rsa', 'rsa-pss']);

const KEY_USAGE = '551d0f';
/** keyUsage, subjectAltName, basicConstraints, extKeyUsage: those that are understood here. */
const UNDERSTOOD: ReadonlySet<string> = new Set([KEY_USAGE, '551d11', '551d13', '551d25']);
const BIT_STRING = 0x03;
/** The first bit (RFC 5280 §4.2.1.3). */
const DIGITAL_SIGNATURE = 0x80;
/** id-kp-clientAuth, anyExtendedKeyUsage. */
const FOR_CLIENTS: readonly string[] = ['1.3.6.1.5.5.7.3.2', '2.5.29.37.0'];

/** Undefined: nothing. `now` in milliseconds. */
export function unsoundness(certificate: X509Certificate, now: number): Unsound | undefined {
  if (now < Date.parse(certificate.validFrom) || Date.parse(certificate.validTo) < now) return 'out-of-date';
  const shape = shapeOf(certificate.raw);
  if (shape === undefined) return 'unreadable';
  if (isWeak(certificate, shape)) return 'weak';
  if (shape.extensions.some(({ id, isCritical }) => isCritical && !UNDERSTOOD.has(id))) return 'critical-extension';
  return maySign(shape) && isForClients(certificate) ? undefined : 'key-usage';
}

function isWeak({ publicKey }: X509Certificate, { signature }: CertificateShape): boolean {
  const { asymmetricKeyType = '', asymmetricKeyDetails } = publicKey;
  const bits = asymmetricKeyDetails?.modulusLength ?? SHORTEST_RSA_BITS;
  return !SIGNATURES.has(signature) || !KEY_TYPES.has(asymmetricKeyType) || bits < SHORTEST_RSA_BITS;
}

function maySign({ extensions }: CertificateShape): boolean {
  const usage = extensions.find(({ id }) => id === KEY_USAGE);
  if (usage === undefined) return true;
  const [bits] = elementsIn(usage.value) ?? [];
  return bits?.tag === BIT_STRING && ((bits.content[1] ?? 0) & DIGITAL_SIGNATURE) !== 0;
}

/** @types/node has `keyUsage` always there: it is the extended key usage, and undefined where there is none. */
function isForClients({ keyUsage }: X509Certificate): boolean {
  const uses = keyUsage as readonly string[] | undefined;
  return uses === undefined || uses.some((use) => FOR_CLIENTS.includes(use));
}
