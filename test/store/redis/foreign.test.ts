// Values that somebody else has put under our keys: refused with a reason, and nothing else is disturbed.
import { Redis } from 'ioredis';
import t from 'tap';
import { imageKey, payloadsKey, requestKey } from '../../../proxy/store/redis/layout.ts';
import { missingRedis, startRedis } from '../../redis-server.ts';
import { CAPS, claim, claimed, deriveFrom, entry, KEY, keyOf, read, row } from '../contract/samples.ts';
import { openOn } from './open.ts';

t.test('foreign values', { skip: missingRedis() }, async (t) => {
  const server = await startRedis(t);
  const redis = new Redis(server.url, { protocol: 2 });
  t.teardown(() => redis.quit());
  const CORRUPT = { code: 'CAUSEWAY_STORE_CORRUPT' };

  for (const state of ['', 'not json', '"text"', 'null', '[]', '{"v":"1"}', '1e999']) {
    t.test(`a state that is ${state === '' ? 'empty' : state}`, async (t) => {
      await redis.flushdb();
      const store = await openOn(t, server.url);
      await claim(store);
      await claim(store, { key: keyOf('B2') });
      await redis.hset(imageKey(KEY), 'state', state, '#', 'theirs');
      await t.rejects(claim(store), CORRUPT);
      await t.rejects(store.devices.readDevice(KEY), CORRUPT);
      t.equal((await read(store, keyOf('B2'))).owner, 'n1', 'others are not disturbed');
    });
  }

  t.test('what a newer Causeway wrote', async (t) => {
    await redis.flushdb();
    const store = await openOn(t, server.url);
    await claim(store);
    await redis.hset(imageKey(KEY), 'state', '{"v":2}', '#', 'newer');
    await t.rejects(claim(store), { code: 'CAUSEWAY_STORE_VERSION' });
  });

  t.test('a key of another type', async (t) => {
    await redis.flushdb();
    await redis.set(imageKey(KEY), 'text');
    const store = await openOn(t, server.url);
    await t.rejects(claim(store), CORRUPT);
    await t.rejects(store.devices.readDevice(KEY), CORRUPT);
  });

  t.test('requests and Notifies', async (t) => {
    await redis.flushdb();
    const store = await openOn(t, server.url);
    const epoch = await claimed(store);
    await store.mailbox.enqueue(KEY, entry('r1'), CAPS);
    await deriveFrom(t, store, (sequence) => [row(sequence)]);
    await redis.set(requestKey(KEY, 'r1'), 'foreign');
    const other = await openOn(t, server.url);
    await t.rejects(other.mailbox.take(KEY, epoch), CORRUPT);
    await redis.hset(payloadsKey(KEY), '2.1.0', 'foreign');
    await t.rejects(other.outbox.listNotifies(KEY, undefined), CORRUPT);
    await redis.hset('causeway:{due}:items', 'foreign', '1||');
    await redis.zadd('causeway:{due}:times', 1, 'foreign');
    await t.rejects(store.due.takeDue(2, 1, 1), CORRUPT);
  });
});
