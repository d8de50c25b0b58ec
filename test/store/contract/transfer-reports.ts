// Reports of a CPE about transfers: which one they end, and when none.
import type { Test } from 'tap';
import type { Store } from '../../../proxy/store/store.ts';
import type { NewTransfer, TransferReport, TransferReportSaved } from '../../../proxy/store/transfer-steps.ts';
import {
  CAPS,
  claimed,
  entry,
  KEY,
  outcome,
  read,
  report,
  START,
  step,
  transfer,
  transferEnd,
  transferReport,
} from './samples.ts';
import type { OpenStore } from './subject.ts';

/** Transfers that the CPE was asked for, and agreed to do. */
async function pending(store: Store, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await asked(store, transfer(key));
}

async function asked(store: Store, wanted: NewTransfer): Promise<void> {
  const { epoch } = await read(store);
  const { CommandKey } = wanted;
  await store.transfers.beginTransfer(KEY, wanted, 9);
  await store.mailbox.enqueue(KEY, entry(`r-${CommandKey}`), CAPS, epoch);
  await store.mailbox.recordStep(KEY, epoch, `r-${CommandKey}`, step(1), { transfer: CommandKey });
  const transfer = { CommandKey, at: START };
  await store.mailbox.settle(KEY, epoch, `r-${CommandKey}`, { outcome: outcome('succeeded'), transfer });
}

let digests = 0;
async function told(store: Store, tells: TransferReport, digest?: string): Promise<TransferReportSaved> {
  const { epoch } = await read(store);
  digests += 1;
  return store.transfers.saveTransferReport(KEY, epoch, digest ?? `digest ${digests}`, report('{}'), tells);
}
const unmatched = (why: string): unknown => ({ kind: 'saved', match: { kind: 'none', why } });
const states = async (store: Store): Promise<readonly string[]> =>
  (await store.transfers.listTransfers(KEY)).map(({ CommandKey, state }) => `${CommandKey} ${state}`);

export function transferReportContract(t: Test, openStore: OpenStore): void {
  t.test('it ends the transfer with its CommandKey, and both are events', async (t) => {
    const { store, reopen } = await openStore(t);
    await claimed(store);
    await pending(store, 'a', 'b');
    const failed = transferEnd('failed', START + 3);
    const saved = await told(store, transferReport('a', true, failed));
    t.match(saved, { kind: 'saved', match: { kind: 'by-key', transfer: { CommandKey: 'a', end: failed } } });
    const again = await reopen();
    t.same(await states(again), ['b pending', 'a failed']);
    const events = (await read(again)).pendingEvents.slice(-2);
    t.same(
      events.map(({ kind }) => kind),
      ['report', 'transfer'],
    );
    t.match(JSON.parse(events[1]?.body ?? ''), { transfer: { CommandKey: 'a' }, report: events[0]?.sequence });
  });

  t.test('without a CommandKey that is known it ends the only one', async (t) => {
    const { store } = await openStore(t);
    await claimed(store);
    await pending(store, 'a');
    await store.transfers.beginTransfer(KEY, transfer('waits'), 9);
    await asked(store, transfer('other', { kind: 'change-du-state' }));
    t.match(await told(store, transferReport('')), { match: { kind: 'only-pending', transfer: { CommandKey: 'a' } } });
    t.same(await states(store), ['other pending', 'waits waiting', 'a succeeded']);
    t.match(await told(store, transferReport('')), unmatched('none-pending'), 'what waits was never asked for');
    await pending(store, 'b');
    t.match(await told(store, transferReport('junk')), { match: { kind: 'only-pending' } });
    t.same((await states(store)).slice(-2), ['b succeeded', 'a succeeded']);
  });

  t.test('of several it ends none, and is kept', async (t) => {
    const { store } = await openStore(t);
    await claimed(store);
    await pending(store, 'a', 'b');
    t.match(await told(store, transferReport('')), unmatched('several-pending'));
    t.same(await states(store), ['b pending', 'a pending']);
    t.equal((await read(store)).pendingEvents.at(-1)?.kind, 'report');
  });

  t.test('a key of ours never ends another transfer', async (t) => {
    const { store } = await openStore(t);
    await claimed(store);
    await pending(store, 'a');
    await told(store, transferReport('a', true));
    await pending(store, 'b');
    const later = transferEnd('failed', START + 9);
    t.match(await told(store, transferReport('a', true, later)), unmatched('ended'));
    t.match(await told(store, transferReport('c', true)), unmatched('forgotten'));
    t.same(await states(store), ['b pending', 'a succeeded']);
  });

  t.test('a repeat changes nothing, though another transfer is pending by now', async (t) => {
    const { store } = await openStore(t);
    await claimed(store);
    await pending(store, 'a');
    await told(store, transferReport(''), 'same');
    await pending(store, 'b');
    const before = (await read(store)).lastEvent;
    t.same(await told(store, transferReport(''), 'same'), { kind: 'repeat' });
    t.same(await states(store), ['b pending', 'a succeeded']);
    t.equal((await read(store)).lastEvent, before);
  });

  t.test('repeats are told across both kinds of saving, and only by the owner', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    await pending(store, 'a');
    await store.devices.saveReport(KEY, epoch, 'd', report('{}'));
    t.same(await told(store, transferReport('a'), 'd'), { kind: 'repeat' });
    const next = await claimed(store, { at: START + 1 });
    const stale = await store.transfers.saveTransferReport(KEY, epoch, 'e', report('{}'), transferReport('a'));
    t.same(stale, { kind: 'stale' });
    t.same(await states(store), ['a pending']);
    const saved = await store.transfers.saveTransferReport(KEY, next, 'e', report('{}'), transferReport('a'));
    t.equal(saved.kind, 'saved');
  });
}
