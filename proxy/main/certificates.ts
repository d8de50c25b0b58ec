// The files of the listeners' TLS: read at start, where a fault names its setting, and again when they change or the
// process is told to (SIGHUP). What cannot be used then changes nothing: the certificates at hand stay.
import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { TlsConfig } from '../config/cwmp-listeners.ts';
import type { CwmpListener } from '../cwmp/cwmp-listener.ts';
import { contextOptions, type TlsMaterial } from '../access/tls.ts';
import { CausewayError } from '../errors.ts';
import type { Log } from '../operate/log.ts';
import type { Metrics } from '../operate/metrics.ts';

const invalid = (message: string, cause?: unknown): CausewayError =>
  new CausewayError('CAUSEWAY_CONFIG_INVALID', message, { cause });

/** `name` is the section's: `cwmp.listeners[0].tls`. Throws CAUSEWAY_CONFIG_INVALID naming the part to change. */
export function readCertificates(name: string, tls: TlsConfig): TlsMaterial {
  const { cert, key, ca, clientCert, minVersion, maxVersion } = tls;
  if (minVersion > maxVersion) throw invalid(`${name}.minVersion is above maxVersion: lower it, or raise the other`);
  if (clientCert !== 'none' && ca === '') {
    throw invalid(`${name}.clientCert is ${clientCert}: name the CAs of those certificates in ${name}.ca`);
  }
  const material = {
    cert: readPem(`${name}.cert`, cert, /-----BEGIN CERTIFICATE-----/),
    key: readPem(`${name}.key`, key, /-----BEGIN [A-Z ]*PRIVATE KEY-----/),
    ca: ca === '' ? undefined : readPem(`${name}.ca`, ca, /-----BEGIN CERTIFICATE-----/),
  };
  try {
    createSecureContext(contextOptions(tls, material));
  } catch (error) {
    throw invalid(`${name}: ${whatToChange(error)}`, error);
  }
  return material;
}

/** What a file holds, which `mark` is to be found in. Throws CAUSEWAY_CONFIG_INVALID naming the setting. */
export function readPem(setting: string, file: string, mark: RegExp): Buffer {
  if (file === '') throw invalid(`${setting} is empty: name a file`);
  try {
    const pem = readFileSync(file);
    if (mark.test(pem.toString('latin1'))) return pem;
  } catch (error) {
    throw invalid(`${setting}: ${file} cannot be read: ${error instanceof Error ? error.message : ''}`, error);
  }
  throw invalid(`${setting}: ${file} holds nothing of the kind in PEM`);
}

/** OpenSSL's code, and the part that it speaks of. */
function whatToChange(error: unknown): string {
  const { code = '', message = '' } = error instanceof Error ? (error as Error & { readonly code?: string }) : {};
  if (code === 'ERR_OSSL_X509_KEY_VALUES_MISMATCH') return 'key does not belong to cert: change one of them';
  if (/CIPHER/.test(code)) return `ciphers: OpenSSL knows none of these (${code})`;
  if (/KEY_TOO_SMALL|MD_TOO_WEAK/.test(code)) return `cert is too weak for these ciphers (${code})`;
  if (/PASSWORD|BAD_DECRYPT|INTERRUPTED/.test(code)) return `key has a passphrase: name one without (${code})`;
  return message;
}

export interface KeptCertificates {
  /** Reads all files again, at once. */
  reload(): void;
  stop(): void;
}

/** How often the files are looked at: whoever changes a mounted secret tells nobody. */
const LOOK_MS = 5000;

/** A listener whose certificates are kept. */
export interface Renewed {
  readonly name: string;
  readonly tls: TlsConfig;
  /** Reads them, and has the listener use them. Throws, and changes nothing, where they cannot be used. */
  readonly renew: () => void;
}

/** Listeners for CPEs that have TLS. */
export const renewedListeners = (
  wanted: readonly { readonly name: string; readonly tls: TlsConfig | undefined }[],
  listeners: readonly CwmpListener[],
): readonly Renewed[] =>
  wanted.flatMap(({ name, tls }) => {
    const listener = listeners.find(({ settings }) => settings.name === name);
    if (tls === undefined || listener === undefined) return [];
    return [{ name, tls, renew: () => listener.renew(contextOptions(tls, readCertificates(`${name}.tls`, tls))) }];
  });

/** Renews certificates when their files have changed, and when told to. */
export function keepCertificates(
  renewed: readonly Renewed[],
  { log, metrics }: { readonly log: Log; readonly metrics: Metrics },
): KeptCertificates {
  const renewals = renewed.map(({ name, tls, renew: read }) => {
    const renew = (): void => {
      try {
        read();
        log.info({ listener: name }, 'certificates were read again');
      } catch (error) {
        metrics.count('failure', 'certificates');
        log.error({ listener: name, err: error }, 'certificates cannot be used; those at hand stay');
      }
    };
    return { renew, files: [tls.cert, tls.key, tls.ca].filter((file) => file !== '') };
  });
  for (const { renew, files } of renewals) {
    for (const file of files) watchFile(file, { persistent: false, interval: LOOK_MS }, renew);
  }
  return {
    reload() {
      for (const { renew } of renewals) renew();
    },
    stop() {
      for (const { renew, files } of renewals) for (const file of files) unwatchFile(file, renew);
    },
  };
}
