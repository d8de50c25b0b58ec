// The certificate that a CPE showed, to us or to a trusted proxy, and whether it is that of the device which an Inform
// names. Pure.
import { X509Certificate } from 'node:crypto';
import { type ClientCertificate, readCertificate } from '../access/certificate.ts';

const RFC_9440 = /^:([A-Za-z0-9+/]+={0,2}):$/;
const ONE_PEM = /^-----BEGIN CERTIFICATE-----\s([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----\s*$/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * As proxies pass it on: `:base64 of DER:` (RFC 9440), base64 of DER alone (HAProxy), PEM in percent encoding (nginx).
 * Undefined when it is none of these, as when there are two: one may be the CPE's own word.
 */
export function certificateInHeader(text: string): ClientCertificate | undefined {
  try {
    const base64 = RFC_9440.exec(text)?.[1] ?? BASE64.exec(text)?.[0] ?? ONE_PEM.exec(decodeURIComponent(text))?.[1];
    return base64 === undefined ? undefined : readCertificate(new X509Certificate(Buffer.from(base64, 'base64')));
  } catch {
    // Not a certificate: an expected outcome, for which Node has exceptions only.
    return undefined;
  }
}

/** A device as its Inform names it. */
export interface NamedDevice {
  readonly OUI: string;
  readonly ProductClass: string;
  readonly SerialNumber: string;
}

/** One way in which a certificate may name its device; all parts of it must be there: `CN={SerialNumber}`, `O={OUI}`. */
export type IdentityPattern = readonly string[];

const PLACE = /\{(\w+)\}/g;
const FIELDS: ReadonlySet<string> = new Set(['OUI', 'ProductClass', 'SerialNumber']);

/** `CN={OUI}-{SerialNumber}`, or several parts with ` & ` between them. */
export function parseIdentityPattern(
  text: string,
): { readonly ok: true; readonly pattern: IdentityPattern } | { readonly ok: false; readonly reason: string } {
  const pattern = text.split(' & ').map((part) => part.trim());
  const wrong = pattern.find((part) => !/^[A-Za-z]+=./.test(part));
  if (wrong !== undefined) return { ok: false, reason: `"${wrong}" is not of the form CN=…, O=…, DNS=…, URI=…` };
  const unknown = [...text.matchAll(PLACE)].find(([, name = '']) => !FIELDS.has(name));
  if (unknown !== undefined)
    return { ok: false, reason: `there is no ${unknown[0]}, only {${[...FIELDS].join('}, {')}}` };
  // What many devices have in common proves none of them.
  if (!text.includes('{SerialNumber}')) return { ok: false, reason: `"${text}" has no {SerialNumber}` };
  return { ok: true, pattern };
}

/** Whether the certificate is the named device's, by any of the patterns. */
export function isCertificateOf(
  { names }: ClientCertificate,
  device: NamedDevice,
  patterns: readonly IdentityPattern[],
): boolean {
  if (device.SerialNumber.trim() === '') return false;
  return spellings(device).some((spelt) =>
    patterns.some((pattern) => pattern.every((part) => names.includes(filled(part, spelt)))),
  );
}

function filled(part: string, device: NamedDevice): string {
  const text = part.replace(PLACE, (_, name: keyof NamedDevice) => device[name]);
  return text.startsWith('DNS=') ? `DNS=${text.slice(4).toLowerCase()}` : text;
}

/** TR-069 §3.4.4 has the fields percent-encoded, which not all makers do; hexadecimal OUIs come in both cases. */
function spellings(device: NamedDevice): readonly NamedDevice[] {
  const { OUI, ProductClass, SerialNumber } = device;
  const encoded = { ProductClass: encoded3986(ProductClass), SerialNumber: encoded3986(SerialNumber) };
  return [OUI, OUI.toUpperCase(), OUI.toLowerCase()].flatMap((oui) => [
    { OUI: oui, ProductClass, SerialNumber },
    { OUI: oui, ...encoded },
  ]);
}

/** All but RFC 3986's unreserved characters without the hyphen, which parts the fields. */
function encoded3986(text: string): string {
  const hex = (byte: number): string => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  const kept = (byte: number): boolean => /[A-Za-z0-9._]/.test(String.fromCharCode(byte));
  return [...Buffer.from(text, 'utf8')].map((byte) => (kept(byte) ? String.fromCharCode(byte) : hex(byte))).join('');
}
