// A device's operations: begun once, changed by whoever runs them, ended once with an event, and without secrets.
import type { Test } from 'tap';
import type { NewOperation } from '../../../proxy/store/operation-steps.ts';
import type { Store } from '../../../proxy/store/store.ts';
import {
  claim,
  claimed,
  CONTROLLER,
  KEY,
  keyOf,
  read,
  START,
  transfer,
  transferEnd,
  transferReport,
} from './samples.ts';
import type { OpenStore } from './subject.ts';

const operation = (change: Partial<NewOperation> = {}): NewOperation => ({
  kind: 'diagnostic',
  originator: CONTROLLER,
  command: 'Device.IP.Diagnostics.IPPing()',
  command_key: 'k1',
  status: 'Requested',
  createdAt: START,
  dueAt: START + 1000,
  transfer: '',
  detail: '{}',
  input: 'a secret',
  token: '',
  ...change,
});
const DONE = { kind: 'done', output_args: { Status: 'Complete' } } as const;

const rows = async (store: Store): Promise<readonly string[]> =>
  (await read(store)).operations.map(({ number, status }) => `${number} ${status}`);
const events = async (store: Store, kind: string): Promise<readonly unknown[]> =>
  (await read(store)).pendingEvents.flatMap((event) =>
    event.kind === kind ? [JSON.parse(event.body) as unknown] : [],
  );

export function operationContract(t: Test, openStore: OpenStore): void {
  t.test('one that is begun is there, without what is secret, after a restart too', async (t) => {
    const { store, reopen } = await openStore(t);
    t.same(await store.operations.beginOperation(KEY, operation(), 2), { kind: 'unknown-device' });
    await claim(store);
    t.same((await read(store)).operations, [], 'a device that has none');
    const { version } = await read(store);
    const begun = await store.operations.beginOperation(KEY, operation(), 2);
    t.match(begun, { kind: 'begun', operation: { number: 1, status: 'Requested', startedAt: undefined, looks: 0 } });
    t.notMatch(JSON.stringify(begun), 'secret');
    t.ok((await read(store)).version > version, 'an owner reads anew');
    const again = await reopen();
    t.match((await read(again)).operations, [{ number: 1, command: 'Device.IP.Diagnostics.IPPing()', detail: '{}' }]);
    t.notMatch(JSON.stringify((await read(again)).operations), 'secret');
    t.match(await again.operations.readOperation(KEY, 1), { input: 'a secret' }, 'for whoever runs it');
    t.equal(await again.operations.readOperation(KEY, 2), undefined);
    t.equal(await again.operations.readOperation(keyOf('B2'), 1), undefined);
  });

  t.test('as many as the cap says, and no number twice', async (t) => {
    const { store } = await openStore(t);
    await claim(store);
    await store.operations.beginOperation(KEY, operation(), 2);
    await store.operations.beginOperation(KEY, operation(), 2);
    t.same(await store.operations.beginOperation(KEY, operation(), 2), { kind: 'full' });
    await store.operations.endOperation(KEY, 2, DONE, START);
    t.match(await store.operations.beginOperation(KEY, operation(), 2), { kind: 'begun', operation: { number: 3 } });
    t.same(await rows(store), ['1 Requested', '3 Requested']);
  });

  t.test('the same request begins it once, and not again when it has ended', async (t) => {
    const { store } = await openStore(t);
    await claim(store);
    const same = operation({ token: 'r1 IPPing()' });
    await store.operations.beginOperation(KEY, same, 2);
    t.match(await store.operations.beginOperation(KEY, same, 1), { kind: 'known', operation: { number: 1 } });
    t.same(await rows(store), ['1 Requested']);
    await store.operations.endOperation(KEY, 1, DONE, START);
    t.same(await store.operations.beginOperation(KEY, same, 1), { kind: 'ended' });
    t.same(await rows(store), []);
  });

  t.test('it changes only from where it is thought to be; what runs has forgotten its input', async (t) => {
    const { store } = await openStore(t);
    await claim(store);
    await store.operations.beginOperation(KEY, operation(), 2);
    const change = { status: 'Active', startedAt: START + 5, dueAt: START + 9, looks: 2 } as const;
    t.equal(await store.operations.changeOperation(KEY, 1, ['Canceling'], change), 'unchanged');
    t.equal(await store.operations.changeOperation(KEY, 9, ['Requested'], change), 'unchanged');
    t.equal(await store.operations.changeOperation(KEY, 1, ['Requested'], change), 'changed');
    t.match((await read(store)).operations, [{ ...change, number: 1 }]);
    t.match(await store.operations.readOperation(KEY, 1), { input: '' });
  });

  t.test('one that is to be cancelled is no reason to leave the CPE alone', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    await store.operations.beginOperation(KEY, operation({ status: 'Active' }), 2);
    await store.devices.setQuiet(KEY, epoch, { reason: 'diagnostic', until: START + 99 });
    await store.operations.changeOperation(KEY, 1, ['Active'], { looks: 1 });
    t.match(await read(store), { quiet: { reason: 'diagnostic' } });
    await store.operations.changeOperation(KEY, 1, ['Active'], { status: 'Canceling' });
    t.equal((await read(store)).quiet, undefined);
    await store.devices.setQuiet(KEY, epoch, { reason: 'reboot', until: START + 99 });
    await store.operations.changeOperation(KEY, 1, ['Canceling'], { status: 'Canceling' });
    t.match(await read(store), { quiet: { reason: 'reboot' } }, 'a reboot is');
  });

  t.test('the first end wins, and is an event', async (t) => {
    const { store, reopen } = await openStore(t);
    await claim(store);
    await store.operations.beginOperation(KEY, operation({ detail: 'about' }), 2);
    t.equal(await store.operations.endOperation(KEY, 1, DONE, START + 7), 'ended');
    const failed = { kind: 'failed', err_code: 7022, err_msg: 'late' } as const;
    t.equal(await store.operations.endOperation(KEY, 1, failed, START + 8), 'unknown');
    const again = await reopen();
    t.same(await rows(again), []);
    const told = await events(again, 'operation');
    t.match(told, [{ operation: { number: 1, command_key: 'k1', detail: 'about' }, outcome: DONE }]);
    t.equal(told.length, 1);
    t.notMatch(JSON.stringify(told), 'secret');
    t.match((await read(again)).pendingEvents.at(-1), { kind: 'operation', at: START + 7 });
  });

  t.test('one that never began goes without an event', async (t) => {
    const { store } = await openStore(t);
    await claim(store);
    await store.operations.beginOperation(KEY, operation(), 2);
    await store.operations.dropOperation(KEY, 1);
    await store.operations.dropOperation(KEY, 1);
    t.same(await rows(store), []);
    t.same(await events(store, 'operation'), []);
  });

  t.test('a transfer that ends takes its operation with it, in one event, however it ends', async (t) => {
    const { store } = await openStore(t);
    await claim(store);
    const { epoch } = await read(store);
    for (const CommandKey of ['a', 'b', 'c', 'd']) {
      await store.transfers.beginTransfer(KEY, transfer(CommandKey, { expiresAt: START + 50 }), 9);
      if (CommandKey === 'd') continue;
      await store.operations.beginOperation(
        KEY,
        operation({ kind: 'transfer', transfer: CommandKey, command_key: CommandKey }),
        9,
      );
    }
    await store.transfers.endTransfer(KEY, 'a', transferEnd('cancelled'), ['waiting']);
    t.same(await rows(store), ['2 Requested', '3 Requested']);
    t.match(await events(store, 'transfer'), [{ transfer: { CommandKey: 'a' }, operation: { command_key: 'a' } }]);
    t.same(await events(store, 'operation'), [], 'the one event tells both');
    const report = { kind: 'report', at: START, body: '{}' } as const;
    await store.transfers.saveTransferReport(KEY, epoch, 'digest', report, transferReport('none'));
    t.same(await rows(store), ['2 Requested', '3 Requested']);
    await store.transfers.expireTransfers(KEY, START + 50);
    t.same(await rows(store), []);
    t.match(await events(store, 'transfer'), [{}, { operation: { number: 2 } }, { operation: { number: 3 } }, {}]);
    t.notOk('operation' in Object((await events(store, 'transfer')).at(-1)), 'one that nobody operated');
  });
}
