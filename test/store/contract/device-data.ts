// What is kept of a device: tree, rows, ledger and their versions.
import type { Test } from 'tap';
import type { Store } from '../../../proxy/store/store.ts';
import { CAPS, claim, claimed, derived, entry, giveUp, KEY, outcome, read, row, START, step, tree } from './samples.ts';
import type { OpenStore } from './subject.ts';

/** By how much a step raises the device's version. */
async function raised(store: Store, run: () => Promise<unknown>): Promise<number> {
  const before = (await read(store)).version;
  await run();
  return (await read(store)).version - before;
}

export function deviceDataContract(t: Test, openStore: OpenStore): void {
  t.test('tree, methods, ledger and parking come back as they were saved', async (t) => {
    const { store, reopen } = await openStore(t);
    const epoch = await claimed(store);
    t.equal(await store.devices.saveTree(KEY, epoch, tree('1,2,3')), 'done');
    t.equal(await store.devices.saveMethods(KEY, epoch, ['Reboot', 'Download']), 'done');
    t.equal(await store.devices.saveLedger(KEY, epoch, 'a ledger\nof lines ü'), 'done');
    await store.devices.saveParking(KEY, 'learnt');
    const check = async (store: Store): Promise<void> => {
      const record = await read(store);
      t.same(record.tree, tree('1,2,3'));
      t.same(record.methods, ['Reboot', 'Download']);
      t.equal(record.ledger, 'a ledger\nof lines ü');
      t.equal(record.parking, 'learnt');
    };
    await check(store);
    await check(await reopen());
  });

  t.test('a native Agent is known with the tree that told of it', async (t) => {
    const { store, reopen } = await openStore(t);
    const epoch = await claimed(store);
    const nativeAgent = 'os::02C0DE-1';
    await store.devices.saveTree(KEY, epoch, { ...tree('1'), nativeAgent });
    t.equal((await read(store)).tree?.nativeAgent, nativeAgent);
    const again = await reopen();
    t.equal((await read(again)).tree?.nativeAgent, nativeAgent);
    await again.devices.saveTree(KEY, epoch, tree('1'));
    t.equal((await read(again)).tree?.nativeAgent, undefined);
  });

  t.test('what a view remembers outlives the trees', async (t) => {
    const { store, reopen } = await openStore(t);
    const epoch = await claimed(store);
    await store.devices.saveTree(KEY, epoch, tree('1'));
    t.equal((await read(store)).tree?.remembered, '', 'nothing was remembered');
    t.equal(await store.devices.saveRemembered(KEY, epoch, 'numbers ü'), 'done');
    const before = await read(store);
    await store.devices.saveTree(KEY, epoch, tree('2'));
    t.match((await read(store)).tree, { instances: '2', remembered: 'numbers ü' });
    const again = await reopen();
    t.equal((await read(again)).tree?.remembered, 'numbers ü');
    await again.devices.saveRemembered(KEY, epoch, 'others');
    t.equal((await read(again)).tree?.remembered, 'others');
    t.equal(before.tree?.remembered, 'numbers ü', 'a record that was read does not change');
  });

  t.test('what is remembered before the first tree is there with it', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    await store.devices.saveRemembered(KEY, epoch, 'numbers');
    t.equal((await read(store)).tree, undefined);
    await store.devices.saveTree(KEY, epoch, tree('1'));
    t.equal((await read(store)).tree?.remembered, 'numbers');
  });

  t.test('later ones replace them, empty ones too', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    for (const methods of [['Reboot'], []]) await store.devices.saveMethods(KEY, epoch, methods);
    for (const ledger of ['x', '']) await store.devices.saveLedger(KEY, epoch, ledger);
    for (const instances of ['1', '']) await store.devices.saveTree(KEY, epoch, tree(instances));
    t.match(await read(store), { methods: [], ledger: '', tree: tree('') });
  });

  t.test('a record that was read does not change any more', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    await store.devices.saveTree(KEY, epoch, tree('1'));
    await store.devices.changeLocal(KEY, 0, 'rows 1');
    const record = await read(store);
    await store.devices.saveTree(KEY, epoch, tree('2'));
    await store.devices.changeLocal(KEY, 1, 'rows 2');
    await store.devices.release(KEY, epoch, giveUp({ eventsDone: 9 }));
    t.match(record, {
      tree: tree('1'),
      local: 'rows 1',
      localVersion: 1,
      owner: 'n1',
      pendingEvents: [{ sequence: 1 }],
    });
  });

  t.test('a record is of one moment, whatever is changed at the same time', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    const change = async (n: number): Promise<void> => {
      await store.devices.changeLocal(KEY, n, `rows ${n + 1}`);
    };
    const reads: Promise<void>[] = [];
    for (let n = 0; n < 50; n += 1) {
      const changed = change(n);
      reads.push(
        read(store).then((record) => {
          const rows = record.localVersion === 0 ? '' : `rows ${record.localVersion}`;
          t.same([record.local, record.version], [rows, record.localVersion + 1]);
        }),
      );
      await changed;
    }
    await Promise.all(reads);
    t.equal(await store.devices.clearDoubt(KEY, epoch), 'done');
  });

  t.test('LocalAgent rows are compared and set', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    t.equal(await store.devices.changeLocal(KEY, 1, 'no'), 'conflict');
    t.equal(await store.devices.changeLocal(KEY, 0, 'rows'), 'changed');
    t.equal(await store.devices.changeLocal(KEY, 0, 'late'), 'conflict');
    t.match(await read(store), { local: 'rows', localVersion: 1 });
    const both = await Promise.all(['a', 'b'].map((rows) => store.devices.changeLocal(KEY, 1, rows)));
    t.same([...both].sort(), ['changed', 'conflict']);
    t.equal((await read(store)).localVersion, 2);
    await store.devices.release(KEY, epoch, giveUp());
    t.equal(await store.devices.changeLocal(KEY, 2, ''), 'changed', 'nobody need own the device');
    t.equal((await read(store)).local, '');
  });

  t.test('the version is raised by what an owner must not miss, and by nothing else', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    const { devices, mailbox, outbox } = store;
    const raises = (run: () => Promise<unknown>): Promise<number> => raised(store, run);
    t.equal(await raises(() => devices.changeLocal(KEY, 0, 'rows')), 1, 'local rows');
    t.equal(await raises(() => devices.attach(KEY, 'n1')), 1, 'attachments');
    t.equal(await raises(() => devices.detach(KEY, 'n1')), 1, 'attachments');
    t.equal(await raises(() => devices.saveTree(KEY, epoch, tree())), 1, 'tree');
    t.equal(await raises(() => devices.saveRemembered(KEY, epoch, 'numbers')), 1, 'what is remembered of it');
    t.equal(await raises(() => devices.saveLedger(KEY, epoch, 'ledger')), 1, 'ledger');
    t.equal(await raises(() => outbox.deriveNotifies(KEY, 1, derived([row(1)]), 10)), 0, 'rows');
    await devices.raiseEvents(KEY, epoch, [{ kind: 'values', at: START, body: '{}' }]);
    const told = derived([], { ledger: 'other', local: { version: 1, rows: 'kept' } });
    t.equal(await raises(() => outbox.deriveNotifies(KEY, 2, told, 10)), 1, 'ledger and rows after a boot');
    t.equal(await raises(() => devices.changeLocal(KEY, 1, 'conflict')), 0);
    t.equal(await raises(() => mailbox.enqueue(KEY, entry('r1'), CAPS, epoch)), 0);
    t.equal(await raises(() => mailbox.recordStep(KEY, epoch, 'r1', step(1), {})), 0);
    t.equal(await raises(() => mailbox.settle(KEY, epoch, 'r1', { outcome: outcome() })), 0);
    t.equal(await raises(() => devices.saveParking(KEY, 'learnt')), 0);
    t.equal(await raises(() => devices.saveMethods(KEY, epoch, [])), 0);
    t.equal(await raises(() => devices.release(KEY, epoch, giveUp())), 0);
    t.equal(await raises(() => claim(store)), 0);
    await devices.attach(KEY, 'n2');
    t.equal(await raises(() => devices.disown(KEY, 'n2')), 1, 'attachments of the dead');
    t.equal(await raises(() => devices.disown(KEY, 'n2')), 0);
  });

  t.test('attachments are counted by incarnation', async (t) => {
    const { store } = await openStore(t);
    await claim(store);
    for (const incarnation of ['n1', 'n2', 'n1']) await store.devices.attach(KEY, incarnation);
    t.same([...(await read(store)).attachments].sort(), ['n1', 'n2']);
    await store.devices.detach(KEY, 'n1');
    t.same([...(await read(store)).attachments].sort(), ['n1', 'n2'], 'one of two sockets is left');
    await store.devices.detach(KEY, 'n1');
    t.same((await read(store)).attachments, ['n2']);
    await store.devices.detach(KEY, 'n1');
    await store.devices.attach(KEY, 'n1');
    await store.devices.detach(KEY, 'n1');
    t.same((await read(store)).attachments, ['n2'], 'one detach too many does not count against the next');
  });

  t.test('quiet is set and ended by the owner, and with it the boot that was expected', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    const quiet = { reason: 'diagnostic', until: START + 60_000 } as const;
    t.equal(await store.devices.setQuiet(KEY, epoch, quiet), 'done');
    t.same((await read(store)).quiet, quiet);
    await store.mailbox.enqueue(KEY, entry('r1'), CAPS, epoch);
    const expectedBoot = { CommandKey: 'k', command_key: '', cause: 'LocalReboot', reason: '', at: START };
    await store.mailbox.recordStep(KEY, epoch, 'r1', step(1), { expectedBoot });
    await store.devices.setQuiet(KEY, epoch, { ...quiet, until: START + 1 });
    t.match(await read(store), { quiet: { until: START + 1 }, expectedBoot });
    t.equal(await store.devices.setQuiet(KEY, epoch, undefined), 'done');
    const record = await read(store);
    t.same([record.quiet, record.expectedBoot], [undefined, undefined]);
  });

  t.test('one Connection Request for all who wait, for as long as its lease', async (t) => {
    const { store } = await openStore(t);
    await claim(store);
    const tries = await Promise.all(['n1', 'n2', 'n3'].map((node) => store.devices.beginWake(KEY, node, START, 5000)));
    t.equal(tries.filter(Boolean).length, 1);
    t.equal(await store.devices.beginWake(KEY, 'n4', START + 4999, 5000), false);
    t.equal(await store.devices.beginWake(KEY, 'n4', START + 5000, 5000), true, 'its lease has run out');
    const wake = { at: START + 6000, outcome: 'no-answer', detail: 'timed out\nüber 5 s', way: 'udp', worked: 'http' };
    await store.devices.endWake(KEY, wake);
    t.same((await read(store)).wake, wake);
    t.equal(await store.devices.beginWake(KEY, 'n1', START + 6000, 5000), true, 'it is over');
    await claim(store, { at: START + 6001 });
    t.equal(await store.devices.beginWake(KEY, 'n2', START + 6002, 5000), true, 'and over when the CPE comes');
    t.same((await read(store)).wake, wake, 'whose outcome is told apart');
  });
}
