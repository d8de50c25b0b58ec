import t from 'tap';
import { open, text } from './fixture.ts';

t.test('a value is gone from its time on, by the clock handed in', async (t) => {
  const folder = t.testdir();
  let now = 1000;
  const clock = (): number => now;
  const log = await open(t, folder, { clock });
  log.commit([{ key: 'k', value: 'first' }]);
  log.commit([{ key: 'k', value: 'second', expiresAt: 2000 }]);
  now = 1999;
  t.equal(text(log, 'k'), 'second');
  now = 2000;
  t.equal(log.get('k'), undefined);
  t.equal(log.has('k'), false);
  t.same(log.keys(''), []);
  await log.close();
  const again = await open(t, folder, { clock });
  t.equal(again.get('k'), undefined, 'the value it replaced does not come back');
  t.equal(again.size.keys, 0);
  again.commit([{ key: 'k', value: 'third' }]);
  now = 1e9;
  t.equal(text(again, 'k'), 'third', 'a later value stays');
});

t.test('commits sweep expired keys out of memory', async (t) => {
  let now = 1000;
  const log = await open(t, t.testdir(), { clock: () => now });
  for (let i = 0; i < 1000; i++) log.commit([{ key: `session ${i}`, value: 'v', expiresAt: 2000 }]);
  log.commit([{ key: 'kept', value: 'v' }]);
  t.equal(log.size.keys, 1001);
  now = 2000;
  for (let i = 0; i < 500; i++) log.commit([{ key: 'other', value: 'v' }]);
  t.equal(log.size.keys, 2);
  t.ok(log.size.liveBytes < 40, 'and count them as dead');
});

t.test('compaction drops expired values and keeps the time of others', async (t) => {
  const folder = t.testdir();
  let now = 1000;
  const clock = (): number => now;
  const log = await open(t, folder, { clock, segmentBytes: 4096 });
  for (let i = 0; i < 100; i++) log.commit([{ key: `k${i}`, value: 'v'.repeat(100), expiresAt: 1001 + i }]);
  for (let i = 0; i < 100; i++) {
    log.commit([{ key: 'filler', value: 'v'.repeat(1000) }]);
    await log.flushed();
  }
  now = 1050;
  await log.compact();
  await log.close();
  const again = await open(t, folder, { clock });
  t.equal(again.keys('k').length, 50);
  now = 1060;
  t.equal(again.keys('k').length, 40);
});
