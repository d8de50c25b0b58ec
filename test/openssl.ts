// Certificates for tests, made with the program openssl in a temporary folder: no key lies in the repository.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PROGRAM = 'openssl';

/** Why there is no openssl to test with; false where there is one. Where TEST_OPENSSL is `required` it says false. */
export function missingOpenssl(): string | false {
  if (process.env['TEST_OPENSSL'] === 'required') return false;
  const { status } = spawnSync(PROGRAM, ['version'], { stdio: 'ignore' });
  return status === 0 ? false : `no ${PROGRAM} here: install the package openssl, and this is tested too`;
}

/** Files in PEM, and what they hold. */
export interface Issued {
  readonly certFile: string;
  readonly keyFile: string;
  readonly cert: string;
  readonly key: string;
}

export interface Authority extends Issued {
  /** `subject`: `/CN=x/O=y`; `names`: as subjectAltName wants them, `IP:127.0.0.1,DNS:localhost`; negative days are over. */
  /** `days`: how long it is good; 0: it has expired. */
  /** `extensions`: more of them, `keyUsage=critical,keyEncipherment`. */
  issue(subject: string, names?: string, days?: number, extensions?: readonly string[]): Issued;
}

function openssl(args: readonly string[]): void {
  const { status, stderr } = spawnSync(PROGRAM, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${PROGRAM} ${args.join(' ')}: ${stderr}`);
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** A certificate authority in a folder of its own, which goes with the test. */
export function createAuthority(t: { teardown(run: () => unknown): void }, subject = '/CN=Test CA'): Authority {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-ca-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  let serial = 0;
  const filesOf = (name: string): readonly [certFile: string, keyFile: string] => [
    join(folder, `${name}.pem`),
    join(folder, `${name}.key`),
  ];
  const issued = ([certFile, keyFile]: readonly [string, string]): Issued => ({
    certFile,
    keyFile,
    cert: readFileSync(certFile, 'utf8'),
    key: readFileSync(keyFile, 'utf8'),
  });
  const own = filesOf('ca');
  openssl(['req', '-x509', ...NEW_KEY, '-keyout', own[1], '-out', own[0], '-days', '2', '-subj', subject]);
  return {
    ...issued(own),
    issue(subject, names = '', days = 2, more = []) {
      serial += 1;
      const files = filesOf(String(serial));
      const [request, extensions] = [join(folder, 'request'), join(folder, 'extensions')];
      const first = names === '' ? 'basicConstraints=CA:FALSE' : `subjectAltName=${names}`;
      writeFileSync(extensions, `${[first, ...more].join('\n')}\n`);
      openssl(['req', '-new', ...NEW_KEY, '-keyout', files[1], '-out', request, '-subj', subject]);
      const signed = ['-CA', own[0], '-CAkey', own[1], '-set_serial', String(serial), '-days', String(days)];
      openssl(['x509', '-req', '-in', request, '-out', files[0], ...signed, '-extfile', extensions]);
      return issued(files);
    },
  };
}

/** A certificate that has signed itself; `key`: how the key is made, where not as all others. */
export function selfSigned(
  t: { teardown(run: () => unknown): void },
  extensions: readonly string[] = [],
  key: readonly string[] = NEW_KEY,
): Issued {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-self-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const [certFile, keyFile] = [join(folder, 'own.pem'), join(folder, 'own.key')];
  const more = extensions.flatMap((extension) => ['-addext', extension]);
  openssl(['req', '-x509', ...key, '-keyout', keyFile, '-out', certFile, '-days', '2', '-subj', '/CN=self', ...more]);
  return { certFile, keyFile, cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
}

/** Certificates for a listener on 127.0.0.1. */
export const forLoopback = (authority: Authority): Issued => authority.issue('/CN=127.0.0.1', 'IP:127.0.0.1');
