import t from 'tap';
import { ValueCache } from '../../../proxy/store/log/value-cache.ts';
import { open, text } from './fixture.ts';

t.test('the cache holds what was asked for last, within its bytes', async (t) => {
  const cache = new ValueCache(100_000);
  const value = (): Buffer => Buffer.alloc(800);
  for (let slot = 0; slot < 100; slot++) cache.set(slot, value());
  t.equal(cache.bytes, 100_000);
  t.ok(cache.get(0), 'asked for, and so the last to go');
  cache.set(100, value());
  t.ok(cache.get(0));
  t.equal(cache.get(1), undefined);
  cache.set(5, Buffer.alloc(50_000));
  t.equal(cache.get(5), undefined, 'no one value fills it; the old one is not kept either');
  cache.drop(7);
  cache.drop(7);
  t.equal(cache.bytes, 98_000);
});

t.test('the log keeps to it, and never answers with an old value', async (t) => {
  const log = await open(t, t.testdir(), { cacheBytes: 64 << 10 });
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 1000; i++) log.commit([{ key: `k${i}`, value: `${round}`.repeat(500) }]);
    await log.flushed();
    const first = new Set(Array.from({ length: 1000 }, (_, i) => text(log, `k${i}`)?.at(0)));
    t.same([...first], [`${round}`]);
    t.ok(log.size.cacheBytes <= 64 << 10);
    t.ok(log.size.cacheBytes > 60 << 10);
  }
  t.equal(log.get('k999'), log.get('k999'), 'one memory, not read again');
  log.commit([{ key: 'k999', value: 'replaced' }]);
  t.equal(text(log, 'k999'), 'replaced');
  log.commit([{ key: 'k999', value: undefined }]);
  log.commit([{ key: 'new', value: 'in the slot that became free' }]);
  t.equal(text(log, 'new'), 'in the slot that became free');
});
