// One outcome for each request: the first wins, and only it is told.
import type { Test } from 'tap';
import type { OutcomeState } from '../../../proxy/store/mailbox-steps.ts';
import { CAPS, claimed, entry, giveUp, KEY, origin, outcome, read, report, START, step } from './samples.ts';
import type { OpenStore } from './subject.ts';

const STATES: readonly OutcomeState[] = ['succeeded', 'failed', 'expired', 'cancelled', 'unknown'];

export function outcomeContract(t: Test, openStore: OpenStore): void {
  for (const state of STATES) {
    t.test(`a request that has ${state} is kept with its outcome, and leaves the mailbox`, async (t) => {
      const { store, reopen } = await openStore(t);
      const epoch = await claimed(store);
      const one = entry('r1', { origin: origin('m1') });
      await store.mailbox.enqueue(KEY, one, CAPS, epoch);
      const settled = await store.mailbox.settle(KEY, epoch, 'r1', { outcome: outcome(state) });
      t.same(settled, { kind: 'first', returnPath: one.returnPath });
      const { id, kind, enqueuedAt, deadline } = one;
      t.same(await (await reopen()).mailbox.readRequest(KEY, 'r1'), {
        ...{ id, kind, origin: one.origin, enqueuedAt, deadline, state, steps: [] },
        outcome: outcome(state),
      });
    });
  }

  t.test('the second outcome is not one', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    await store.mailbox.enqueue(KEY, entry('r1'), CAPS, epoch);
    await store.mailbox.settle(KEY, undefined, 'r1', { outcome: outcome('cancelled') });
    const late = { outcome: outcome('succeeded'), lastResult: 'x', events: [report('{}')] };
    t.same(await store.mailbox.settle(KEY, epoch, 'r1', late), { kind: 'already' });
    t.match(await store.mailbox.readRequest(KEY, 'r1'), { state: 'cancelled' });
    t.equal((await read(store)).pendingEvents.length, 1, 'and its events are not raised');
    t.same(await store.mailbox.settle(KEY, epoch, 'r9', late), { kind: 'already' }, 'nobody knows it');
  });

  t.test('of many at once one is first', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    for (let n = 0; n < 20; n += 1) {
      const id = `r${n}`;
      await store.mailbox.enqueue(KEY, entry(id), CAPS, epoch);
      const settled = await Promise.all([
        store.mailbox.settle(KEY, epoch, id, { outcome: outcome('succeeded') }),
        store.mailbox.settle(KEY, undefined, id, { outcome: outcome('cancelled') }),
        store.mailbox.settle(KEY, undefined, id, { outcome: outcome('failed') }),
      ]);
      t.equal(settled.filter(({ kind }) => kind === 'first').length, 1);
      t.equal(settled.filter(({ kind }) => kind === 'already').length, 2);
    }
    t.equal((await read(store)).waiting, 0);
  });

  t.test('a stale owner does not settle; somebody who is not the owner does', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    await store.mailbox.enqueue(KEY, entry('r1'), CAPS, epoch);
    await store.devices.release(KEY, epoch, giveUp({ force: true }));
    t.same(await store.mailbox.settle(KEY, epoch, 'r1', { outcome: outcome() }), { kind: 'stale' });
    t.match(await store.mailbox.settle(KEY, undefined, 'r1', { outcome: outcome('cancelled') }), { kind: 'first' });
    t.same(await store.mailbox.settle(KEY, epoch, 'r1', { outcome: outcome() }), { kind: 'already' });
  });

  t.test('a request that waits is cancelled out of the middle', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    for (const id of ['r1', 'r2', 'r3']) await store.mailbox.enqueue(KEY, entry(id), CAPS);
    await store.mailbox.settle(KEY, undefined, 'r2', { outcome: outcome('cancelled') });
    for (const id of ['r1', 'r3']) {
      t.match(await store.mailbox.take(KEY, epoch), { entry: { id } });
      await store.mailbox.settle(KEY, epoch, id, { outcome: outcome() });
    }
    t.same(await store.mailbox.take(KEY, epoch), { kind: 'empty' });
  });

  t.test('the link is free for the next once the running one is settled by somebody', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    for (const id of ['r1', 'r2']) await store.mailbox.enqueue(KEY, entry(id), CAPS);
    t.match(await store.mailbox.take(KEY, epoch), { entry: { id: 'r1' } });
    await store.mailbox.settle(KEY, undefined, 'r1', { outcome: outcome('cancelled') });
    t.match(await store.mailbox.take(KEY, epoch), { entry: { id: 'r2' } });
  });

  t.test('with the outcome comes the last result, and what the results revealed', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    await store.mailbox.enqueue(KEY, entry('r1'), CAPS, epoch);
    await store.mailbox.recordStep(KEY, epoch, 'r1', step(1), {});
    await store.mailbox.recordStep(KEY, epoch, 'r1', step(2), { previousResult: 'one' });
    const events = [report('{"n":1}'), report('{"n":2}')];
    const settlement = { outcome: outcome(), lastResult: 'two\nlines', events };
    t.match(await store.mailbox.settle(KEY, epoch, 'r1', settlement), { kind: 'first' });
    const request = await store.mailbox.readRequest(KEY, 'r1');
    t.same(request?.steps, [step(1, { result: 'one' }), step(2, { result: 'two\nlines' })]);
    t.same((await read(store)).pendingEvents.slice(1), [
      { sequence: 2, ...events[0] },
      { sequence: 3, ...events[1] },
    ]);
  });

  t.test('a last result without a step is nothing', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    await store.mailbox.enqueue(KEY, entry('r1'), CAPS, epoch);
    await store.mailbox.settle(KEY, epoch, 'r1', { outcome: outcome(), lastResult: 'x' });
    t.match(await store.mailbox.readRequest(KEY, 'r1'), { steps: [] });
  });

  t.test('an unknown outcome leaves the step without a result in doubt', async (t) => {
    const { store, reopen } = await openStore(t);
    const epoch = await claimed(store);
    await store.mailbox.enqueue(KEY, entry('r1'), CAPS, epoch);
    await store.mailbox.recordStep(KEY, epoch, 'r1', step(1), {});
    await store.mailbox.recordStep(KEY, epoch, 'r1', step(2, { detail: 'ü\n' }), { previousResult: 'one' });
    await store.mailbox.settle(KEY, epoch, 'r1', { outcome: outcome('unknown') });
    const doubt = step(2, { detail: 'ü\n' });
    t.same((await read(await reopen())).inDoubt, doubt);
  });

  t.test('the doubt is the owner’s to clear', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    await store.mailbox.enqueue(KEY, entry('r1'), CAPS, epoch);
    await store.mailbox.recordStep(KEY, epoch, 'r1', step(1), {});
    await store.mailbox.settle(KEY, epoch, 'r1', { outcome: outcome('unknown') });
    const next = await claimed(store, { at: START + 1 });
    t.same((await read(store)).inDoubt, step(1), 'it outlives the session');
    t.equal(await store.devices.clearDoubt(KEY, epoch), 'stale');
    t.equal(await store.devices.clearDoubt(KEY, next), 'done');
    t.equal((await read(store)).inDoubt, undefined);
  });

  for (const [why, state, lastResult] of [
    ['its step has a result', 'unknown', 'the result'],
    ['the outcome is known', 'failed', undefined],
  ] as const) {
    t.test(`no doubt is left when ${why}`, async (t) => {
      const { store } = await openStore(t);
      const epoch = await claimed(store);
      await store.mailbox.enqueue(KEY, entry('r1'), CAPS, epoch);
      await store.mailbox.recordStep(KEY, epoch, 'r1', step(1), {});
      const result = lastResult === undefined ? {} : { lastResult };
      await store.mailbox.settle(KEY, epoch, 'r1', { outcome: outcome(state), ...result });
      t.equal((await read(store)).inDoubt, undefined);
    });
  }

  t.test('an unknown outcome without a step leaves no doubt, and keeps an older one', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    for (const id of ['r1', 'r2']) await store.mailbox.enqueue(KEY, entry(id), CAPS);
    await store.mailbox.take(KEY, epoch);
    await store.mailbox.recordStep(KEY, epoch, 'r1', step(1), {});
    await store.mailbox.settle(KEY, epoch, 'r1', { outcome: outcome('unknown') });
    await store.mailbox.take(KEY, epoch);
    await store.mailbox.settle(KEY, epoch, 'r2', { outcome: outcome('unknown') });
    t.same((await read(store)).inDoubt, step(1));
  });
}
