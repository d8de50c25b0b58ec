// Notify rows: derived once from an event, kept until they are answered, written or over.
import type { Test } from 'tap';
import { ON_BOARD } from '../../../proxy/store/outbox-steps.ts';
import type { Store } from '../../../proxy/store/store.ts';
import { claim, CONTROLLER, derived, deriveFrom, event, KEY, read, row, silence, START } from './samples.ts';
import type { OpenStore } from './subject.ts';

const ids = async (store: Store, controller?: string): Promise<readonly string[]> =>
  (await store.outbox.listNotifies(KEY, controller)).map(({ id }) => id);

export function notifyContract(t: Test, openStore: OpenStore): void {
  t.test('deriving marks the events and adds what they made, in one step', async (t) => {
    const { store, reopen } = await openStore(t);
    const { epoch } = await claim(store);
    await store.devices.raiseEvents(KEY, epoch, [event(), event()]);
    const rows = [row(1), row(2, { subscription: 7, controller: 'proto::ü%/ {x}', retry: false, msg_id: 'm\n"' })];
    const told = derived(rows, { ledger: 'ledger', local: { version: 0, rows: 'local' } });
    t.same(await store.outbox.deriveNotifies(KEY, 2, told, 10), { kind: 'derived', dropped: 0 });
    const again = await reopen();
    const record = await read(again);
    t.match(record, { ledger: 'ledger', local: 'local', localVersion: 1 });
    t.match(record.pendingEvents, [{ sequence: 3 }], 'an event that came since is not marked');
    t.same(await again.outbox.listNotifies(KEY, undefined), rows);
  });

  t.test('events are derived once', async (t) => {
    const { store } = await openStore(t);
    await claim(store);
    t.match(await store.outbox.deriveNotifies(KEY, 1, derived([row(1)]), 10), { kind: 'derived' });
    const again = derived([row(1), row(1, { id: '1.1.1' })], { ledger: 'other', local: { version: 0, rows: 'x' } });
    t.same(await store.outbox.deriveNotifies(KEY, 1, again, 10), { kind: 'already' });
    t.same(await ids(store), ['1.1.0']);
    t.match(await read(store), { ledger: '', localVersion: 0 });
    t.same(await store.outbox.deriveNotifies(KEY, 0, derived([row(0)]), 10), { kind: 'already' });
  });

  t.test('a deriver that saw older events too adds only what is new', async (t) => {
    const { store } = await openStore(t);
    const { epoch } = await claim(store);
    await store.outbox.deriveNotifies(KEY, 1, derived([row(1)]), 10);
    t.equal(await store.outbox.notifyAnswered(KEY, CONTROLLER, row(1).msg_id), true);
    await store.devices.raiseEvents(KEY, epoch, [event()]);
    const both = derived([row(1), row(2)]);
    t.same(await store.outbox.deriveNotifies(KEY, 2, both, 10), { kind: 'derived', dropped: 0 });
    t.same(await ids(store), ['2.1.0'], 'the Controller has had the first');
  });

  t.test('rows of LocalAgent that changed since make a conflict, and nothing else happens', async (t) => {
    const { store } = await openStore(t);
    await claim(store);
    await store.devices.changeLocal(KEY, 0, 'theirs');
    const told = derived([row(1)], { ledger: 'ledger', local: { version: 0, rows: 'ours' } });
    t.same(await store.outbox.deriveNotifies(KEY, 1, told, 10), { kind: 'conflict' });
    t.match(await read(store), { ledger: '', local: 'theirs', localVersion: 1, pendingEvents: [{ sequence: 1 }] });
    t.same(await ids(store), []);
    const anew = derived([row(1)], { local: { version: 1, rows: 'ours' } });
    t.match(await store.outbox.deriveNotifies(KEY, 1, anew, 10), { kind: 'derived' });
    t.match(await read(store), { local: 'ours', localVersion: 2 });
  });

  t.test('deriving that makes no rows marks the events all the same', async (t) => {
    const { store } = await openStore(t);
    await claim(store);
    t.same(await store.outbox.deriveNotifies(KEY, 5, derived([], { ledger: '' }), 10), { kind: 'derived', dropped: 0 });
    t.same((await read(store)).pendingEvents, []);
  });

  t.test('beyond the cap of a Subscription its oldest go, and are counted', async (t) => {
    const { store } = await openStore(t);
    await claim(store);
    const { epoch } = await read(store);
    const of = (sequence: number, subscription: number, count: number): ReturnType<typeof row>[] =>
      Array.from({ length: count }, (_, n) => row(sequence, { id: `${sequence}.${subscription}.${n}`, subscription }));
    await store.outbox.deriveNotifies(KEY, 1, derived([...of(1, 1, 2), ...of(1, 2, 3)]), 3);
    await store.devices.raiseEvents(KEY, epoch, [event()]);
    const more = derived([...of(2, 1, 2), ...of(2, 3, 5)]);
    t.same(await store.outbox.deriveNotifies(KEY, 2, more, 3), { kind: 'derived', dropped: 3 });
    t.same(await ids(store), ['1.1.1', '1.2.0', '1.2.1', '1.2.2', '2.1.0', '2.1.1', '2.3.2', '2.3.3', '2.3.4']);
  });

  t.test('rows are listed oldest first, for one Controller or for all', async (t) => {
    const { store } = await openStore(t);
    await claim(store);
    const other = 'proto::controller-10';
    const rows = Array.from({ length: 12 }, (_, n) =>
      row(1, { id: `1.${n + 1}.0`, subscription: n + 1, controller: n % 2 === 0 ? CONTROLLER : other }),
    );
    await store.outbox.deriveNotifies(KEY, 1, derived(rows), 10);
    await deriveFrom(t, store, (sequence) => [row(sequence, { controller: other })]);
    t.same(await ids(store), [...rows.map(({ id }) => id), '2.1.0']);
    t.same(await ids(store, CONTROLLER), ['1.1.0', '1.3.0', '1.5.0', '1.7.0', '1.9.0', '1.11.0']);
    t.same(await ids(store, other), ['1.2.0', '1.4.0', '1.6.0', '1.8.0', '1.10.0', '1.12.0', '2.1.0']);
    t.same(await ids(store, 'proto::controller'), []);
  });

  t.test('a row without retry is gone once it is written', async (t) => {
    const { store } = await openStore(t);
    await claim(store);
    await store.outbox.deriveNotifies(KEY, 1, derived([row(1, { retry: false })]), 10);
    await store.outbox.notifyWritten(KEY, '1.1.0', START + 5);
    t.same(await ids(store), []);
    await store.outbox.notifyWritten(KEY, '1.1.0', START + 5);
  });

  t.test('a row with retry stays, and counts how often it was written', async (t) => {
    const { store, reopen } = await openStore(t);
    await claim(store);
    await store.outbox.deriveNotifies(KEY, 1, derived([row(1), row(1, { id: '1.1.1' })]), 10);
    await store.outbox.notifyWritten(KEY, '1.1.0', START + 5000);
    await store.outbox.notifyWritten(KEY, '1.1.0', START + 9000);
    t.same(await (await reopen()).outbox.listNotifies(KEY, undefined), [
      row(1, { attempts: 2, nextAt: START + 9000 }),
      row(1, { id: '1.1.1' }),
    ]);
  });

  t.test('an answer is known by Controller and msg_id', async (t) => {
    const { store } = await openStore(t);
    await claim(store);
    const rows = [row(1), row(1, { id: '1.2.0', subscription: 2, controller: 'proto::other', msg_id: 'notify-1.1.0' })];
    await store.outbox.deriveNotifies(KEY, 1, derived(rows), 10);
    await store.outbox.notifyWritten(KEY, '1.1.0', START + 5000);
    t.equal(await store.outbox.notifyAnswered(KEY, CONTROLLER, 'notify-1'), false);
    t.equal(await store.outbox.notifyAnswered(KEY, 'proto::nobody', 'notify-1.1.0'), false);
    t.equal(await store.outbox.notifyAnswered(KEY, CONTROLLER, 'notify-1.1.0'), true);
    t.equal(await store.outbox.notifyAnswered(KEY, CONTROLLER, 'notify-1.1.0'), false);
    t.same(await ids(store), ['1.2.0']);
  });

  t.test('rows whose time is over are dropped and counted', async (t) => {
    const { store } = await openStore(t);
    await claim(store);
    const until = [START + 30, START + 10, START + 20];
    const rows = until.map((expiresAt, n) => row(1, { id: `1.1.${n}`, expiresAt }));
    await store.outbox.deriveNotifies(KEY, 1, derived(rows), 10);
    t.equal(await store.outbox.expireNotifies(KEY, START + 9), 0);
    t.equal(await store.outbox.expireNotifies(KEY, START + 20), 2);
    t.same(await ids(store), ['1.1.0']);
    t.equal(await store.outbox.expireNotifies(KEY, START + 20), 0);
  });

  t.test('the count of the expired is right though others add rows at the same time', async (t) => {
    const { store } = await openStore(t);
    await claim(store);
    await store.outbox.deriveNotifies(KEY, 1, derived([row(1, { expiresAt: START })]), 10);
    const { epoch } = await read(store);
    await store.devices.raiseEvents(KEY, epoch, [event()]);
    const more = [row(2), row(2, { id: '2.1.1' })];
    const [expired] = await Promise.all([
      store.outbox.expireNotifies(KEY, START),
      store.outbox.deriveNotifies(KEY, 2, derived(more), 10),
    ]);
    t.equal(expired, 1);
    t.same(await ids(store), ['2.1.0', '2.1.1']);
  });

  t.test('the rows of a Subscription that is gone are dropped', async (t) => {
    const { store } = await openStore(t);
    await claim(store);
    const rows = [1, 11, 2].map((subscription) => row(1, { subscription }));
    await store.outbox.deriveNotifies(KEY, 1, derived(rows), 10);
    await silence(store, KEY, 1);
    t.same(await ids(store), ['1.11.0', '1.2.0']);
    await silence(store, KEY, 3);
    t.same(await ids(store), ['1.11.0', '1.2.0']);
    await deriveFrom(t, store, (sequence) => [row(sequence)]);
    t.same(await ids(store), ['1.11.0', '1.2.0', '2.1.0'], 'a number of rows that went does not come back');
  });

  t.test('of what belongs to no Subscription the rows of one Controller are dropped', async (t) => {
    const { store } = await openStore(t);
    await claim(store);
    const rows = [CONTROLLER, 'proto::other'].map((controller, n) =>
      row(1, { id: `1.0.${n}`, subscription: ON_BOARD, controller }),
    );
    await store.outbox.deriveNotifies(KEY, 1, derived(rows), 10);
    await silence(store, KEY, ON_BOARD, CONTROLLER);
    t.same(await ids(store), ['1.0.1']);
  });

  t.test('a Controller has one OnBoardRequest at most: the newest', async (t) => {
    const { store } = await openStore(t);
    await claim(store);
    const asking = (sequence: number, n: number, controller: string): ReturnType<typeof row> =>
      row(sequence, { id: `${sequence}.0.${n}`, subscription: ON_BOARD, controller });
    const first = [asking(1, 0, CONTROLLER), asking(1, 1, 'proto::other'), row(1)];
    await store.outbox.deriveNotifies(KEY, 1, derived(first), 10);
    await deriveFrom(t, store, (sequence) => [asking(sequence, 0, CONTROLLER)]);
    t.same(await ids(store), ['1.0.1', '1.1.0', '2.0.0']);
  });

  t.test('after a restart all that waits is tried from the start', async (t) => {
    const { store } = await openStore(t);
    await claim(store);
    await store.outbox.deriveNotifies(KEY, 1, derived([row(1)]), 10);
    await store.outbox.notifyWritten(KEY, '1.1.0', START + 5000, START + 7000);
    t.match(await store.outbox.listNotifies(KEY, undefined), [
      { attempts: 1, nextAt: START + 5000, expiresAt: START + 7000 },
    ]);
    const { epoch } = await claim(store);
    await store.devices.raiseEvents(KEY, epoch, [event()]);
    t.same(await store.outbox.deriveNotifies(KEY, 9, derived([], { restarted: true }), 10), {
      kind: 'derived',
      dropped: 0,
      renewed: [CONTROLLER],
    });
    t.match(await store.outbox.listNotifies(KEY, undefined), [{ attempts: 0, nextAt: 0, expiresAt: START + 7000 }]);
  });

  t.test('what follows from events is raised in the step that derives them', async (t) => {
    const { store } = await openStore(t);
    await claim(store);
    const told = derived([row(1)], {
      local: { version: 0, rows: 'local' },
      events: [{ ...event('{"n":1}'), kind: 'notice' }],
    });
    t.match(await store.outbox.deriveNotifies(KEY, 1, told, 10), { kind: 'derived' });
    t.match((await read(store)).pendingEvents, [{ sequence: 2, kind: 'notice', body: '{"n":1}' }]);
  });

  t.test('rows of LocalAgent change together with what is told of it', async (t) => {
    const { store } = await openStore(t);
    const { epoch } = await claim(store);
    await store.outbox.deriveNotifies(KEY, 1, derived([row(1), row(1, { subscription: 2 })]), 10);
    const also = { events: [{ ...event(), kind: 'notice' as const }], silenced: [{ subscription: 2 }] };
    t.equal(await store.devices.changeLocal(KEY, 1, 'late', also), 'conflict');
    t.same(await ids(store), ['1.1.0', '1.2.0']);
    t.equal(await store.devices.changeLocal(KEY, 0, 'rows', also), 'changed');
    t.same(await ids(store), ['1.1.0']);
    t.match((await read(store)).pendingEvents, [{ sequence: 2, kind: 'notice' }]);
    t.equal(await store.devices.saveLedger(KEY, epoch, 'ledger', [event()]), 'done');
    t.match(await read(store), { ledger: 'ledger', pendingEvents: [{ sequence: 2 }, { sequence: 3 }] });
  });

  t.test('Periodic! is raised once for a time, whoever comes first', async (t) => {
    const { store } = await openStore(t);
    await claim(store);
    const raise = (from: number, to: number): Promise<string> =>
      store.devices.raiseNotices(KEY, [{ ...event(), kind: 'notice' }], { from, to });
    t.same(await Promise.all([raise(0, 60), raise(0, 60)]), ['done', 'already']);
    t.match(await read(store), { periodicAt: 60, pendingEvents: [{ sequence: 1 }, { sequence: 2 }] });
    t.equal(await raise(60, 0), 'done');
    t.equal((await read(store)).periodicAt, 0);
    t.equal(await store.devices.raiseNotices(KEY, [event()]), 'done', 'other notices at any time');
  });
}
