// The mailbox as a queue: enqueueing, joining, taking, putting back.
import type { Test } from 'tap';
import type { Store } from '../../../proxy/store/store.ts';
import { CAPS, claim, claimed, entry, giveUp, KEY, keyOf, origin, outcome, read, START, step } from './samples.ts';
import type { OpenStore } from './subject.ts';

const takenId = async (store: Store, epoch: number): Promise<string> => {
  const taken = await store.mailbox.take(KEY, epoch);
  return taken.kind === 'entry' ? taken.entry.id : taken.kind;
};
const settle = (store: Store, epoch: number, id: string): Promise<unknown> =>
  store.mailbox.settle(KEY, epoch, id, { outcome: outcome() });

export function mailboxContract(t: Test, openStore: OpenStore): void {
  t.test('entries are taken in the order in which they came, one at a time', async (t) => {
    const { store, reopen } = await openStore(t);
    const epoch = await claimed(store);
    for (const id of ['r1', 'r2', 'r3']) await store.mailbox.enqueue(KEY, entry(id), CAPS);
    t.equal((await read(store)).waiting, 3);
    t.equal(await takenId(store, epoch), 'r1');
    t.equal(await takenId(store, epoch), 'empty', 'r1 has the link');
    t.equal((await read(store)).waiting, 3, 'running counts');
    await settle(store, epoch, 'r1');
    const again = await reopen();
    t.equal(await takenId(again, epoch), 'r2');
    await settle(again, epoch, 'r2');
    t.equal(await takenId(again, epoch), 'r3');
    await settle(again, epoch, 'r3');
    t.equal(await takenId(again, epoch), 'empty');
    t.equal((await read(again)).waiting, 0);
  });

  t.test('an entry is taken as it was put in', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    const odd = 'a\nb "ü" \\ 😀';
    const plain = entry('r1', { returnPath: undefined, payload: '', kind: odd });
    const ids = { from_id: odd, to_id: odd, msg_id: odd };
    const full = entry('r2', { origin: ids, returnPath: odd, payload: odd });
    const withRoles = entry('r3', { origin: { ...ids, roles: [odd, 'watcher'] } });
    for (const one of [plain, full, withRoles]) {
      await store.mailbox.enqueue(KEY, one, CAPS);
      t.same(await store.mailbox.take(KEY, epoch), { kind: 'entry', entry: one, steps: [] });
      await settle(store, epoch, one.id);
    }
  });

  t.test('enqueueing says whom to ring, or that the CPE has to be called, and when not', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    const { version } = await read(store);
    const queued = { kind: 'queued', taken: false, owner: 'n1', version, quiet: undefined };
    t.same(await store.mailbox.enqueue(KEY, entry('r1'), CAPS), queued);
    const quiet = { reason: 'reboot', until: START + 90_000 } as const;
    await store.devices.setQuiet(KEY, epoch, quiet);
    await store.devices.release(KEY, epoch, giveUp({ force: true }));
    t.same(await store.mailbox.enqueue(KEY, entry('r2'), CAPS), { ...queued, owner: undefined, quiet });
  });

  t.test('a full mailbox refuses the new; what runs has left it', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    const caps = { entries: 2 };
    for (const id of ['r1', 'r2']) t.match(await store.mailbox.enqueue(KEY, entry(id), caps), { kind: 'queued' });
    t.same(await store.mailbox.enqueue(KEY, entry('r3', { origin: origin('m3') }), caps), { kind: 'full' });
    t.equal(await store.mailbox.readRequest(KEY, 'r3'), undefined);
    t.equal(await takenId(store, epoch), 'r1');
    const again = await store.mailbox.enqueue(KEY, entry('r4', { origin: origin('m3') }), caps);
    t.match(again, { kind: 'queued' }, 'nothing is left of the refused one that a repeat could join');
  });

  t.test('a repeat of an unanswered request joins it, and takes over the return path', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    const same = { origin: origin('m1') };
    await store.mailbox.enqueue(KEY, entry('r1', { ...same, returnPath: 'old' }), CAPS);
    const repeat = entry('r2', { ...same, returnPath: 'new', payload: 'other' });
    t.same(await store.mailbox.enqueue(KEY, repeat, { entries: 1 }), { kind: 'joined', id: 'r1' }, 'though it is full');
    const otherRoles = entry('r2', { origin: { ...origin('m1'), roles: ['watcher'] }, returnPath: 'new' });
    t.same(await store.mailbox.enqueue(KEY, otherRoles, CAPS), { kind: 'joined', id: 'r1' }, 'whatever its roles are');
    t.equal((await read(store)).waiting, 1);
    t.equal(await store.mailbox.readRequest(KEY, 'r2'), undefined);
    const taken = await store.mailbox.take(KEY, epoch);
    t.match(taken, { entry: { id: 'r1', returnPath: 'new', payload: 'payload of r1' } });
    await store.mailbox.enqueue(KEY, entry('r3', { ...same, returnPath: 'newest' }), CAPS, epoch);
    const settled = await store.mailbox.settle(KEY, epoch, 'r1', { outcome: outcome() });
    t.same(settled, { kind: 'first', returnPath: 'newest' }, 'while it runs too');
    t.match(await store.mailbox.enqueue(KEY, entry('r4', same), CAPS), { kind: 'queued' }, 'answered, it is a new one');
  });

  t.test('a repeat without a way back leaves none', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    await store.mailbox.enqueue(KEY, entry('r1', { origin: origin('m1') }), CAPS, epoch);
    await store.mailbox.enqueue(KEY, entry('r2', { origin: origin('m1'), returnPath: undefined }), CAPS);
    const settled = await store.mailbox.settle(KEY, epoch, 'r1', { outcome: outcome() });
    t.same(settled, { kind: 'first', returnPath: undefined });
  });

  t.test('from_id, to_id and msg_id together make a repeat; without an origin nothing does', async (t) => {
    const { store } = await openStore(t);
    await claim(store);
    const base = { from_id: 'a', to_id: 'b', msg_id: 'c' };
    const origins = [
      base,
      { ...base, msg_id: 'd' },
      { ...base, from_id: 'x' },
      { ...base, to_id: 'x' },
      { from_id: 'a","b', to_id: '', msg_id: 'c' },
      undefined,
      undefined,
    ];
    for (const [index, one] of origins.entries()) {
      t.match(await store.mailbox.enqueue(KEY, entry(`r${index}`, { origin: one }), CAPS), { kind: 'queued' });
    }
    const other = keyOf('B2');
    await claim(store, { key: other });
    t.match(await store.mailbox.enqueue(other, entry('o1', { origin: base }), CAPS), { kind: 'queued' });
    t.same(await store.mailbox.enqueue(KEY, entry('r9', { origin: base }), CAPS), { kind: 'joined', id: 'r0' });
  });

  t.test('an idle link starts an entry at once', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    const { version } = await read(store);
    const queued = { kind: 'queued', taken: true, owner: 'n1', version, quiet: undefined };
    t.same(await store.mailbox.enqueue(KEY, entry('r1'), CAPS, epoch), queued);
    t.match(await store.mailbox.readRequest(KEY, 'r1'), { state: 'running' });
    t.equal(await takenId(store, epoch), 'empty');
    t.equal(await store.mailbox.recordStep(KEY, epoch, 'r1', step(1), {}), 'done');
  });

  t.test('a request that only read has its outcome like any other', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    await store.mailbox.enqueue(KEY, entry('r1', { returnPath: 'back' }), CAPS, epoch);
    const settlement = { outcome: outcome('succeeded'), onlyRead: true };
    t.same(await store.mailbox.settle(KEY, epoch, 'r1', settlement), { kind: 'first', returnPath: 'back' });
    t.match(await store.mailbox.readRequest(KEY, 'r1'), { state: 'succeeded' });
    t.same(await store.mailbox.settle(KEY, epoch, 'r1', settlement), { kind: 'already' });
  });

  t.test('a link that is not idle, or not ours any more, does not', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    await store.mailbox.enqueue(KEY, entry('r1'), CAPS);
    t.match(await store.mailbox.enqueue(KEY, entry('r2'), CAPS, epoch), { taken: false }, 'one waits');
    t.equal(await takenId(store, epoch), 'r1');
    t.match(await store.mailbox.enqueue(KEY, entry('r3'), CAPS, epoch), { taken: false }, 'one runs');
    const other = keyOf('B2');
    const stale = await claimed(store, { key: other });
    await claim(store, { key: other, incarnation: 'n2', at: START + 1 });
    t.match(await store.mailbox.enqueue(other, entry('o1'), CAPS, stale), { taken: false, owner: 'n2' });
  });

  t.test('an entry that an earlier owner left running comes first, with its steps', async (t) => {
    const { store, reopen } = await openStore(t);
    const epoch = await claimed(store);
    await store.mailbox.enqueue(KEY, entry('r1'), CAPS, epoch);
    await store.mailbox.enqueue(KEY, entry('r2'), CAPS);
    await store.mailbox.recordStep(KEY, epoch, 'r1', step(1), {});
    await store.mailbox.recordStep(KEY, epoch, 'r1', step(2), { previousResult: '{"Status":0}' });
    const next = await claimed(store, { incarnation: 'n2', at: START + 1 });
    t.match(await store.mailbox.enqueue(KEY, entry('r3'), CAPS, next), { taken: false });
    t.same(await (await reopen()).mailbox.take(KEY, next), {
      kind: 'entry',
      entry: entry('r1'),
      steps: [{ ...step(1), result: '{"Status":0}' }, step(2)],
    });
  });

  t.test('an entry goes back to the head when it was cut off', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    for (const id of ['r1', 'r2']) await store.mailbox.enqueue(KEY, entry(id, { origin: origin(id) }), CAPS);
    t.equal(await takenId(store, epoch), 'r1');
    t.equal(await store.mailbox.putBack(KEY, epoch, 'r1'), 'done');
    t.match(await store.mailbox.readRequest(KEY, 'r1'), { state: 'waiting' });
    const repeat = await store.mailbox.enqueue(KEY, entry('r3', { origin: origin('r1') }), CAPS);
    t.same(repeat, { kind: 'joined', id: 'r1' });
    t.equal(await takenId(store, epoch), 'r1');
    await settle(store, epoch, 'r1');
    t.equal(await store.mailbox.putBack(KEY, epoch, 'r1'), 'done', 'not when it has ended');
    t.equal(await store.mailbox.putBack(KEY, epoch, 'r2'), 'done', 'not when it waits');
    t.equal(await store.mailbox.putBack(KEY, epoch, 'r9'), 'done', 'not when nobody knows it');
    t.equal((await read(store)).waiting, 1);
    t.equal(await takenId(store, epoch), 'r2');
  });

  t.test('an entry with a recorded step does not go back: the next session settles it', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    await store.mailbox.enqueue(KEY, entry('r1'), CAPS, epoch);
    await store.mailbox.recordStep(KEY, epoch, 'r1', step(1), {});
    t.equal(await store.mailbox.putBack(KEY, epoch, 'r1'), 'done');
    t.match(await store.mailbox.readRequest(KEY, 'r1'), { state: 'running' });
    t.same(await store.mailbox.failWaiting(KEY, outcome('failed')), []);
  });
}
