// The signature over a Record in plain text (TR-369 R-E2E.31, R-E2E.32): what its sender signs, and whether it did. It
// protects all fields but the payload, which only a session with TLS does. Pure.
import { verify, X509Certificate } from 'node:crypto';
import { endpointIdsOf, isTrusted } from './certificate.ts';
import type { RecordType, UspRecord } from './record.ts';

/** Numbers of the enumerations, as the protobuf has them. */
const PAYLOAD_SECURITY = { PLAINTEXT: 0, TLS12: 1 } as const;
const SAR_STATE = { NONE: 0, BEGIN: 1, INPROCESS: 2, COMPLETE: 3 } as const;

function uint32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function uint64(value: bigint): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}

/** The fields one after another by their numbers, nothing between them (R-E2E.32.1). */
export function signedBytes({
  version,
  to_id,
  from_id,
  payload_security,
  sender_cert,
  record_type,
}: UspRecord): Buffer {
  return Buffer.concat([
    Buffer.from(version),
    Buffer.from(to_id),
    Buffer.from(from_id),
    uint32(PAYLOAD_SECURITY[payload_security]),
    sender_cert,
    ...ofSession(record_type),
  ]);
}

function ofSession(type: RecordType): readonly Uint8Array[] {
  if (type.kind !== 'session_context') return [];
  const { session_id, sequence_id, expected_id, retransmit_id, payload_sar_state, payloadrec_sar_state } = type;
  return [
    ...[session_id, sequence_id, expected_id, retransmit_id].map(uint64),
    ...[payload_sar_state, payloadrec_sar_state].map((state) => uint32(SAR_STATE[state])),
  ];
}

export type SignatureFault =
  /** sender_cert holds no certificate in PEM, or not such a one. */
  | 'no-certificate'
  /** It leads to nobody who is trusted, or is out of date. */
  | 'untrusted'
  /** It does not name from_id. */
  | 'other-endpoint'
  /** Something was changed, or signed with another key. */
  | 'wrong-signature';

const PEM = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;
const MOST_CERTIFICATES = 8;

/** Undefined when the signature is its sender's and good at `now` (ms). `trusted`: CAs, or certificates themselves. */
export function signatureFault(
  record: UspRecord,
  trusted: readonly X509Certificate[],
  now: number,
): SignatureFault | undefined {
  const chain = certificatesOf(record.sender_cert);
  const [own] = chain;
  // The signature is ECDSA over P-256 and nothing else (R-E2E.31).
  if (own?.publicKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') return 'no-certificate';
  if (!isTrusted(chain, trusted, now)) return 'untrusted';
  if (!endpointIdsOf(own).includes(record.from_id)) return 'other-endpoint';
  const key = { key: own.publicKey, dsaEncoding: 'der' } as const;
  return verify('sha256', signedBytes(record), key, record.mac_signature) ? undefined : 'wrong-signature';
}

function certificatesOf(pem: Uint8Array): readonly X509Certificate[] {
  const texts = Buffer.from(pem.buffer, pem.byteOffset, pem.byteLength).toString('latin1').match(PEM) ?? [];
  try {
    return texts.slice(0, MOST_CERTIFICATES).map((text) => new X509Certificate(text));
  } catch {
    // Not a certificate: an expected outcome, for which Node has exceptions only.
    return [];
  }
}
