// What the log costs, against the bare system calls that the same bytes need, in one run:
//   npm run -s build && node dist/test/bench/log.js
import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Log, openLog } from '../../proxy/store/log/log.ts';
import { datasync, segmentPath } from '../../proxy/store/log/segments.ts';

const ROUNDS = 7;
const folder = mkdtempSync(join(tmpdir(), 'causeway-log-'));
const open = (name: string, sync: 'none' | 'batch' = 'none', cacheBytes = 8 << 20): Promise<Log> =>
  openLog({ folder: join(folder, name), sync, clock: Date.now, cacheBytes });

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
/** What the program holds, on the JavaScript heap and in array buffers. */
async function heldBytes(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    collect();
    await delay(100); // Array buffers are freed by another thread.
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const median = (figures: number[]): number => figures.sort((a, b) => a - b)[figures.length >> 1] ?? NaN;

/** Microseconds of CPU, all threads, for each of `count` steps: the median of some rounds. */
async function cpuEach(count: number, round: () => Promise<void> | void): Promise<number> {
  await round();
  const figures: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const before = process.cpuUsage();
    await round();
    const { user, system } = process.cpuUsage(before);
    figures.push((user + system) / count);
  }
  return median(figures);
}

const keyOf = (i: number): string => `device:00D09E-IGD-${i.toString().padStart(12, '0')}:subscription:1:state-of-it`;
const row = (what: string, figure: number, floor: number, unit = 'us'): void =>
  console.log(
    `${what.padEnd(44)} ${figure.toFixed(2).padStart(9)} ${unit}   floor ${floor.toFixed(2)} (x${(figure / floor).toFixed(1)})`,
  );

async function commits(sync: 'none' | 'batch', valueBytes: number, atOnce: number, count: number): Promise<void> {
  const log = await open(`commit-${sync}-${valueBytes}-${atOnce}`, sync);
  const value = Buffer.alloc(valueBytes, 'v');
  const figure = await cpuEach(count, async () => {
    let next = 0;
    const committer = async (): Promise<void> => {
      while (next < count) {
        log.commit([{ key: keyOf(next++ % 10_000), value }]);
        await log.flushed();
      }
    };
    await Promise.all(Array.from({ length: atOnce }, committer));
  });
  await log.close();
  const descriptor = openSync(join(folder, 'floor'), 'w');
  const bytes = Buffer.alloc(atOnce * (valueBytes + keyOf(0).length), 'v');
  const floor = await cpuEach(count, async () => {
    for (let i = 0; i < count; i += atOnce) {
      writeSync(descriptor, bytes);
      if (sync === 'batch') await datasync(descriptor);
    }
  });
  closeSync(descriptor);
  row(`commit + flushed, ${sync}, ${valueBytes} B, ${atOnce} at once`, figure, floor);
  rmSync(folder, { recursive: true });
}

async function gets(): Promise<void> {
  const count = 50_000;
  const value = Buffer.alloc(1024, 'v');
  const fill = async (log: Log): Promise<void> => {
    for (let i = 0; i < count; i++) log.commit([{ key: keyOf(i), value }]);
    await log.flushed();
  };
  const cold = await open('get', 'none', 0);
  await fill(cold);
  const keys = Array.from({ length: count }, (_, i) => keyOf((i * 7919) % count));
  const coldFigure = await cpuEach(count, () => {
    for (const key of keys) cold.get(key);
  });
  const descriptor = openSync(segmentPath(join(folder, 'get'), 1), 'r');
  const floor = await cpuEach(count, () => {
    for (let i = 0; i < count; i++)
      readSync(descriptor, Buffer.allocUnsafe(1024), 0, 1024, ((i * 7919) % count) * 1000);
  });
  closeSync(descriptor);
  row('get 1 KB, from the page cache', coldFigure, floor);
  await cold.close();
  const hot = await open('get', 'none', 1 << 30);
  for (const key of keys) hot.get(key);
  const hotFigure = await cpuEach(count, () => {
    for (const key of keys) hot.get(key);
  });
  row('get 1 KB, recently read', hotFigure, floor);
  await hot.close();
}

async function replays(valueBytes: number): Promise<void> {
  const name = `replay-${valueBytes}`;
  const writing = await openLog({ folder: join(folder, name), sync: 'none', clock: Date.now, segmentBytes: 1 << 30 });
  const value = Buffer.alloc(valueBytes, 'v');
  const count = Math.floor((100 << 20) / (valueBytes + 80));
  for (let i = 0; i < count; i++) {
    writing.commit([{ key: keyOf(i % 50_000), value }]);
    await writing.flushed(); // A frame for each: the worst case.
  }
  await writing.close();
  const file = segmentPath(join(folder, name), 1);
  const mebibytes = statSync(file).size / (1 << 20);
  const times: number[] = [];
  const floors: number[] = [];
  for (let i = 0; i < 3; i++) {
    const start = performance.now();
    await (await openLog({ folder: join(folder, name), sync: 'none', clock: Date.now, segmentBytes: 1 << 30 })).close();
    times.push(((performance.now() - start) * 100) / mebibytes);
    const floorStart = performance.now();
    const descriptor = openSync(file, 'r');
    const window = Buffer.alloc(4 << 20);
    while (readSync(descriptor, window) > 0);
    closeSync(descriptor);
    floors.push(((performance.now() - floorStart) * 100) / mebibytes);
  }
  row(`replay of 100 MB, ${valueBytes} B values`, median(times), median(floors), 'ms');
}

/** Half of what is written is replaced: compaction copies the other half. */
async function compaction(valueBytes: number): Promise<void> {
  const log = await open(`compaction-${valueBytes}`, 'none', 0);
  const value = Buffer.alloc(valueBytes, 'v');
  const count = Math.floor((64 << 20) / (valueBytes + 64));
  for (let i = 0; i < 2 * count; i++) {
    log.commit([{ key: keyOf(i < count ? i : 2 * (i % (count / 2))), value }]);
    if (i % 16 === 0) await log.flushed();
  }
  await log.flushed();
  const mebibytes = (log.size.liveBytes + log.size.deadBytes) / (1 << 20);
  const turns: number[] = [];
  let last = performance.now();
  let watches = true;
  const watch = (): void => {
    if (!watches) return;
    const now = performance.now();
    turns.push(now - last);
    last = now;
    setImmediate(watch);
  };
  setImmediate(watch);
  const start = performance.now();
  await log.compact();
  watches = false;
  const speed = (mebibytes / (performance.now() - start)) * 1000;
  await log.close();
  const busy = turns.filter((turn) => turn > 0.5).sort((a, b) => b - a);
  const held = `${busy[Math.floor(busy.length / 20)]?.toFixed(1)} ms in 95 of 100 busy turns, ${busy[0]?.toFixed(1)} at most`;
  const what = `compaction without rest, ${valueBytes} B values`;
  console.log(what.padEnd(44), `${speed.toFixed(0).padStart(9)} MB/s   the loop was held ${held}`);
}

async function memory(): Promise<void> {
  const count = 200_000;
  // Read from bytes, strings are flat, as the index keeps them.
  const flat = (i: number): string => Buffer.from(keyOf(i)).toString();
  const before = await heldBytes();
  const keys = Array.from({ length: count }, (_, i) => flat(i));
  const keyBytes = ((await heldBytes()) - before) / count - 8;
  const log = await open('memory', 'none', 0);
  const beforeLog = await heldBytes();
  for (const key of keys) log.commit([{ key, value: 'v' }]);
  await log.flushed();
  const each = ((await heldBytes()) - beforeLog) / count;
  log.keys('x');
  const ordered = ((await heldBytes()) - beforeLog) / count;
  await log.close();
  const perKey = `memory for each of ${keys.length} keys`;
  console.log(perKey.padEnd(44), `${(each - keyBytes).toFixed(0)} B, and the key itself ${keyBytes.toFixed(0)} B`);
  console.log('  once a listing was asked for'.padEnd(44), `${(ordered - keyBytes).toFixed(0)} B`);
}

try {
  await memory();
  for (const atOnce of [1, 16]) for (const bytes of [200, 1024, 4096]) await commits('none', bytes, atOnce, 20_000);
  for (const atOnce of [1, 16]) await commits('batch', 1024, atOnce, 100 * atOnce);
  await gets();
  await replays(200);
  await replays(1024);
  await compaction(200);
  await compaction(1024);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
