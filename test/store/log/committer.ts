// A process of its own that commits until it is killed: `node committer.js <folder> <sync> <committers> <compacts>`.
// Commit n writes n under two keys, puts one key that n names and deletes that of n - 1. Each line it prints is a commit
// that `flushed` has acknowledged.
import { writeSync } from 'node:fs';
import { openLog } from '../../../proxy/store/log/log.ts';

const [folder = '', sync = '', committers = '', compacts = ''] = process.argv.slice(2);

const log = await openLog({
  folder,
  sync: sync === 'batch' ? 'batch' : 'none',
  clock: Date.now,
  segmentBytes: 32 << 10,
  onEvent: (event) => {
    if (event.kind === 'compaction failed' || event.kind === 'write failed')
      throw new Error(event.kind, { cause: event.error });
  },
});
let last = Number(log.keys('last/')[0]?.slice(5) ?? 0);

const pause = new Int32Array(new SharedArrayBuffer(4));

/** Waits while the pipe is full: who reads it may be slower than the log. */
function print(line: string): void {
  for (;;) {
    try {
      writeSync(1, line);
      return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
      Atomics.wait(pause, 0, 0, 1);
    }
  }
}

async function commit(): Promise<never> {
  for (;;) {
    const n = ++last;
    log.commit([
      { key: `left/${n % 50}`, value: `${n}`.padEnd(n % 1500, '.') },
      { key: `last/${n}`, value: '' },
      { key: `last/${n - 1}`, value: undefined },
      { key: `right/${n % 50}`, value: `${n}` },
    ]);
    await log.flushed();
    print(`${n}\n`);
  }
}

async function compact(): Promise<never> {
  for (;;) {
    await log.compact();
    await log.flushed();
  }
}

await Promise.all([...Array.from({ length: Number(committers) }, commit), ...(compacts === 'yes' ? [compact()] : [])]);
