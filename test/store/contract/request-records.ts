// Requests by their id and in lists, while they are unfinished and for ten minutes after.
import type { Test } from 'tap';
import { CAPS, claimed, entry, KEY, keyOf, origin, outcome, START, step } from './samples.ts';
import type { OpenStore } from './subject.ts';

const TEN_MINUTES = 600_000;

export function requestRecordContract(t: Test, openStore: OpenStore): void {
  t.test('a request is known from its beginning to its end', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    const one = entry('r1', { origin: origin('m1') });
    await store.mailbox.enqueue(KEY, one, CAPS);
    const { id, kind, enqueuedAt, deadline } = one;
    const known = { id, kind, origin: one.origin, enqueuedAt, deadline, steps: [], outcome: undefined };
    t.same(await store.mailbox.readRequest(KEY, 'r1'), { ...known, state: 'waiting' });
    await store.mailbox.take(KEY, epoch);
    t.same(await store.mailbox.readRequest(KEY, 'r1'), { ...known, state: 'running' });
    await store.mailbox.recordStep(KEY, epoch, 'r1', step(1), {});
    t.same(await store.mailbox.readRequest(KEY, 'r1'), { ...known, state: 'running', steps: [step(1)] });
    t.equal(await store.mailbox.readRequest(KEY, 'r'), undefined);
    t.equal(await store.mailbox.readRequest(keyOf('B2'), 'r1'), undefined);
  });

  t.test('an outcome is kept for ten minutes, by the clock handed in', async (t) => {
    const { store, clock, reopen } = await openStore(t);
    const epoch = await claimed(store);
    for (const [id, at] of [
      ['r1', START],
      ['r2', START + 1000],
    ] as const) {
      await store.mailbox.enqueue(KEY, entry(id), CAPS, epoch);
      await store.mailbox.settle(KEY, epoch, id, { outcome: outcome('succeeded', at) });
    }
    clock.now = START + TEN_MINUTES - 1;
    t.match(await store.mailbox.readRequest(KEY, 'r1'), { state: 'succeeded' });
    clock.now += 1;
    t.equal(await store.mailbox.readRequest(KEY, 'r1'), undefined);
    t.same(
      (await store.mailbox.listRequests(KEY, 10)).map(({ id }) => id),
      ['r2'],
    );
    clock.now = START + 1000 + TEN_MINUTES;
    t.same(await store.mailbox.listRequests(KEY, 10), []);
    t.equal(await (await reopen()).mailbox.readRequest(KEY, 'r2'), undefined);
  });

  t.test('an unfinished request is kept however old it is', async (t) => {
    const { store, clock } = await openStore(t);
    await claimed(store);
    await store.mailbox.enqueue(KEY, entry('r1'), CAPS);
    clock.now = START + 100 * TEN_MINUTES;
    t.match(await store.mailbox.readRequest(KEY, 'r1'), { state: 'waiting' });
  });

  t.test('lists begin with the newest that is unfinished, then with the one that ended last', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    t.same(await store.mailbox.listRequests(KEY, 10), []);
    for (const id of ['r1', 'r2', 'r3', 'r4', 'r5']) await store.mailbox.enqueue(KEY, entry(id), CAPS);
    await store.mailbox.settle(KEY, undefined, 'r4', { outcome: outcome('cancelled') });
    await store.mailbox.take(KEY, epoch);
    await store.mailbox.settle(KEY, epoch, 'r1', { outcome: outcome() });
    await store.mailbox.take(KEY, epoch);
    const listed = await store.mailbox.listRequests(KEY, 10);
    t.same(
      listed.map(({ id, state }) => `${id} ${state}`),
      ['r5 waiting', 'r3 waiting', 'r2 running', 'r1 succeeded', 'r4 cancelled'],
    );
    for (const record of listed) t.same(record, await store.mailbox.readRequest(KEY, record.id));
    t.same(await store.mailbox.listRequests(KEY, 3), listed.slice(0, 3));
    t.same(await store.mailbox.listRequests(KEY, 4), listed.slice(0, 4));
  });

  t.test('sixty-four ended ones are listed; older ones are still found by their id', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    for (let n = 0; n < 70; n += 1) {
      await store.mailbox.enqueue(KEY, entry(`r${n}`), CAPS, epoch);
      await store.mailbox.settle(KEY, epoch, `r${n}`, { outcome: outcome('succeeded', START + n) });
    }
    const listed = (await store.mailbox.listRequests(KEY, 100)).map(({ id }) => id);
    t.same([listed.length, listed[0], listed.at(-1)], [64, 'r69', 'r6']);
    t.match(await store.mailbox.readRequest(KEY, 'r0'), { state: 'succeeded' });
  });
}
