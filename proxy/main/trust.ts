// The file of `usp.trust`: who may sign Records.
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CausewayError } from '../errors.ts';

const PEM = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/** None for ''. Throws CAUSEWAY_CONFIG_INVALID. */
export function readTrust(file: string): readonly X509Certificate[] {
  if (file === '') return [];
  try {
    const certificates = readFileSync(file, 'latin1').match(PEM) ?? [];
    if (certificates.length > 0) return certificates.map((text) => new X509Certificate(text));
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    throw new CausewayError('CAUSEWAY_CONFIG_INVALID', `usp.trust: ${file} cannot be used: ${why}`, { cause: error });
  }
  throw new CausewayError('CAUSEWAY_CONFIG_INVALID', `usp.trust: ${file} holds no certificate in PEM`);
}
