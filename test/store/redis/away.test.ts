// Redis killed, frozen, or not there at all: steps fail at once and say why, and go on by themselves when it is back.
import t from 'tap';
import type { ConnectionEvent } from '../../../proxy/store/redis/connection.ts';
import type { Store } from '../../../proxy/store/store.ts';
import { missingRedis, startRedis } from '../../redis-server.ts';
import { CAPS, claim, claimed, entry, KEY, read } from '../contract/samples.ts';
import { openOn } from './open.ts';

const missing = missingRedis();
/** A refused step has waited for nothing; generous, since the machine may be busy. */
const AT_ONCE_MS = 1000;

/** Pings until it answers: there is no event for a store to come back. */
async function back(store: Store): Promise<void> {
  for (;;) {
    const away = await store.ping().then(
      () => false,
      () => true,
    );
    if (!away) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

t.test('killed with -9, every step fails at once; restarted, all goes on', { skip: missing }, async (t) => {
  const server = await startRedis(t, ['--appendonly', 'yes', '--appendfsync', 'always']);
  const events: ConnectionEvent[] = [];
  const store = await openOn(t, server.url, { onEvent: (event) => events.push(event) });
  const epoch = await claimed(store);
  await store.mailbox.enqueue(KEY, entry('r1'), CAPS);
  await server.kill();
  const began = performance.now();
  const steps: Readonly<Record<string, () => Promise<unknown>>> = {
    ping: () => store.ping(),
    saveInform: () => claim(store),
    take: () => store.mailbox.take(KEY, epoch),
    readDevice: () => store.devices.readDevice(KEY),
    schedule: () => store.due.schedule({ kind: 'deadline', key: KEY, at: 1 }),
    heartbeat: () => store.nodes.heartbeat('n1', 1, 1),
    readTemplate: () => store.tenants.readTemplate('default'),
    listDevices: () => store.devices.listDevices('default', '', 1),
  };
  for (const [name, run] of Object.entries(steps)) await t.rejects(run(), { code: 'CAUSEWAY_STORE_AWAY' }, name);
  const many = await Promise.allSettled(Array.from({ length: 1000 }, () => store.devices.readDevice(KEY)));
  t.ok(
    many.every(({ status }) => status === 'rejected'),
    'nothing is kept waiting',
  );
  t.ok(performance.now() - began < AT_ONCE_MS, 'at once');
  await server.restart();
  await back(store);
  t.match(await read(store), { epoch, owner: 'n1', waiting: 1 }, 'what it had acknowledged is there');
  t.match(await store.mailbox.take(KEY, epoch), { entry: { id: 'r1' } });
  const kinds = events.map(({ kind }) => kind);
  t.same(
    kinds.filter((kind) => kind !== 'connection failed'),
    ['connected', 'connection lost', 'connected'],
  );
  t.ok(kinds.length <= 4, 'however often it was tried, it is told once');
});

t.test('frozen, a step fails when its time is over, and so does what waits behind it', { skip: missing }, async (t) => {
  const timeoutMs = 300;
  const server = await startRedis(t);
  const store = await openOn(t, server.url, { timeoutMs });
  const epoch = await claimed(store);
  server.freeze();
  const began = performance.now();
  const behind = await Promise.allSettled(
    Array.from({ length: 20 }, (_, n) => store.mailbox.enqueue(KEY, entry(`r${n}`), CAPS)),
  );
  const tookMs = performance.now() - began;
  server.thaw();
  for (const one of behind) {
    t.match(one, { status: 'rejected', reason: { code: /^CAUSEWAY_STORE_(TIMEOUT|AWAY)$/ } });
  }
  t.ok(tookMs >= timeoutMs && tookMs < 4 * timeoutMs + AT_ONCE_MS, `not one after the other: ${tookMs}`);
  await back(store);
  const record = await read(store);
  t.equal(record.epoch, epoch);
  t.ok(record.waiting <= 20, 'the step that timed out may have happened');
  t.match(await store.mailbox.enqueue(KEY, entry('later'), CAPS), { kind: 'queued' });
});

t.test('a password is asked for, and never said', { skip: missing }, async (t) => {
  const server = await startRedis(t, ['--requirepass', 'right-secret']);
  const events: ConnectionEvent[] = [];
  const open = (password: string): Promise<Store> =>
    openOn(t, server.url.replace('//', `//:${password}@`), { onEvent: (event) => events.push(event) });
  await (await open('right-secret')).ping();
  const refused = await open('wrong-secret').catch((error: unknown) => error);
  t.match(refused, { code: 'CAUSEWAY_STORE_AWAY', message: `127.0.0.1:${server.port}` });
  t.notMatch(JSON.stringify([String((refused as Error).stack), refused, events]), /(wrong|right)-secret/);
});

t.test(
  'a server that loses its memory is a store with nothing in it, not a broken one',
  { skip: missing },
  async (t) => {
    const server = await startRedis(t);
    const store = await openOn(t, server.url);
    const epoch = await claimed(store);
    await server.restart();
    await back(store);
    t.equal(await store.devices.clearDoubt(KEY, epoch), 'stale');
    t.equal(await store.devices.readDevice(KEY), undefined);
    t.ok((await claim(store, { at: epoch + 1 })).epoch > epoch, 'and no epoch is given out twice');
  },
);

t.test('a server that would throw devices away is told of', { skip: missing }, async (t) => {
  const server = await startRedis(t, ['--maxmemory-policy', 'allkeys-lru']);
  const events: ConnectionEvent[] = [];
  await openOn(t, server.url, { onEvent: (event) => events.push(event) });
  t.match(events, [{ kind: 'connected' }, { kind: 'server evicts', policy: 'allkeys-lru' }]);
});
