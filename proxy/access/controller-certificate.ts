// The certificate that a Controller showed in its TLS handshake, and which Endpoints it may speak for.
import type { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type DetailedPeerCertificate, TLSSocket } from 'node:tls';
import { isEndpointId, parseEndpointId } from '../usp/endpoint-id.ts';
import { readCertificate } from './certificate.ts';

export type CertificateFault = 'certificate-expired' | 'certificate-foreign';

export interface ControllerCertificate {
  /** Why it is not believed. */
  readonly fault: CertificateFault | undefined;
  /** Endpoint IDs, and patterns that end in `*`. */
  readonly endpointIds: readonly string[];
  /** SHA-256 of it, as Node writes it. */
  readonly fingerprint: string;
  /** SHA-256 of those who signed it, as Node writes it, its own issuer first. */
  readonly authorities: readonly string[];
  /** Milliseconds. */
  readonly expiresAt: number;
  /** The certificate itself, where nothing is wrong with it but that nobody knows who signed it, as far as OpenSSL looked. */
  readonly unknown?: X509Certificate;
}

/** A certificate is read once a connection. */
const known = new WeakMap<TLSSocket, ControllerCertificate>();

export const certificateOf = ({ socket }: IncomingMessage): ControllerCertificate | undefined =>
  socket instanceof TLSSocket ? certificateShown(socket) : undefined;

export function certificateShown(socket: TLSSocket): ControllerCertificate | undefined {
  const shown = socket.getPeerX509Certificate();
  if (shown === undefined) return undefined;
  let certificate = known.get(socket);
  if (certificate === undefined) {
    certificate = {
      fault: certificateFault(socket),
      ...(UNKNOWN_SIGNER.has(verifyCode(socket) ?? '') && { unknown: shown }),
      endpointIds: endpointsIn(readCertificate(shown).names),
      fingerprint: shown.fingerprint256,
      authorities: authoritiesOf(socket.getPeerCertificate(true)),
      expiresAt: Date.parse(shown.validTo),
    };
    known.set(socket, certificate);
  }
  return certificate;
}

const OUT_OF_TIME: ReadonlySet<string> = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']);

/** No issuer at hand, or one that is in no file: it may stand in the rows of a tenant. */
const UNKNOWN_SIGNER: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** OpenSSL's code for what it found wrong; @types/node has it an Error that is never null. */
const verifyCode = (socket: TLSSocket): string | undefined =>
  (socket.authorizationError as unknown as string | null | undefined) ?? undefined;

/** What OpenSSL found wrong with the certificate; undefined where that is nothing, or there is none. */
export function certificateFault(socket: TLSSocket): CertificateFault | undefined {
  const code = verifyCode(socket);
  if (code === undefined) return undefined;
  return OUT_OF_TIME.has(code) ? 'certificate-expired' : 'certificate-foreign';
}

function authoritiesOf(own: DetailedPeerCertificate): readonly string[] {
  const authorities: string[] = [];
  let signed = own;
  // Undefined where the issuer is not at hand, which @types/node does not have; a root has signed itself.
  for (;;) {
    const issuer = signed.issuerCertificate as DetailedPeerCertificate | undefined;
    if (issuer === undefined || issuer === signed || authorities.includes(issuer.fingerprint256)) return authorities;
    authorities.push(issuer.fingerprint256);
    signed = issuer;
  }
}

const URN = /^URI=urn:bbf:usp:id:(.+)$/i;

/**
 * Endpoint IDs among the alternative names: the URN (R-SEC.0a, R-SEC.10), or for `fqdn::` the DNS name itself (R-ARC.4a),
 * but none with a wildcard. Other names say nothing of USP.
 */
export function endpointsIn(names: readonly string[]): readonly string[] {
  return names.flatMap((name) => {
    const endpointId = URN.exec(name)?.[1] ?? (name.startsWith('DNS=') ? `fqdn::${name.slice('DNS='.length)}` : '');
    return isEndpointId(endpointId) || isWildcard(endpointId) ? [endpointId] : [];
  });
}

/** Schemes whose authority is named, so that it alone can have meant a wildcard (R-SEC.12). */
const OF_AN_AUTHORITY: ReadonlySet<string> = new Set(['oui', 'cid', 'pen', 'os', 'ops']);
/** In these the authority's OUI begins the instance-id: it must stand there. */
const OUI_WITHIN = /^(?:os|ops)::(?:[0-9A-F]{6}|[0-9A-F]{7}|[0-9A-F]{9})-/i;

/** An instance-id that ends in a wildcard, where R-SEC.12 lets it. */
function isWildcard(pattern: string): boolean {
  if (!pattern.endsWith('*')) return false;
  const start = pattern.slice(0, -1);
  // One character more makes an Endpoint ID of a good beginning.
  const parsed = parseEndpointId(`${start}0`);
  if (!parsed.ok || !OF_AN_AUTHORITY.has(parsed.id.scheme)) return false;
  return parsed.id.authorityId !== '' || OUI_WITHIN.test(start);
}
