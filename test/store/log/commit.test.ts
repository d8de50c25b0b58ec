import t from 'tap';
import { statSync } from 'node:fs';
import { open, segmentFiles, text } from './fixture.ts';

t.test('a commit is seen at once, and after flushed by the next opening', async (t) => {
  const folder = t.testdir();
  const log = await open(t, folder);
  log.commit([
    { key: 'text', value: 'grün' },
    { key: 'bytes', value: Buffer.from([0, 255, 1]) },
    { key: 'empty', value: '' },
    { key: 'gone', value: 'x' },
  ]);
  log.commit([{ key: 'gone', value: undefined }]);
  t.equal(text(log, 'text'), 'grün', 'before it is written');
  await log.flushed();
  t.equal(text(log, 'text'), 'grün', 'read back from the file');
  t.same(log.get('bytes'), Buffer.from([0, 255, 1]));
  await log.close();
  const again = await open(t, folder);
  t.equal(text(again, 'text'), 'grün');
  t.same(again.get('bytes'), Buffer.from([0, 255, 1]));
  t.same(again.get('empty'), Buffer.alloc(0));
  t.equal(again.get('gone'), undefined);
  t.equal(again.has('gone'), false);
  t.equal(again.has('empty'), true);
  t.same(again.events, [], 'a clean end leaves nothing to report');
});

t.test('a later change of the same key in one batch wins', async (t) => {
  const log = await open(t, t.testdir());
  log.commit([
    { key: 'a', value: '1' },
    { key: 'a', value: undefined },
    { key: 'a', value: '2' },
    { key: 'b', value: '1' },
    { key: 'b', value: undefined },
  ]);
  t.equal(text(log, 'a'), '2');
  t.equal(log.has('b'), false);
});

t.test('what the log does not take changes nothing', async (t) => {
  const log = await open(t, t.testdir());
  const good = { key: 'good', value: 'x' };
  for (const key of ['', 'k'.repeat(65_536), 'lone \ud800', 'astral \u{1f600}']) {
    t.throws(() => log.commit([good, { key, value: 'x' }]), { code: 'CAUSEWAY_BUG' }, JSON.stringify(key.slice(0, 9)));
  }
  for (const expiresAt of [0, -1, NaN]) {
    t.throws(() => log.commit([good, { key: 'k', value: 'x', expiresAt }]), { code: 'CAUSEWAY_BUG' });
  }
  const huge = Buffer.alloc(65 << 20);
  t.throws(() => log.commit([good, { key: 'k', value: huge }]), { code: 'CAUSEWAY_BUG' });
  t.equal(log.has('good'), false);
  t.equal(log.size.keys, 0);
  log.commit([]);
  await log.flushed();
  t.equal(log.size.keys, 0);
});

t.test('the longest key and a large value', async (t) => {
  const folder = t.testdir();
  const log = await open(t, folder);
  const key = 'ü'.repeat(32_767);
  const value = Buffer.alloc(10 << 20, 'v');
  log.commit([{ key, value }]);
  t.same(log.get(key), value);
  await log.close();
  t.same((await open(t, folder)).get(key), value);
});

t.test('all commits of one turn are one write', async (t) => {
  const folder = t.testdir();
  const log = await open(t, folder);
  const size = (): number => statSync(segmentFiles(folder)[0] ?? '').size;
  const before = size();
  for (let i = 0; i < 10; i++) log.commit([{ key: `k${i}`, value: 'v' }]);
  t.equal(size(), before, 'not within the turn');
  t.equal(log.flushed(), log.flushed(), 'all wait for the same promise');
  await log.flushed();
  t.equal(size(), before + 16 + 10 * (7 + 2 + 1), 'one frame header, ten records');
});

t.test('a turn that commits much is written within the turn', async (t) => {
  const folder = t.testdir();
  const log = await open(t, folder, { segmentBytes: 8 << 20 });
  const value = Buffer.alloc(1 << 20, 'v');
  const written = (): number => segmentFiles(folder).reduce((sum, path) => sum + statSync(path).size, 0);
  for (let i = 0; i < 40; i++) log.commit([{ key: `k${i}`, value }]);
  t.ok(written() > 30 << 20, 'memory holds no more than a few MB, also across segments');
  t.same(log.get('k0'), value);
  t.same(log.get('k39'), value);
  await log.close();
  const again = await open(t, folder);
  t.equal(again.size.keys, 40);
});

t.test("with sync 'batch' a flush waits for the disk and includes all that was written meanwhile", async (t) => {
  const folder = t.testdir();
  const log = await open(t, folder, { sync: 'batch', segmentBytes: 4096 });
  const value = Buffer.alloc(1000, 'v');
  await Promise.all(
    Array.from({ length: 16 }, async (_, committer) => {
      for (let i = 0; i < 5; i++) {
        log.commit([{ key: `${committer}/${i}`, value }]);
        await log.flushed();
      }
    }),
  );
  await log.flushed();
  t.ok(log.size.segments > 5);
  await log.close();
  t.equal((await open(t, folder)).size.keys, 80);
});

t.test('closing', async (t) => {
  const folder = t.testdir();
  const log = await open(t, folder);
  log.commit([{ key: 'k', value: 'v' }]);
  const closing = log.close();
  t.equal(log.close(), closing, 'twice is once');
  t.throws(() => log.commit([{ key: 'k', value: 'late' }]), { code: 'CAUSEWAY_BUG' });
  t.throws(() => log.get('k'), { code: 'CAUSEWAY_BUG' });
  await closing;
  t.equal(text(await open(t, folder), 'k'), 'v', 'what was committed before is safe');
});

t.test('settings out of range', async (t) => {
  for (const segmentBytes of [0, 4095, NaN, 2 ** 31]) {
    await t.rejects(open(t, t.testdir(), { segmentBytes }), { code: 'CAUSEWAY_CONFIG_INVALID' });
  }
});
