// A real Redis for tests: a server of their own on a free port, in a folder of its own, gone with the test.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { endProcess } from './end-process.ts';
import { freePort } from './free-port.ts';

export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** As `kill -9` does; resolves when the process is gone. */
  kill(): Promise<void>;
  /** Stops and continues the process: it is there, and does not answer. */
  freeze(): void;
  thaw(): void;
  /** Starts it again on the same port and folder; resolves when it answers. */
  restart(): Promise<void>;
}

const PROGRAM = 'redis-server';
/** A server of this machine answers within this, or it is broken. */
const READY_MS = 10_000;

/**
 * Why there is no Redis to test with; false where there is one. Where TEST_REDIS is `required` it says false, and
 * the tests fail.
 */
export function missingRedis(): string | false {
  if (process.env['TEST_REDIS'] === 'required') return false;
  const { status } = spawnSync(PROGRAM, ['--version'], { stdio: 'ignore' });
  return status === 0 ? false : `no ${PROGRAM} here: install the package redis-server, and this is tested too`;
}

/** Resolves when the server answers; Redis says "ready" on its standard output once it has loaded its data. */
async function ready(child: ChildProcess): Promise<void> {
  let said = '';
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${PROGRAM} is not ready: ${said}`)), READY_MS);
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('Ready to accept connections')) resolve();
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`${PROGRAM} ended: ${said}`)));
    child.stdout?.once('close', () => clearTimeout(late));
  });
}

/** `settings` are further arguments, such as `--requirepass x`. The teardown of `t` ends the server. */
export async function startRedis(
  t: { teardown(run: () => unknown): void },
  settings: readonly string[] = [],
): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-redis-'));
  const port = await freePort();
  const own = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, '--save', ''];
  const spawned = (): ChildProcess => spawn(PROGRAM, [...own, ...settings], { stdio: ['ignore', 'pipe', 'inherit'] });
  let child = spawned();
  const kill = (): Promise<void> => endProcess(child, 'SIGKILL');
  t.teardown(async () => {
    await kill();
    rmSync(folder, { recursive: true, force: true });
  });
  await ready(child);
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    kill,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    async restart() {
      await kill();
      child = spawned();
      await ready(child);
    },
  };
}

/**
 * A server in the mode of a Cluster that has all slots itself: it refuses a script whose keys are of several slots, or
 * that touches a key which it was not given.
 */
export async function startClusterRedis(t: { teardown(run: () => unknown): void }): Promise<RedisServer> {
  const server = await startRedis(t, ['--cluster-enabled', 'yes']);
  const redis = new Redis(server.url, { protocol: 2 });
  await redis.cluster('ADDSLOTSRANGE', 0, 16383);
  while (!(await redis.cluster('INFO')).includes('cluster_state:ok')) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await redis.quit();
  return server;
}

/** Takes everything out of one of the server's sixteen databases, and names it. */
export async function emptyDatabase(server: RedisServer, database: number): Promise<string> {
  const url = `${server.url}/${database}`;
  const redis = new Redis(url, { protocol: 2 });
  await redis.flushdb();
  await redis.quit();
  return url;
}
