// A real S3 server for tests: s3rver on a free port, in a folder of its own, gone with the test.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BucketAddress } from '../proxy/store/blobs/bucket-client.ts';
import { endProcess } from './end-process.ts';

export interface S3Server {
  readonly endpoint: string;
  /** In which `files` is the bucket. */
  readonly address: BucketAddress;
  /** As settings of a gateway. */
  readonly settings: Readonly<Record<string, string>>;
  /** As `kill -9` does; resolves when the process is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same port and folder; resolves when it answers. */
  restart(): Promise<void>;
}

const PROGRAM = process.env['TEST_S3_SERVER'] ?? 's3rver';
const BUCKET = 'files';
/** The only account that s3rver knows. */
const KEY = 'S3RVER';
const READY_MS = 20_000;

/**
 * Why there is no S3 to test with; false where there is one. Where TEST_S3 is `required` it says false, and the tests
 * fail.
 */
export function missingS3(): string | false {
  if (process.env['TEST_S3'] === 'required') return false;
  const { status } = spawnSync(PROGRAM, ['--version'], { stdio: 'ignore' });
  return status === 0 ? false : `no ${PROGRAM} here: npm install it elsewhere, name it in TEST_S3_SERVER`;
}

/** The port, once it listens. */
async function ready(child: ChildProcess): Promise<number> {
  let said = '';
  return new Promise<number>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${PROGRAM} is not ready: ${said}`)), READY_MS);
    child.stdout?.on('data', (chunk: Buffer) => {
      if (said.length < 10_000) said += chunk.toString();
      const port = /listening on \S+:(\d+)/.exec(said)?.[1];
      if (port === undefined) return;
      clearTimeout(late);
      resolve(Number(port));
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`${PROGRAM} ended: ${said}`)));
  });
}

/** The teardown of `t` ends the server. */
export async function startS3(t: { teardown(run: () => unknown): void }): Promise<S3Server> {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-s3-'));
  const spawned = (port: number): ChildProcess => {
    const settings = ['-d', folder, '-a', '127.0.0.1', '-p', String(port), '--configure-bucket', BUCKET];
    // What tap loads into its own processes is not for others; s3rver makes its continuation tokens with DES.
    const env = { ...process.env, NODE_OPTIONS: '--openssl-legacy-provider' };
    return spawn(PROGRAM, settings, { stdio: ['ignore', 'pipe', 'ignore'], env });
  };
  let child = spawned(0);
  const kill = (): Promise<void> => endProcess(child, 'SIGKILL');
  t.teardown(async () => {
    await kill();
    rmSync(folder, { recursive: true, force: true });
  });
  const port = await ready(child);
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    endpoint,
    address: { endpoint, bucket: BUCKET, prefix: 'cpe/', region: 'us-east-1', accessKeyId: KEY, secretAccessKey: KEY },
    settings: { 'files.bucket': `${endpoint}/${BUCKET}/cpe`, 'files.accessKey': KEY, 'files.secretKey': KEY },
    kill,
    async restart() {
      await kill();
      child = spawned(port);
      await ready(child);
    },
  };
}
