// Due work: it happens at its time, once while it is leased, and again when nobody finished it.
import type { Test } from 'tap';
import type { DueItem } from '../../../proxy/store/due-steps.ts';
import type { Store } from '../../../proxy/store/store.ts';
import { KEY, keyOf, START } from './samples.ts';
import type { OpenStore } from './subject.ts';

const LEASE = 30_000;
const item = (at: number, change: Partial<DueItem> = {}): DueItem => ({ kind: 'deadline', key: KEY, at, ...change });
const take = (store: Store, now: number, limit = 10): Promise<readonly DueItem[]> =>
  store.due.takeDue(now, LEASE, limit);

export function dueContract(t: Test, openStore: OpenStore): void {
  t.test('an item is handed out at its time, once', async (t) => {
    const { store } = await openStore(t);
    t.equal(await store.due.nextDue(), undefined);
    t.same(await take(store, START), []);
    await store.due.schedule(item(START + 10));
    t.equal(await store.due.nextDue(), START + 10);
    t.same(await take(store, START + 9), []);
    t.same(await take(store, START + 10), [item(START + 10)]);
    t.same(await take(store, START + 11), [], 'it is leased');
    await store.due.finishDue(item(START + 10), undefined);
    t.equal(await store.due.nextDue(), undefined);
    t.same(await take(store, START + 99_999), []);
  });

  t.test('there is one item for each kind and device, and the earlier time counts', async (t) => {
    const { store } = await openStore(t);
    await store.due.schedule(item(START + 20));
    await store.due.schedule(item(START + 10));
    await store.due.schedule(item(START + 30));
    await store.due.schedule(item(START + 5, { kind: 'wake' }));
    await store.due.schedule(item(START + 6, { key: keyOf('B2') }));
    await store.due.schedule(item(START + 7, { key: keyOf('A1', 'tenant-2') }));
    t.equal(await store.due.nextDue(), START + 5);
    t.same(await take(store, START + 100), [
      item(START + 5, { kind: 'wake' }),
      item(START + 6, { key: keyOf('B2') }),
      item(START + 7, { key: keyOf('A1', 'tenant-2') }),
      item(START + 10),
    ]);
  });

  t.test('names with any characters of a device id or tenant come back', async (t) => {
    const { store } = await openStore(t);
    const odd = item(START, { key: { tenant: 'a{b}/c', device: 'XX%2F-A%20-%C3%BC' }, kind: 'a kind/{x}' });
    await store.due.schedule(odd);
    t.same(await take(store, START), [odd]);
    await store.due.finishDue(odd, undefined);
    t.equal(await store.due.nextDue(), undefined);
  });

  t.test('the earliest come first when there are more than asked for', async (t) => {
    const { store } = await openStore(t);
    for (const n of [4, 1, 3, 2, 0]) await store.due.schedule(item(START + n, { key: keyOf(`${n}`) }));
    t.same(
      (await take(store, START + 9, 2)).map(({ at }) => at - START),
      [0, 1],
    );
    t.equal(await store.due.nextDue(), START + 2);
    t.same(
      (await take(store, START + 9, 10)).map(({ at }) => at - START),
      [2, 3, 4],
    );
  });

  t.test('many takers at once share the items', async (t) => {
    const { store } = await openStore(t);
    for (let n = 0; n < 30; n += 1) await store.due.schedule(item(START, { key: keyOf(`${n}`) }));
    const taken = await Promise.all(Array.from({ length: 6 }, () => take(store, START, 10)));
    t.equal(taken.flat().length, 30);
    t.equal(new Set(taken.flat().map(({ key }) => key.device)).size, 30);
  });

  t.test('what nobody finished comes again when its lease is over', async (t) => {
    const { store } = await openStore(t);
    await store.due.schedule(item(START));
    await take(store, START + 5);
    t.equal(await store.due.nextDue(), START + 5 + LEASE);
    t.same(await take(store, START + 4 + LEASE), []);
    t.same(await take(store, START + 5 + LEASE), [item(START)]);
    await store.due.finishDue(item(START), undefined);
    t.equal(await store.due.nextDue(), undefined);
  });

  t.test('what is finished with a next time comes again then', async (t) => {
    const { store } = await openStore(t);
    await store.due.schedule(item(START));
    await take(store, START);
    await store.due.finishDue(item(START), START + 50);
    t.equal(await store.due.nextDue(), START + 50);
    t.same(await take(store, START + 50), [item(START + 50)]);
  });

  t.test('what is scheduled while it is leased comes then, and is not finished with it', async (t) => {
    const { store } = await openStore(t);
    await store.due.schedule(item(START));
    await take(store, START);
    await store.due.schedule(item(START + 40));
    await store.due.schedule(item(START + 20));
    await store.due.schedule(item(START + 60));
    t.equal(await store.due.nextDue(), START + 20);
    await store.due.finishDue(item(START), undefined);
    t.equal(await store.due.nextDue(), START + 20);
    t.same(await take(store, START + 20), [item(START + 20)]);
  });

  t.test('of that and the next time the earlier counts', async (t) => {
    const { store } = await openStore(t);
    for (const [anew, next] of [
      [20, 50],
      [50, 20],
    ] as const) {
      await store.due.schedule(item(START));
      await take(store, START);
      await store.due.schedule(item(START + anew));
      await store.due.finishDue(item(START), START + next);
      t.equal(await store.due.nextDue(), START + 20);
      await take(store, START + 20);
      await store.due.finishDue(item(START + 20), undefined);
      t.equal(await store.due.nextDue(), undefined);
    }
  });

  t.test('what is scheduled for later while it is leased still comes again if nobody finishes it', async (t) => {
    const { store } = await openStore(t);
    await store.due.schedule(item(START));
    await take(store, START);
    await store.due.schedule(item(START + 10 * LEASE));
    t.equal(await store.due.nextDue(), START + LEASE);
    t.same(await take(store, START + LEASE), [item(START)]);
    await store.due.finishDue(item(START), undefined);
    t.equal(await store.due.nextDue(), START + 10 * LEASE);
  });

  t.test('who took an item earlier does not finish it for the one who has it now', async (t) => {
    const { store } = await openStore(t);
    await store.due.schedule(item(START));
    await take(store, START);
    await store.due.schedule(item(START + 10));
    t.same(await take(store, START + 10), [item(START + 10)], 'handed to another');
    await store.due.finishDue(item(START), undefined);
    t.equal(await store.due.nextDue(), START + 10 + LEASE, 'whose lease stands');
    await store.due.finishDue(item(START + 10), undefined);
    t.equal(await store.due.nextDue(), undefined);
  });

  t.test('a next time is kept though somebody else has finished the item', async (t) => {
    const { store } = await openStore(t);
    await store.due.schedule(item(START));
    await take(store, START);
    await store.due.finishDue(item(START), undefined);
    await store.due.finishDue(item(START), START + 70);
    t.same(await take(store, START + 70), [item(START + 70)]);
    await store.due.finishDue(item(START + 70, { key: keyOf('B2') }), undefined);
    t.equal(await store.due.nextDue(), START + 70 + LEASE, 'another device’s is another item');
  });

  t.test('items outlive the node; its leases need not', async (t) => {
    const { store, reopen } = await openStore(t);
    await store.due.schedule(item(START));
    await store.due.schedule(item(START + 500, { kind: 'wake' }));
    await take(store, START);
    const again = await reopen();
    t.same(await take(again, START + LEASE), [item(START), item(START + 500, { kind: 'wake' })]);
  });

  t.test('what was scheduled while it was leased outlives the node', async (t) => {
    const { store, reopen } = await openStore(t);
    await store.due.schedule(item(START));
    await take(store, START);
    await store.due.schedule(item(START + 100));
    const again = await reopen();
    t.match(await take(again, START + LEASE), [{ kind: 'deadline' }]);
  });
}
