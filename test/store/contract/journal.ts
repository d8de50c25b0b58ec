// The journal of changing RPCs: no step is recorded that may not be sent.
import type { Test } from 'tap';
import type { RequestStep } from '../../../proxy/store/mailbox-steps.ts';
import type { Store } from '../../../proxy/store/store.ts';
import { CAPS, claimed, entry, giveUp, KEY, outcome, read, START, step } from './samples.ts';
import type { OpenStore } from './subject.ts';

const stepsOf = async (store: Store, id = 'r1'): Promise<readonly RequestStep[] | undefined> =>
  (await store.mailbox.readRequest(KEY, id))?.steps;

/** A request `r1` that runs under the epoch returned. */
async function running(store: Store): Promise<number> {
  const epoch = await claimed(store);
  await store.mailbox.enqueue(KEY, entry('r1'), CAPS, epoch);
  return epoch;
}

export function journalContract(t: Test, openStore: OpenStore): void {
  t.test('a step is kept as it was recorded, and the result of the one before with it', async (t) => {
    const { store, reopen } = await openStore(t);
    const epoch = await running(store);
    const odd = step(1, { key: '', method: 'AddObject', detail: 'a\nb "ü"', at: START + 1 });
    t.equal(await store.mailbox.recordStep(KEY, epoch, 'r1', odd, {}), 'done');
    t.same(await stepsOf(store), [odd]);
    const also = { previousResult: 'result\nof lines' };
    t.equal(await store.mailbox.recordStep(KEY, epoch, 'r1', step(2), also), 'done');
    t.same(await stepsOf(await reopen()), [{ ...odd, result: 'result\nof lines' }, step(2)]);
  });

  t.test('steps come back in their order, though there are more than nine', async (t) => {
    const { store } = await openStore(t);
    const epoch = await running(store);
    for (let n = 1; n <= 12; n += 1) {
      await store.mailbox.recordStep(KEY, epoch, 'r1', step(n), n > 1 ? { previousResult: `result ${n - 1}` } : {});
    }
    const expected = Array.from({ length: 12 }, (_, index) =>
      step(index + 1, index < 11 ? { result: `result ${index + 1}` } : {}),
    );
    t.same(await stepsOf(store), expected);
  });

  t.test('quiet and the expected boot take effect with the step, and only with it', async (t) => {
    const { store } = await openStore(t);
    const epoch = await running(store);
    const quiet = { reason: 'reboot', until: START + 90_000 } as const;
    const expectedBoot = { CommandKey: 'k', command_key: 't', cause: 'RemoteReboot', reason: 'r', at: START };
    t.equal(await store.mailbox.recordStep(KEY, epoch, 'r9', step(1), { quiet, expectedBoot }), 'ended');
    t.equal(await store.mailbox.recordStep(KEY, epoch + 1, 'r1', step(1), { quiet, expectedBoot }), 'stale');
    t.match(await read(store), { quiet: undefined, expectedBoot: undefined });
    t.equal(await store.mailbox.recordStep(KEY, epoch, 'r1', step(1), { quiet, expectedBoot }), 'done');
    t.match(await read(store), { quiet, expectedBoot });
    await store.mailbox.recordStep(KEY, epoch, 'r1', step(2), {});
    t.match(await read(store), { quiet, expectedBoot }, 'and stay');
  });

  t.test('a step that was proven not to have happened is recorded again under its number', async (t) => {
    const { store } = await openStore(t);
    const epoch = await running(store);
    await store.mailbox.recordStep(KEY, epoch, 'r1', step(1), {});
    await store.mailbox.recordStep(KEY, epoch, 'r1', step(2, { detail: 'lost' }), { previousResult: 'one' });
    const next = await claimed(store, { at: START + 1 });
    await store.mailbox.take(KEY, next);
    const again = step(2, { detail: 'again', at: START + 5 });
    t.equal(await store.mailbox.recordStep(KEY, next, 'r1', again, { previousResult: 'one, again' }), 'done');
    t.same(await stepsOf(store), [{ ...step(1), result: 'one, again' }, again]);
    t.equal(await store.mailbox.recordStep(KEY, next, 'r1', step(3), { previousResult: 'two' }), 'done');
    t.same(await stepsOf(store), [{ ...step(1), result: 'one, again' }, { ...again, result: 'two' }, step(3)]);
  });

  t.test('a step after the end is refused', async (t) => {
    const { store } = await openStore(t);
    const epoch = await running(store);
    await store.mailbox.settle(KEY, undefined, 'r1', { outcome: outcome('cancelled') });
    t.equal(await store.mailbox.recordStep(KEY, epoch, 'r1', step(1), {}), 'ended');
    t.match(await store.mailbox.readRequest(KEY, 'r1'), { state: 'cancelled', steps: [] });
  });

  t.test('a step of a request that does not run under this epoch is refused', async (t) => {
    const { store } = await openStore(t);
    const epoch = await running(store);
    await store.mailbox.enqueue(KEY, entry('r2'), CAPS);
    t.equal(await store.mailbox.recordStep(KEY, epoch, 'r2', step(1), {}), 'ended', 'it waits');
    await store.mailbox.putBack(KEY, epoch, 'r1');
    t.equal(await store.mailbox.recordStep(KEY, epoch, 'r1', step(1), {}), 'ended', 'it was put back');
    await store.mailbox.take(KEY, epoch);
    const next = await claimed(store, { at: START + 1 });
    t.equal(await store.mailbox.recordStep(KEY, next, 'r1', step(1), {}), 'ended', 'the new owner has not taken it');
    t.same(await stepsOf(store), []);
    await store.mailbox.take(KEY, next);
    t.equal(await store.mailbox.recordStep(KEY, next, 'r1', step(1), {}), 'done');
  });

  t.test('a gap in the journal is a bug, and is not recorded', async (t) => {
    const { store } = await openStore(t);
    const epoch = await running(store);
    for (const number of [2, 0]) {
      await t.rejects(store.mailbox.recordStep(KEY, epoch, 'r1', step(number), {}), { code: 'CAUSEWAY_BUG' });
    }
    t.same(await stepsOf(store), []);
    t.equal((await store.devices.release(KEY, epoch, giveUp({ force: true }))).kind, 'released');
  });
}
