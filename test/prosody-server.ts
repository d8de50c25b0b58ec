// A real XMPP server for tests: a Prosody of their own on a free port, in a folder of its own, gone with the test.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endProcess } from './end-process.ts';
import { freePort } from './free-port.ts';

export interface ProsodyServer {
  readonly port: number;
  /** What it logged since its first start, in pieces. */
  readonly log: readonly string[];
  /** As `kill -9` does; resolves when the process is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same port and folder; resolves when it listens. */
  restart(): Promise<void>;
}

export interface ProsodyOptions {
  /** Passwords by account, `user@domain`: their domains are what it serves. */
  readonly accounts: Readonly<Record<string, string>>;
  /** Beside loopback. */
  readonly addresses?: readonly string[];
  /** Paths of a key and a certificate (PEM): it then offers STARTTLS, and nothing else. */
  readonly tls?: { readonly key: string; readonly certificate: string };
}

const PROGRAM = '/usr/bin/prosody';
const READY_MS = 10_000;

/** Why there is no Prosody to test with; false where there is one, and where TEST_XMPP is `required`. */
export function missingProsody(): string | false {
  if (process.env['TEST_XMPP'] === 'required' || existsSync(PROGRAM)) return false;
  return `no ${PROGRAM} here: install the package prosody, and this is tested too`;
}

/** As Prosody names folders: every byte but letters and digits in percent encoding. */
const folderName = (domain: string): string =>
  domain.replace(/[^A-Za-z0-9]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);

const list = (values: readonly (string | number)[]): string =>
  `{ ${values.map((value) => JSON.stringify(value)).join('; ')} }`;

function configure(folder: string, port: number, { accounts, addresses = [], tls }: ProsodyOptions): string {
  const domains = new Set(Object.keys(accounts).map((account) => account.replace(/^.*@/, '')));
  for (const [account, password] of Object.entries(accounts)) {
    const [user = '', domain = ''] = account.split('@');
    const kept = join(folder, 'data', folderName(domain), 'accounts');
    mkdirSync(kept, { recursive: true });
    writeFileSync(join(kept, `${folderName(user)}.dat`), `return { ["password"] = ${JSON.stringify(password)} };\n`);
  }
  const file = join(folder, 'prosody.cfg.lua');
  const lines = [
    'run_as_root = true',
    `data_path = ${JSON.stringify(join(folder, 'data'))}`,
    `pidfile = ${JSON.stringify(join(folder, 'prosody.pid'))}`,
    `certificates = ${JSON.stringify(folder)}`,
    `interfaces = ${list(['127.0.0.1', ...addresses])}`,
    `c2s_ports = ${list([port])}`,
    'c2s_direct_tls_ports = {}',
    `c2s_require_encryption = ${tls !== undefined}`,
    'authentication = "internal_plain"',
    `modules_enabled = ${list(['saslauth', 'ping', 'smacks', ...(tls === undefined ? [] : ['tls'])])}`,
    `modules_disabled = ${list(['s2s', 's2s_auth_certs', 'offline', ...(tls === undefined ? ['tls'] : [])])}`,
    'log = { { levels = { min = "info" }, to = "console" } }',
    ...(tls === undefined
      ? []
      : [`ssl = { key = ${JSON.stringify(tls.key)}; certificate = ${JSON.stringify(tls.certificate)} }`]),
    ...[...domains].map((domain) => `VirtualHost ${JSON.stringify(domain)}`),
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

/** Resolves when it has said that it listens. */
async function ready(child: ChildProcess, log: string[]): Promise<void> {
  const before = log.length;
  const said = (): string => log.slice(before).join('');
  await new Promise<void>((resolve, reject) => {
    const fail = (why: string) => (): void => reject(new Error(`${PROGRAM} ${why}: ${said()}`));
    const late = setTimeout(fail('is not ready'), READY_MS);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        log.push(chunk.toString());
        if (said().includes("Activated service 'legacy_ssl'")) resolve();
      });
    }
    child.once('error', fail('cannot be started'));
    child.once('exit', fail('ended'));
    child.stdout?.once('close', () => clearTimeout(late));
  });
}

/** The teardown of `t` ends the server. */
export async function startProsody(
  t: { teardown(run: () => unknown): void },
  options: ProsodyOptions,
): Promise<ProsodyServer> {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-prosody-'));
  const port = await freePort();
  const file = configure(folder, port, options);
  const log: string[] = [];
  const start = async (): Promise<ChildProcess> => {
    const child = spawn(PROGRAM, ['-F', '--config', file], { stdio: ['ignore', 'pipe', 'pipe'] });
    await ready(child, log);
    return child;
  };
  let child = await start();
  const kill = (): Promise<void> => endProcess(child, 'SIGKILL');
  t.teardown(async () => {
    await kill();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    port,
    log,
    kill,
    async restart() {
      await kill();
      child = await start();
    },
  };
}

/** A key and a certificate for a domain, which nobody has signed but itself; made with openssl. */
export function selfSigned(folder: string, domain: string): { readonly key: string; readonly certificate: string } {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const names = ['-subj', `/CN=${domain}`, '-addext', `subjectAltName=DNS:${domain}`];
  const { status, stderr } = spawnSync('openssl', [...request, '-keyout', key, '-out', certificate, ...names], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return { key, certificate };
}
