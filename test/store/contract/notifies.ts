// Notify rows: derived once from an event, kept until they are answered, written or over.
import type { Test } from 'tap';
import type { Store } from '../../../proxy/store/store.ts';
import { claim, CONTROLLER, derived, deriveFrom, event, KEY, read, row, START } from './samples.ts';
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
    await store.outbox.dropNotifies(KEY, 1);
    t.same(await ids(store), ['1.11.0', '1.2.0']);
    await store.outbox.dropNotifies(KEY, 3);
    t.same(await ids(store), ['1.11.0', '1.2.0']);
    await deriveFrom(t, store, (sequence) => [row(sequence)]);
    t.same(await ids(store), ['1.11.0', '1.2.0', '2.1.0'], 'a number of rows that went does not come back');
  });
}
