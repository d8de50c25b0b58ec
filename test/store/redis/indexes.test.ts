// Indexes over devices: they may name too much, which nobody sees, and too little only until the device is heard again.
import { Redis } from 'ioredis';
import t from 'tap';
import {
  controllersKey,
  devicesKey,
  endpointKey,
  holdsKey,
  memberOf,
  owingKeys,
} from '../../../proxy/store/redis/layout.ts';
import { missingRedis, startRedis } from '../../redis-server.ts';
import { claim, CONTROLLER, deriveFrom, giveUp, KEY, keyOf, row, START, TENANT } from '../contract/samples.ts';
import { openOn } from './open.ts';

const MINUTE = 60_000;

t.test('indexes', { skip: missingRedis() }, async (t) => {
  const server = await startRedis(t);
  const redis = new Redis(server.url, { protocol: 2 });
  t.teardown(() => redis.quit());
  const { names, since } = owingKeys(TENANT, CONTROLLER);
  t.beforeEach(() => redis.flushdb());

  t.test('a name without a device is not seen, though lists are cut into pages', async (t) => {
    const store = await openOn(t, server.url);
    for (const serial of ['2', '4', '6']) await claim(store, { key: keyOf(serial) });
    await redis.zadd(devicesKey(TENANT), ...['1', '3', '5'].flatMap((serial) => [0, keyOf(serial).device]));
    const page = await store.devices.listDevices(TENANT, '', 2);
    t.same(
      page.map(({ key }) => key),
      [keyOf('2'), keyOf('4')],
      'a page is full',
    );
    t.match(await claim(store, { key: keyOf('3'), registryCap: 6 }), { key: keyOf('3') }, 'it was admitted before');
    await redis.sadd(holdsKey('n9'), memberOf(keyOf('2')), memberOf(keyOf('5')));
    t.same(await store.devices.ownedBy('n9'), []);
  });

  t.test('names that were lost come back with the next Inform that says something new', async (t) => {
    const store = await openOn(t, server.url);
    const { identity } = await claim(store);
    await redis.del(devicesKey(TENANT), endpointKey(TENANT, identity.endpointId), holdsKey('n1'));
    t.same(await store.devices.listDevices(TENANT, '', 9), []);
    await claim(store, { facts: { sourceAddress: '192.0.2.77' } });
    t.equal((await store.devices.listDevices(TENANT, '', 9)).length, 1);
    t.same(await store.devices.findDevice(TENANT, identity.endpointId), KEY);
    t.same(await store.devices.ownedBy('n1'), [KEY]);
  });

  t.test('what is owed is seen through at once, and swept when it has been wrong for a minute', async (t) => {
    const clock = { now: START };
    const store = await openOn(t, server.url, { now: () => clock.now });
    await claim(store);
    const sequence = await deriveFrom(t, store, (of) => [row(of)]);
    await store.outbox.notifyAnswered(KEY, CONTROLLER, row(sequence).msg_id);
    t.same(await store.outbox.listOutboxControllers(TENANT), []);
    t.equal(await redis.zcard(names), 1, 'who has just named it may be about to write it');
    clock.now += MINUTE + 1;
    t.same(await store.outbox.listOutboxControllers(TENANT), []);
    t.same([await redis.exists(names, since), await redis.exists(controllersKey(TENANT))], [0, 0]);
    await deriveFrom(t, store, (of) => [row(of)]);
    clock.now += MINUTE + 1;
    t.same(await store.outbox.listOutbox(TENANT, CONTROLLER, '', 9), [KEY], 'what is right stays, however old');
  });

  t.test('nothing of a session and of an incarnation is left behind', async (t) => {
    const store = await openOn(t, server.url);
    const { epoch } = await claim(store);
    await store.nodes.heartbeat('n1', START, 1000);
    const before = await redis.keys('*');
    await store.devices.release(KEY, epoch, giveUp({ eventsDone: 1 }));
    await store.nodes.forgetIncarnation('n1');
    const left = await redis.keys('*');
    t.ok(before.includes(holdsKey('n1')));
    t.same(
      left.filter((key) => !key.includes(KEY.device)),
      [devicesKey(TENANT)],
    );
  });
});
