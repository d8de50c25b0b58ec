import { join } from 'node:path';
import { readFileSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { crashCopy, open, segmentFiles, text } from './fixture.ts';

const filler = 'f'.repeat(1000);

t.test('deleted keys stay deleted, whatever segments are gone', async (t) => {
  const folder = t.testdir({ live: {} });
  const live = join(folder, 'live');
  const log = await open(t, live, { segmentBytes: 4096 });
  log.commit([
    { key: 'deleted', value: 'v' },
    { key: 'kept', value: 'v' },
    { key: 'replaced', value: 'old' },
  ]);
  for (let i = 0; i < 40; i++) {
    if (i === 10) log.commit([{ key: 'deleted', value: undefined }]);
    if (i === 20) log.commit([{ key: 'replaced', value: 'new' }]);
    log.commit([{ key: 'filler', value: filler }]);
    await log.flushed();
  }
  for (let round = 0; round < 3; round++) {
    await log.compact();
    const copy = await open(t, crashCopy(live, join(folder, `copy-${round}`)));
    t.same(copy.keys(''), ['filler', 'kept', 'replaced']);
    t.same([text(copy, 'kept'), text(copy, 'replaced')], ['v', 'new']);
    await copy.close();
  }
  t.ok(segmentFiles(live).length <= 2, 'all that is dead is given back');
  t.same(
    log.events.find(({ kind }) => kind !== 'segment compacted'),
    undefined,
  );
});

t.test('a crash between the copies and the end of the old file', async (t) => {
  const folder = t.testdir({ live: {} });
  const live = join(folder, 'live');
  const log = await open(t, live, { segmentBytes: 4096 });
  log.commit([
    { key: 'a', value: 'v' },
    { key: 'b', value: 'v' },
  ]);
  log.commit([{ key: 'filler', value: 'f'.repeat(5000) }]);
  await log.flushed();
  // The roll-over has ended when the next commit is there.
  log.commit([{ key: 'filler', value: undefined }]);
  await log.flushed();
  const [first = ''] = segmentFiles(live);
  const oldFile = readFileSync(first);
  await log.compact();
  log.commit([{ key: 'a', value: undefined }]);
  await log.flushed();
  const crashed = crashCopy(live, join(folder, 'crashed'));
  writeFileSync(first.replace(live, crashed), oldFile);
  const again = await open(t, crashed);
  t.same(again.keys(''), ['b'], 'the old file and all that came after it');
  await again.compact();
  t.same(again.keys(''), ['b']);
});

t.test('begins by itself, and keeps the files within the bound', async (t) => {
  const folder = t.testdir();
  const segmentBytes = 64 << 10;
  const log = await open(t, folder, { segmentBytes });
  for (let i = 0; i < 200; i++) log.commit([{ key: `cold ${i}`, value: filler }]);
  await log.flushed();
  let largest = 0;
  for (let turn = 0; turn < 3000; turn++) {
    for (let i = 0; i < 4; i++) log.commit([{ key: `hot ${(turn * 7 + i) % 20}`, value: `${turn}`.padEnd(1500, '.') }]);
    await log.flushed();
    largest = Math.max(largest, log.size.liveBytes + log.size.deadBytes);
  }
  const { liveBytes } = log.size;
  t.ok(
    largest < 4 * Math.max(liveBytes, segmentBytes) + 2 * segmentBytes,
    `${largest} bytes for ${liveBytes} live ones`,
  );
  t.ok(log.events.length > 20);
  t.same(
    log.events.find(({ kind }) => kind !== 'segment compacted'),
    undefined,
  );
  t.same(log.keys('cold').length, 200);
  t.equal(text(log, 'cold 7'), filler);
  await log.close();
  const again = await open(t, folder);
  t.equal(again.keys('cold').length, 200);
  t.equal(text(again, 'hot 3')?.length, 1500);
});

t.test('a damaged segment stops it, and nothing is deleted', async (t) => {
  const folder = t.testdir();
  const log = await open(t, folder, { segmentBytes: 4096 });
  for (let i = 0; i < 10; i++) {
    log.commit([{ key: `k${i}`, value: filler }]);
    await log.flushed();
  }
  const files = segmentFiles(folder);
  const [first = ''] = files;
  const bytes = readFileSync(first);
  bytes[2000] = (bytes[2000] ?? 0) ^ 1;
  writeFileSync(first, bytes);
  await t.rejects(log.compact(), { code: 'CAUSEWAY_STORE_CORRUPT' });
  t.match(log.events, [{ kind: 'compaction failed', error: { code: 'CAUSEWAY_STORE_CORRUPT' } }]);
  t.ok(segmentFiles(folder).includes(first));
  log.commit([{ key: 'more', value: 'v' }]);
  await log.flushed();
  t.equal(text(log, 'more'), 'v', 'commits go on');
});

t.test('closing does not wait for it', async (t) => {
  const folder = t.testdir();
  const log = await open(t, folder, { segmentBytes: 4096 });
  for (let i = 0; i < 100; i++) {
    log.commit([{ key: `k${i % 30}`, value: filler }]);
    await log.flushed();
  }
  const compacting = log.compact();
  await log.close();
  await compacting;
  t.equal((await open(t, folder)).keys('').length, 30);
});
