// Giving a device up: by its owner, and for an owner that is dead.
import type { Test } from 'tap';
import type { Store } from '../../../proxy/store/store.ts';
import { CAPS, claim, claimed, entry, event, giveUp, inform, KEY, keyOf, read, START, step } from './samples.ts';
import type { OpenStore } from './subject.ts';

const states = async (store: Store): Promise<readonly string[]> =>
  (await store.mailbox.listRequests(KEY, 10)).map(({ id, state }) => `${id} ${state}`);

export function releaseContract(t: Test, openStore: OpenStore): void {
  t.test('a device with nothing to do is released', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    t.same(await store.devices.release(KEY, epoch, giveUp()), { kind: 'released', waiting: 0 });
    const record = await read(store);
    t.equal(record.owner, undefined);
    t.equal(record.epoch, epoch);
    t.match(await store.devices.saveInform(inform()), { displaced: undefined });
  });

  t.test('a request that came in the last moment refuses it, unless it is forced', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    await store.mailbox.enqueue(KEY, entry('r1'), CAPS);
    await store.mailbox.enqueue(KEY, entry('r2'), CAPS);
    t.same(await store.devices.release(KEY, epoch, giveUp({ eventsDone: 1 })), { kind: 'waiting' });
    t.match(await read(store), { owner: 'n1', pendingEvents: [{ sequence: 1 }] }, 'nothing of it happened');
    const forced = await store.devices.release(KEY, epoch, giveUp({ force: true }));
    t.same(forced, { kind: 'released', waiting: 2 });
    t.same(await states(store), ['r2 waiting', 'r1 waiting']);
  });

  t.test('it marks events that need no Notify, and those only', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    await store.devices.raiseEvents(KEY, epoch, [event(), event()]);
    await store.devices.release(KEY, epoch, giveUp({ eventsDone: 2 }));
    t.match((await read(store)).pendingEvents, [{ sequence: 3 }]);
  });

  t.test('it saves what parking has learnt, when it has learnt something', async (t) => {
    const { store } = await openStore(t);
    await store.devices.release(KEY, await claimed(store), giveUp({ parking: 'learnt' }));
    t.equal((await read(store)).parking, 'learnt');
    await store.devices.release(KEY, await claimed(store), giveUp());
    t.equal((await read(store)).parking, 'learnt');
    await store.devices.release(KEY, await claimed(store), giveUp({ parking: '' }));
    t.equal((await read(store)).parking, '');
  });

  t.test('what the owner left running waits again, at the head, when it has changed nothing', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    await store.mailbox.enqueue(KEY, entry('r1'), CAPS, epoch);
    await store.mailbox.enqueue(KEY, entry('r2'), CAPS);
    const forced = await store.devices.release(KEY, epoch, giveUp({ force: true }));
    t.same(forced, { kind: 'released', waiting: 2 });
    t.same(await states(store), ['r2 waiting', 'r1 waiting']);
    t.equal(await store.mailbox.putBack(KEY, epoch, 'r1'), 'stale', 'its runner comes too late');
    const next = await claimed(store, { at: START + 1 });
    t.match(await store.mailbox.take(KEY, next), { entry: { id: 'r1' }, steps: [] });
  });

  t.test('what may have changed something stays running, and wants the CPE back', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    await store.mailbox.enqueue(KEY, entry('r1'), CAPS, epoch);
    await store.mailbox.recordStep(KEY, epoch, 'r1', step(1), {});
    const forced = await store.devices.release(KEY, epoch, giveUp({ force: true }));
    t.same(forced, { kind: 'released', waiting: 1 });
    t.same(await states(store), ['r1 running']);
    t.equal((await read(store)).waiting, 1);
  });

  t.test('an owner that has not taken what was left to it is not released', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    await store.mailbox.enqueue(KEY, entry('r1'), CAPS, epoch);
    await store.mailbox.recordStep(KEY, epoch, 'r1', step(1), {});
    const next = await claimed(store, { at: START + 1 });
    t.same(await store.devices.release(KEY, next, giveUp()), { kind: 'waiting' });
    t.match(await store.mailbox.take(KEY, next), { kind: 'entry' });
    t.same(await store.devices.release(KEY, next, giveUp()), { kind: 'released', waiting: 1 });
  });

  t.test('disowning frees what the incarnation owns, and its requests wait again', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    await store.mailbox.enqueue(KEY, entry('r1'), CAPS, epoch);
    await store.mailbox.enqueue(KEY, entry('r2'), CAPS);
    await store.devices.disown(KEY, 'n2');
    t.equal((await read(store)).owner, 'n1', 'only that of the one named');
    await store.devices.disown(KEY, 'n1');
    t.equal((await read(store)).owner, undefined);
    t.same(await states(store), ['r2 waiting', 'r1 waiting']);
    t.equal(await store.devices.clearDoubt(KEY, epoch), 'stale', 'should it live after all, it owns nothing');
    await store.devices.disown(KEY, 'n1');
    t.same(await states(store), ['r2 waiting', 'r1 waiting'], 'twice is once');
  });

  t.test('disowning leaves what may have changed something for the next session', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    await store.mailbox.enqueue(KEY, entry('r1'), CAPS, epoch);
    await store.mailbox.recordStep(KEY, epoch, 'r1', step(1), {});
    await store.devices.disown(KEY, 'n1');
    t.same(await states(store), ['r1 running']);
    const next = await claimed(store, { incarnation: 'n2', at: START + 1 });
    t.match(await store.mailbox.take(KEY, next), { entry: { id: 'r1' }, steps: [{ step: 1 }] });
  });

  t.test('what an incarnation holds is found by its name: owned, being woken, attached', async (t) => {
    const { store } = await openStore(t);
    const keys = ['1', '2', '3', '4'].map((serial) => keyOf(serial));
    const [owned = KEY, waking = KEY, attached = KEY, other = KEY] = keys;
    await claim(store, { key: owned });
    for (const key of [waking, attached, other]) await claim(store, { key, incarnation: 'n2' });
    await store.devices.beginWake(waking, 'n1', START, 1000);
    await store.devices.attach(attached, 'n1');
    t.same(new Set(await store.devices.ownedBy('n1')), new Set([owned, waking, attached]));
    t.same(new Set(await store.devices.ownedBy('n2')), new Set([waking, attached, other]));
    t.same(await store.devices.ownedBy('n3'), []);
    for (const key of keys) await store.devices.disown(key, 'n1');
    t.same(await store.devices.ownedBy('n1'), []);
    t.same((await read(store, attached)).attachments, [], 'an attachment is void when its incarnation is dead');
    t.equal(await store.devices.beginWake(waking, 'n2', START, 1000), true, 'and so is its Connection Request');
  });

  t.test('what is not held any more is not found', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    await store.devices.attach(KEY, 'n1');
    await store.devices.release(KEY, epoch, giveUp());
    t.same(await store.devices.ownedBy('n1'), [KEY], 'still attached');
    await store.devices.detach(KEY, 'n1');
    t.same(await store.devices.ownedBy('n1'), []);
    await store.devices.beginWake(KEY, 'n1', START, 1000);
    t.same(await store.devices.ownedBy('n1'), [KEY]);
    await store.devices.endWake(KEY, { at: START, outcome: 'refused', detail: '' });
    t.same(await store.devices.ownedBy('n1'), []);
    await claim(store);
    await claim(store, { incarnation: 'n2' });
    t.same(await store.devices.ownedBy('n1'), [], 'taken over');
  });

  t.test('an old session’s release does not hide the new session of the same incarnation', async (t) => {
    const { store } = await openStore(t);
    const first = await claimed(store);
    const second = await claimed(store, { at: START + 1 });
    t.same(await store.devices.release(KEY, first, giveUp({ force: true })), { kind: 'stale' });
    t.same(await store.devices.ownedBy('n1'), [KEY]);
    await Promise.all([store.devices.release(KEY, second, giveUp()), claim(store, { at: START + 2 })]);
    t.equal((await read(store)).owner, 'n1');
    t.same(await store.devices.ownedBy('n1'), [KEY]);
  });
}
