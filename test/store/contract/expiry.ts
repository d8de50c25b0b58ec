// Requests that nobody ends: what waits too long, what an owner left behind, and what a live owner is about.
import type { Test } from 'tap';
import type { Store } from '../../../proxy/store/store.ts';
import { CAPS, claimed, entry, giveUp, KEY, MAX_MS, origin, outcome, read, START, step } from './samples.ts';
import type { OpenStore } from './subject.ts';

const expire = (store: Store, now: number): ReturnType<Store['mailbox']['expireRequests']> =>
  store.mailbox.expireRequests(KEY, now, MAX_MS, 'nobody came');

export function expiryContract(t: Test, openStore: OpenStore): void {
  t.test('what waits beyond its deadline expires, and says whom to tell', async (t) => {
    const { store } = await openStore(t);
    await claimed(store);
    const early = entry('r1', { deadline: START + 10, origin: origin('m1') });
    const late = entry('r2', { deadline: START + 20 });
    for (const one of [late, early]) await store.mailbox.enqueue(KEY, one, CAPS);
    t.same(await expire(store, START + 9), { ended: [], next: START + 10 });
    const expired = { state: 'expired', at: START + 10, error: 'nobody came', answer: '' } as const;
    t.same(await expire(store, START + 10), { ended: [{ entry: early, outcome: expired }], next: START + 20 });
    t.match(await store.mailbox.readRequest(KEY, 'r1'), { state: 'expired', outcome: expired });
    t.equal((await read(store)).waiting, 1);
    const repeat = await store.mailbox.enqueue(KEY, entry('r3', { origin: origin('m1') }), CAPS);
    t.match(repeat, { kind: 'queued' }, 'answered, it cannot be joined');
    t.match(await expire(store, START + 99_999), { ended: [{ entry: { id: 'r2' } }, { entry: { id: 'r3' } }] });
    t.same(await expire(store, START + 99_999), { ended: [], next: undefined });
  });

  t.test('the latest return path is the one to tell', async (t) => {
    const { store } = await openStore(t);
    await claimed(store);
    await store.mailbox.enqueue(KEY, entry('r1', { origin: origin('m1') }), CAPS);
    await store.mailbox.enqueue(KEY, entry('r2', { origin: origin('m1'), returnPath: 'latest' }), CAPS);
    const { ended } = await expire(store, START + 99_999);
    t.same(
      ended.map(({ entry }) => entry),
      [entry('r1', { origin: origin('m1'), returnPath: 'latest' })],
    );
  });

  t.test('what waits behind a live owner expires too; what it runs is its own to end', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    for (const id of ['r1', 'r2']) await store.mailbox.enqueue(KEY, entry(id), CAPS);
    await store.mailbox.take(KEY, epoch);
    const { ended, next } = await expire(store, START + 30_000);
    t.same(
      ended.map(({ entry }) => entry.id),
      ['r2'],
    );
    t.equal(next, START + 30_000 + MAX_MS, 'but it is looked at again: the owner may die');
    t.match(await store.mailbox.readRequest(KEY, 'r1'), { state: 'running' });
    await store.mailbox.recordStep(KEY, epoch, 'r1', step(1, { at: START + 10 }), {});
    t.same(await expire(store, START + 20), { ended: [], next: START + 10 + MAX_MS });
    t.same((await expire(store, START + 10 * MAX_MS)).ended, []);
    t.match(await store.mailbox.settle(KEY, epoch, 'r1', { outcome: outcome() }), { kind: 'first' });
  });

  t.test('what an owner left running with a step is unknown when its time is over', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    const one = entry('r1', { deadline: START + 5 });
    await store.mailbox.enqueue(KEY, one, CAPS, epoch);
    await store.mailbox.recordStep(KEY, epoch, 'r1', step(1, { at: START + 2 }), {});
    await store.mailbox.recordStep(KEY, epoch, 'r1', step(2, { at: START + 3 }), { previousResult: 'one' });
    await store.devices.release(KEY, epoch, giveUp({ force: true }));
    const end = START + 2 + MAX_MS;
    t.same(await expire(store, end - 1), { ended: [], next: end }, 'counted from its first step');
    const unknown = { state: 'unknown', at: end, error: 'nobody came', answer: '' } as const;
    t.same(await expire(store, end), { ended: [{ entry: one, outcome: unknown }], next: undefined });
    t.match(await store.mailbox.readRequest(KEY, 'r1'), { state: 'unknown', steps: [{ result: 'one' }, { step: 2 }] });
    t.same((await read(store)).inDoubt, step(2, { at: START + 3 }));
    t.equal((await read(store)).waiting, 0);
  });

  t.test('what an owner left running without a step expires at its deadline', async (t) => {
    const { store } = await openStore(t);
    await store.mailbox.enqueue(KEY, entry('r1'), CAPS, await claimed(store));
    const next = await claimed(store, { incarnation: 'n2', at: START + 1 });
    t.same(await expire(store, START + 29_999), { ended: [], next: START + 30_000 });
    t.match(await expire(store, START + 30_000), { ended: [{ entry: { id: 'r1' }, outcome: { state: 'expired' } }] });
    t.same(await store.mailbox.take(KEY, next), { kind: 'empty' }, 'the new owner has not taken it, and cannot now');
  });

  t.test('an owner that has taken over what was left is live', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    await store.mailbox.enqueue(KEY, entry('r1'), CAPS, epoch);
    await store.mailbox.recordStep(KEY, epoch, 'r1', step(1), {});
    const next = await claimed(store, { incarnation: 'n2', at: START + 1 });
    await store.mailbox.take(KEY, next);
    t.same((await expire(store, START + MAX_MS)).ended, []);
    await store.devices.disown(KEY, 'n2');
    t.match(await expire(store, START + MAX_MS), { ended: [{ outcome: { state: 'unknown' } }] });
  });

  t.test('all that waits can be failed for one reason', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    const entries = ['r1', 'r2', 'r3'].map((id) => entry(id, { origin: origin(id) }));
    for (const one of entries) await store.mailbox.enqueue(KEY, one, CAPS);
    await store.mailbox.take(KEY, epoch);
    const failed = outcome('failed', START + 4);
    t.same(
      await store.mailbox.failWaiting(KEY, failed),
      entries.slice(1).map((one) => ({ entry: one, outcome: failed })),
    );
    t.match(await store.mailbox.readRequest(KEY, 'r2'), { state: 'failed', outcome: failed });
    t.match(await store.mailbox.readRequest(KEY, 'r1'), { state: 'running' }, 'what runs does not wait');
    t.same(await store.mailbox.failWaiting(KEY, failed), []);
    t.match(await store.mailbox.enqueue(KEY, entry('r4', { origin: origin('r2') }), CAPS), { kind: 'queued' });
  });
}
