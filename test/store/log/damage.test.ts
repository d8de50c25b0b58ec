import { readFileSync, renameSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import t, { type Test } from 'tap';
import { CausewayError } from '../../../proxy/errors.ts';
import { open, segmentFiles, text, type TestLog } from './fixture.ts';

const KEYS = 40;
const valueOf = (i: number): string => `${i}`.padEnd(300, '.');

/** Some segments with `k0` to `k39`, a frame each; closed. */
async function fill(t: Test, folder: string): Promise<string[]> {
  const log = await open(t, folder, { segmentBytes: 4096 });
  for (let i = 0; i < KEYS; i++) {
    log.commit([{ key: `k${i}`, value: valueOf(i) }]);
    await log.flushed();
  }
  await log.close();
  return segmentFiles(folder);
}

/** Inverts a bit, and returns what puts it right again. */
function flip(file: string, position: number): () => void {
  const bytes = readFileSync(file);
  const flipped = Buffer.from(bytes);
  flipped[position] = (flipped[position] ?? 0) ^ (1 << (position % 8));
  writeFileSync(file, flipped);
  return () => writeFileSync(file, bytes);
}

const missing = (log: TestLog): number[] =>
  Array.from({ length: KEYS }, (_, i) => i).filter((i) => text(log, `k${i}`) !== valueOf(i));

t.test('a flipped bit anywhere in a closed log is found, and the place is named', async (t) => {
  const folder = t.testdir();
  const files = await fill(t, folder);
  t.ok(files.length >= 3);
  let found = 0;
  for (const file of files) {
    const size = readFileSync(file).length;
    // The end of the last file says that all before it is on the disk; without it nothing is lost.
    const checked = file === files.at(-1) ? size - 16 : size;
    for (let position = 0; position < checked; position += 29) {
      const undo = flip(file, position);
      const error: unknown = await open(t, folder).catch((error: unknown) => error);
      const said = error instanceof CausewayError && error.code === 'CAUSEWAY_STORE_CORRUPT' ? error.message : '';
      const offset = Number(/ at byte (\d+):/.exec(said)?.[1]);
      if (said.includes(file) && offset <= position && offset > position - 400) found++;
      else t.fail(`${file} ${position}: ${String(error)}`);
      undo();
    }
  }
  t.ok(found > 400, `${found} flips`);
  for (let back = 1; back <= 16; back++) {
    const file = files.at(-1) ?? '';
    const undo = flip(file, readFileSync(file).length - back);
    const log = await open(t, folder);
    t.same(missing(log), []);
    await log.close();
    undo();
  }
});

t.test('segments that are missing or cut', async (t) => {
  const cases: [string, (files: string[]) => void][] = [
    ['one in the middle is missing', ([, second = '']) => unlinkSync(second)],
    ['one in the middle is empty', ([, second = '']) => truncateSync(second, 0)],
    [
      'one in the middle ends before its end mark',
      ([, second = '']) => truncateSync(second, readFileSync(second).length - 16),
    ],
    ['one in the middle ends within a frame', ([, second = '']) => truncateSync(second, 1000)],
    [
      'two have changed places',
      ([first = '', second = '']) => {
        renameSync(first, `${first}.x`);
        renameSync(second, first);
      },
    ],
  ];
  for (const [name, damage] of cases) {
    const folder = t.testdir();
    damage(await fill(t, folder));
    await t.rejects(open(t, folder), { code: 'CAUSEWAY_STORE_CORRUPT' }, name);
    const log = await open(t, folder, { salvage: true });
    t.ok(missing(log).length < 20, `${name}: salvage keeps the rest`);
    await log.close();
    t.same((await open(t, folder)).events, [], `${name}: and leaves a healthy log`);
  }
});

t.test('salvage loses the damaged frame only, and keeps the damaged file', async (t) => {
  const folder = t.testdir();
  const [, second = '', third = ''] = await fill(t, folder);
  flip(second, 500);
  flip(third, 900);
  flip(third, 2000);
  const damaged = readFileSync(second);
  const log = await open(t, folder, { salvage: true, clock: () => 77 });
  t.equal(missing(log).length, 3);
  t.match(log.events, [
    { kind: 'salvaged', file: second, bytes: 326, kept: `${second}.damaged-77` },
    { kind: 'salvaged', file: third, bytes: 326 },
    { kind: 'salvaged', file: third, bytes: 326 },
  ]);
  t.same(readFileSync(`${second}.damaged-77`), damaged);
  log.commit([{ key: 'k0', value: 'goes on' }]);
  await log.close();
  const again = await open(t, folder);
  t.equal(text(again, 'k0'), 'goes on');
  t.same(again.events, []);
});

t.test('salvage of a healthy log does nothing, and leaves an unfinished end to the replay', async (t) => {
  const folder = t.testdir();
  const files = await fill(t, folder);
  const before = files.map((file) => readFileSync(file));
  const log = await open(t, folder, { salvage: true });
  t.same(missing(log), []);
  t.same(log.events, []);
  await log.close();
  const after = files.map((file) => readFileSync(file));
  t.ok(before.every((bytes, i) => after[i]?.subarray(0, bytes.length).equals(bytes)));
  const last = files.at(-1) ?? '';
  writeFileSync(last, Buffer.concat([readFileSync(last), Buffer.from('half')]));
  const again = await open(t, folder, { salvage: true });
  t.match(again.events, [{ kind: 'tail cut', bytes: 4 }]);
});

t.test('a segment whose header is lost is lost, and nothing else', async (t) => {
  const folder = t.testdir();
  const [first = ''] = await fill(t, folder);
  flip(first, 9);
  await t.rejects(open(t, folder), { code: 'CAUSEWAY_STORE_CORRUPT' });
  const log = await open(t, folder, { salvage: true });
  t.same(
    missing(log),
    Array.from({ length: 13 }, (_, i) => i),
  );
});

t.test('a newer format is refused, not salvaged', async (t) => {
  const folder = t.testdir();
  const [first = ''] = await fill(t, folder);
  const bytes = readFileSync(first);
  bytes.writeUInt32LE(2, 4);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 12)), 12);
  writeFileSync(first, bytes);
  for (const salvage of [false, true]) {
    await t.rejects(open(t, folder, { salvage }), { code: 'CAUSEWAY_STORE_VERSION' });
  }
  t.same(readFileSync(first), bytes);
});
