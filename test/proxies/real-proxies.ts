// Real nginx and HAProxy, as Debian packages them, each a process of its own in a folder of its own.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endProcess } from '../end-process.ts';
import { freePort } from '../free-port.ts';

interface Test {
  teardown(run: () => unknown): void;
}

export interface ProxyWish {
  /** Ports of the listeners behind it, gone round. */
  readonly upstreams: readonly number[];
  /** Whether its connections to them are kept and shared. */
  readonly keepAlive: boolean;
  /** It speaks TLS and verifies certificates of these CAs, which it passes on (files in PEM). */
  readonly tls?: { readonly cert: string; readonly key: string; readonly ca: string };
}

const READY_MS = 10_000;

/** Why there is no such program to test with; false where there is one, and where TEST_PROXIES is `required`. */
export function missingProxy(program: 'nginx' | 'haproxy'): string | false {
  if (process.env['TEST_PROXIES'] === 'required') return false;
  const { error } = spawnSync(program, ['-v'], { stdio: 'ignore', env: environment() });
  return error === undefined ? false : `no ${program} here: install its package, and this is tested too`;
}

/** Debian keeps them where only root looks. */
const environment = (): NodeJS.ProcessEnv => ({ ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` });

/** The URL of a running nginx. */
export async function startNginx(t: Test, { upstreams, keepAlive, tls }: ProxyWish): Promise<string> {
  const folder = folderFor(t, 'nginx');
  const port = await freePort();
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${join(folder, name)};`,
  );
  const file = join(folder, 'nginx.conf');
  const kept = keepAlive ? 'proxy_http_version 1.1; proxy_set_header Connection "";' : '';
  const secured =
    tls === undefined
      ? ''
      : `ssl; ssl_certificate ${tls.cert}; ssl_certificate_key ${tls.key};
        ssl_client_certificate ${tls.ca}; ssl_verify_client optional`;
  const passedOn =
    tls === undefined
      ? ''
      : `proxy_set_header X-SSL-Client-Cert $ssl_client_escaped_cert;
          proxy_set_header X-SSL-Client-Verify $ssl_client_verify;`;
  writeFileSync(
    file,
    `${process.getuid?.() === 0 ? 'user root;' : ''}
    daemon off; worker_processes 1; pid ${join(folder, 'pid')}; error_log stderr warn;
    events { worker_connections 4096; }
    http {
      access_log off; ${paths.join(' ')}
      upstream acs {
        ${upstreams.map((upstream) => `server 127.0.0.1:${upstream};`).join(' ')}
        ${keepAlive ? 'keepalive 256;' : ''}
      }
      server {
        listen 127.0.0.1:${port} ${secured}; client_max_body_size 16m;
        location / {
          proxy_pass http://acs; ${kept}
          proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
          ${passedOn}
        }
      }
    }`,
  );
  await run(t, 'nginx', ['-e', 'stderr', '-p', folder, '-c', file], port);
  return `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}/`;
}

/** The URL of a running HAProxy that speaks HTTP. */
export function startHaproxy(t: Test, { upstreams, keepAlive }: ProxyWish): Promise<string> {
  const reuse = keepAlive ? 'http-reuse always' : 'http-reuse never\n  option http-server-close';
  const servers = upstreams.map((upstream, index) => `  server acs${index} 127.0.0.1:${upstream}`);
  return haproxy(t, `mode http\n  option forwardfor\n  ${reuse}`, servers);
}

/** Where a HAProxy for TCP comes from: not from where its CPEs do. */
export const TCP_HAPROXY = '127.0.0.2';

/** The URL of a running HAProxy that passes connections on as they are, each with a PROXY header (version 1 or 2). */
export function startTcpHaproxy(t: Test, upstream: string, header: 'send-proxy' | 'send-proxy-v2'): Promise<string> {
  return haproxy(t, 'mode tcp', [`  server acs ${new URL(upstream).host} ${header} source ${TCP_HAPROXY}`]);
}

async function haproxy(t: Test, defaults: string, servers: readonly string[]): Promise<string> {
  const file = join(folderFor(t, 'haproxy'), 'haproxy.cfg');
  const port = await freePort();
  writeFileSync(
    file,
    `global
  maxconn 4000
  nbthread 1
defaults
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  ${defaults}
frontend cpes
  bind 127.0.0.1:${port}
  default_backend acs
backend acs
  balance roundrobin
${servers.join('\n')}
`,
  );
  await run(t, 'haproxy', ['-db', '-f', file], port);
  return `http://127.0.0.1:${port}/`;
}

function folderFor(t: Test, program: string): string {
  const folder = mkdtempSync(join(tmpdir(), `causeway-${program}-`));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Resolves when the program takes connections. */
async function run(t: Test, program: string, options: readonly string[], port: number): Promise<void> {
  const child = spawn(program, options, { stdio: ['ignore', 'pipe', 'pipe'], env: environment() });
  let said = '';
  const hear = (chunk: Buffer): void => void (said = `${said}${chunk.toString()}`.slice(-4000));
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  child.on('error', (error) => (said += error.message));
  t.teardown(() => endProcess(child, 'SIGTERM'));
  for (const start = Date.now(); Date.now() - start < READY_MS;) {
    if (await takes(port)) return;
    if (child.exitCode !== null || child.pid === undefined) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${program} is not ready: ${said}`);
}

const takes = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
