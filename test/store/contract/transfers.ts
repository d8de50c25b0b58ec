// A device's transfers: wanted, asked for with the step of their RPC, ended once, kept for a while.
import type { Test } from 'tap';
import type { Settlement } from '../../../proxy/store/mailbox-steps.ts';
import type { Store } from '../../../proxy/store/store.ts';
import type { OpenTransferState, TransferAnswer } from '../../../proxy/store/transfer-steps.ts';
import {
  CAPS,
  claim,
  claimed,
  entry,
  KEY,
  keyOf,
  outcome,
  read,
  START,
  step,
  transfer,
  transferEnd,
} from './samples.ts';
import type { OpenStore } from './subject.ts';

const OPEN: readonly OpenTransferState[] = ['waiting', 'asked', 'pending'];
const DAY = 86_400_000;

/** Asks for a transfer, as the request `r-<CommandKey>` does; resolves with what the journal said. */
async function ask(store: Store, CommandKey: string, at = START, answer?: TransferAnswer): Promise<string> {
  const { epoch } = await read(store);
  const id = `r-${CommandKey}`;
  await store.mailbox.enqueue(KEY, entry(id), CAPS, epoch);
  const asked = await store.mailbox.recordStep(KEY, epoch, id, step(1, { at }), { transfer: CommandKey });
  await store.mailbox.settle(KEY, epoch, id, {
    outcome: outcome('succeeded', at),
    ...(answer === undefined ? {} : { transfer: answer }),
  });
  return asked;
}

const states = async (store: Store): Promise<readonly string[]> =>
  (await store.transfers.listTransfers(KEY)).map(({ CommandKey, state }) => `${CommandKey} ${state}`);

const transferEvents = async (store: Store): Promise<readonly unknown[]> =>
  (await read(store)).pendingEvents.flatMap(({ kind, body }) =>
    kind === 'transfer' ? [JSON.parse(body) as unknown] : [],
  );

export function transferContract(t: Test, openStore: OpenStore): void {
  t.test('one whose key is known is not begun a second time', async (t) => {
    const { store } = await openStore(t);
    await claim(store);
    await store.transfers.beginTransfer(KEY, transfer('a'), 1);
    t.equal(await store.transfers.beginTransfer(KEY, transfer('a'), 1), 'begun');
    t.same(await states(store), ['a waiting']);
    await store.transfers.endTransfer(KEY, 'a', transferEnd('cancelled'), OPEN);
    t.equal(await store.transfers.beginTransfer(KEY, transfer('a'), 1), 'begun');
    t.same(await states(store), ['a cancelled']);
  });

  t.test('one that is wanted waits, and the device tells that it does', async (t) => {
    const { store, reopen } = await openStore(t);
    t.equal(await store.transfers.beginTransfer(KEY, transfer('a'), 2), 'unknown-device');
    await claim(store);
    t.equal((await read(store)).waitingTransfers, 0);
    t.equal(await store.transfers.beginTransfer(KEY, transfer('a', { kind: 'upload' }), 2), 'begun');
    const again = await reopen();
    t.same(await again.transfers.readTransfer(KEY, 'a'), {
      ...transfer('a', { kind: 'upload' }),
      state: 'waiting',
      askedAt: undefined,
      acceptedAt: undefined,
      end: undefined,
    });
    t.notOk('secrets' in ((await again.transfers.listTransfers(KEY))[0] ?? {}), 'a list tells no secrets');
    t.equal((await read(again)).waitingTransfers, 1);
    t.equal((await claim(again, { at: START + 1 })).waitingTransfers, 1, 'an Inform brings it');
  });

  t.test('as many as the cap, of those that have not ended', async (t) => {
    const { store } = await openStore(t);
    await claim(store);
    await claim(store, { key: keyOf('A2') });
    await store.transfers.beginTransfer(KEY, transfer('a'), 2);
    await store.transfers.beginTransfer(KEY, transfer('b'), 2);
    t.equal(await store.transfers.beginTransfer(KEY, transfer('c'), 2), 'full');
    t.equal(await store.transfers.beginTransfer(keyOf('A2'), transfer('c'), 2), 'begun', 'another device');
    await store.transfers.endTransfer(KEY, 'a', transferEnd('cancelled'), OPEN);
    t.equal(await store.transfers.beginTransfer(KEY, transfer('c'), 2), 'begun');
    t.same(await states(store), ['c waiting', 'b waiting', 'a cancelled']);
  });

  t.test('it is asked for with the step of its RPC, once', async (t) => {
    const { store } = await openStore(t);
    await claimed(store);
    await store.transfers.beginTransfer(KEY, transfer('a'), 2);
    t.equal(await ask(store, 'a', START + 5), 'done');
    t.match(await store.transfers.readTransfer(KEY, 'a'), {
      state: 'asked',
      askedAt: START + 5,
      secrets: 'secrets of a',
    });
    t.equal((await read(store)).waitingTransfers, 0);
    t.equal(await ask(store, 'a'), 'withdrawn', 'though the request is another one');
    t.equal(await ask(store, 'never wanted'), 'withdrawn');
  });

  t.test('one that was cancelled is not asked for, and its step is not recorded', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    await store.transfers.beginTransfer(KEY, transfer('a'), 2);
    await store.mailbox.enqueue(KEY, entry('r1'), CAPS, epoch);
    t.match(await store.transfers.endTransfer(KEY, 'a', transferEnd('cancelled'), ['waiting']), { kind: 'ended' });
    t.equal(await store.mailbox.recordStep(KEY, epoch, 'r1', step(1), { transfer: 'a' }), 'withdrawn');
    t.match(await store.mailbox.readRequest(KEY, 'r1'), { state: 'running', steps: [] });
  });

  t.test('what the CPE answers is kept with the outcome: agreed, and its secrets are forgotten', async (t) => {
    const { store, reopen } = await openStore(t);
    await claimed(store);
    await store.transfers.beginTransfer(KEY, transfer('a'), 2);
    await ask(store, 'another', START, { CommandKey: 'a', at: START + 7 });
    t.match(await states(store), ['a waiting'], 'nobody has asked yet');
    await ask(store, 'a', START, { CommandKey: 'a', at: START + 8 });
    t.match(await (await reopen()).transfers.readTransfer(KEY, 'a'), {
      state: 'pending',
      acceptedAt: START + 8,
      secrets: '',
    });
  });

  t.test('or that it is over, which is an event', async (t) => {
    const { store } = await openStore(t);
    await claimed(store);
    await store.transfers.beginTransfer(KEY, transfer('a'), 2);
    const end = transferEnd('failed', START + 8);
    await ask(store, 'a', START, { CommandKey: 'a', at: START + 8, end });
    t.match(await store.transfers.readTransfer(KEY, 'a'), { state: 'failed', end, acceptedAt: undefined });
    t.match(await transferEvents(store), [{ transfer: { CommandKey: 'a', end } }]);
    await ask(store, 'again', START, { CommandKey: 'a', at: START + 9, end: transferEnd('succeeded') });
    t.match(await states(store), ['a failed'], 'the first end wins');
  });

  t.test('an answer counts though the request has ended, or its session', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    const settlement = (CommandKey: string): Settlement => ({
      outcome: outcome('succeeded'),
      transfer: { CommandKey, at: START + 3 },
    });
    for (const key of ['a', 'b']) {
      await store.transfers.beginTransfer(KEY, transfer(key), 2);
      await store.mailbox.enqueue(KEY, entry(key), CAPS, epoch);
      await store.mailbox.recordStep(KEY, epoch, key, step(1), { transfer: key });
      if (key === 'a') await store.mailbox.settle(KEY, undefined, key, { outcome: outcome('unknown') });
      else await claim(store, { at: START + 1 });
      t.same(await store.mailbox.settle(KEY, epoch, key, settlement(key)), { kind: key === 'a' ? 'already' : 'stale' });
      t.match(await store.transfers.readTransfer(KEY, key), { state: 'pending', acceptedAt: START + 3 });
    }
  });

  t.test('the first end wins, and is an event', async (t) => {
    const { store, reopen } = await openStore(t);
    await claimed(store);
    await store.transfers.beginTransfer(KEY, transfer('a'), 2);
    await ask(store, 'a');
    const end = transferEnd('failed', START + 9);
    t.same(await store.transfers.endTransfer(KEY, 'a', end, ['waiting']), { kind: 'unchanged', state: 'asked' });
    t.match(await store.transfers.endTransfer(KEY, 'a', end, ['asked']), { kind: 'ended', transfer: { end } });
    const late = await store.transfers.endTransfer(KEY, 'a', transferEnd('succeeded'), OPEN);
    t.same(late, { kind: 'unchanged', state: 'failed' });
    t.same(await store.transfers.endTransfer(KEY, 'b', end, OPEN), { kind: 'unknown' });
    const again = await reopen();
    t.match(await again.transfers.readTransfer(KEY, 'a'), { state: 'failed', end, secrets: '', order: 'order of a' });
    const events = await transferEvents(again);
    t.match(events, [{ transfer: { CommandKey: 'a', state: 'failed', end, order: 'order of a' } }]);
    t.notMatch(JSON.stringify(events), 'secrets');
  });

  t.test('what outlives its time expires; what ended is forgotten after a week', async (t) => {
    const { store } = await openStore(t);
    await claimed(store);
    t.same(await store.transfers.expireTransfers(KEY, START), { ended: [], next: undefined });
    await store.transfers.beginTransfer(KEY, transfer('a', { expiresAt: START + 10 }), 2);
    await store.transfers.beginTransfer(KEY, transfer('b', { expiresAt: START + 20 }), 2);
    t.same(await store.transfers.expireTransfers(KEY, START + 9), { ended: [], next: START + 10 });
    t.match(await store.transfers.expireTransfers(KEY, START + 10), {
      ended: [{ CommandKey: 'a', state: 'expired', end: { at: START + 10, FaultCode: 0 } }],
      next: START + 20,
    });
    t.match(await transferEvents(store), [{ transfer: { CommandKey: 'a', state: 'expired' } }]);
    await store.transfers.endTransfer(KEY, 'b', transferEnd('cancelled', START + 15), OPEN);
    const week = 7 * DAY;
    t.same(await store.transfers.expireTransfers(KEY, START + 20), { ended: [], next: START + 10 + week });
    t.same(await store.transfers.expireTransfers(KEY, START + 10 + week), { ended: [], next: START + 15 + week });
    t.same(await states(store), ['b cancelled']);
    t.same(await store.transfers.expireTransfers(KEY, START + 15 + week), { ended: [], next: undefined });
    t.same(await states(store), []);
  });

  t.test('sixteen that ended are kept', async (t) => {
    const { store } = await openStore(t);
    await claimed(store);
    for (let n = 1; n <= 18; n += 1) {
      await store.transfers.beginTransfer(KEY, transfer(`t${n}`), 1);
      await store.transfers.endTransfer(KEY, `t${n}`, transferEnd('cancelled', START + n), OPEN);
    }
    const kept = await states(store);
    t.equal(kept.length, 16);
    t.match([kept[0], kept[15]], ['t18 cancelled', 't3 cancelled']);
  });
}
