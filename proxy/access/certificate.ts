// What a certificate of somebody at the other end says of its owner. Pure.
import type { X509Certificate } from 'node:crypto';

export interface ClientCertificate {
  /** SHA-256, as Node writes it. */
  readonly fingerprint: string;
  /** `CN=…`, `O=…` and their like of the subject; `DNS=…`, `URI=…`, `email=…` of the alternative names (DNS in lower case). */
  readonly names: readonly string[];
}

export function readCertificate(certificate: X509Certificate): ClientCertificate {
  const subject = Object.entries({ ...certificate.toLegacyObject().subject });
  const names = subject.flatMap(([name, values]) => [values].flat().map((value) => `${name}=${String(value)}`));
  return { fingerprint: certificate.fingerprint256, names: [...names, ...alternativeNames(certificate)] };
}

/** Node quotes a value in which the separator or a quote stands, as a JSON text. */
const ALTERNATIVE = /(?:^|, )(DNS|URI|email):("(?:[^"\\]|\\.)*"|[^,]*)/g;

function alternativeNames({ subjectAltName = '' }: X509Certificate): readonly string[] {
  return [...subjectAltName.matchAll(ALTERNATIVE)].map(([, kind = '', written = '']) => {
    const value = written.startsWith('"') ? String(JSON.parse(written)) : written;
    return `${kind}=${kind === 'DNS' ? value.toLowerCase() : value}`;
  });
}
