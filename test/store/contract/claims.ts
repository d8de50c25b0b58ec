// Who owns a device: claims by Informs, fencing by epochs, and what strangers may not do.
import type { Test } from 'tap';
import type { DeviceKey, Store } from '../../../proxy/store/store.ts';
import {
  claim,
  claimed,
  derived,
  entry,
  event,
  inform,
  KEY,
  keyOf,
  outcome,
  read,
  row,
  START,
  step,
  tree,
} from './samples.ts';
import { giveUp, CAPS, identityOf, MAX_MS } from './samples.ts';
import type { OpenStore } from './subject.ts';

/** Every step that only the owner may take, with the word that refuses it. */
const ownerSteps: Readonly<Record<string, (store: Store, key: DeviceKey, epoch: number) => Promise<unknown>>> = {
  saveReport: (store, key, epoch) => store.devices.saveReport(key, epoch, 'digest', event()),
  raiseEvents: (store, key, epoch) => store.devices.raiseEvents(key, epoch, [event()]),
  release: async (store, key, epoch) => (await store.devices.release(key, epoch, giveUp({ force: true }))).kind,
  clearDoubt: (store, key, epoch) => store.devices.clearDoubt(key, epoch),
  saveTree: (store, key, epoch) => store.devices.saveTree(key, epoch, tree()),
  saveRemembered: (store, key, epoch) => store.devices.saveRemembered(key, epoch, 'numbers'),
  saveMethods: (store, key, epoch) => store.devices.saveMethods(key, epoch, ['Reboot']),
  saveLedger: (store, key, epoch) => store.devices.saveLedger(key, epoch, 'ledger'),
  setQuiet: (store, key, epoch) => store.devices.setQuiet(key, epoch, { reason: 'reboot', until: START }),
  take: async (store, key, epoch) => (await store.mailbox.take(key, epoch)).kind,
  putBack: (store, key, epoch) => store.mailbox.putBack(key, epoch, 'r1'),
  recordStep: (store, key, epoch) => store.mailbox.recordStep(key, epoch, 'r1', step(1), {}),
  settle: async (store, key, epoch) => (await store.mailbox.settle(key, epoch, 'r1', { outcome: outcome() })).kind,
};

export function claimContract(t: Test, openStore: OpenStore): void {
  t.test('first contact makes the device, and the Inform claims it', async (t) => {
    const { store } = await openStore(t);
    const saved = await store.devices.saveInform(inform({ event: event('{"first":true}') }));
    t.match(saved, { kind: 'saved', first: true, repeat: false, displaced: undefined });
    const record = await read(store);
    t.match(record, {
      key: KEY,
      identity: identityOf(KEY),
      createdAt: START,
      informAt: START,
      bootAt: START,
      informEvents: ['2 PERIODIC'],
      owner: 'n1',
      version: 1,
      localVersion: 0,
      local: '',
      ledger: '',
      parking: '',
      waiting: 0,
      keysSeen: false,
      trouble: undefined,
    });
    t.same(record.facts, {
      root: 'Device.',
      SoftwareVersion: '1.0',
      HardwareVersion: '',
      dataModel: '',
      ConnectionRequestURL: '',
      UDPConnectionRequestAddress: '',
      NATDetected: '',
      ConnReqJabberID: '',
      ParameterKey: '',
      cwmpVersion: 2,
      sourceAddress: '192.0.2.1',
      username: '',
    });
    t.same([record.methods, record.attachments], [[], []]);
    for (const nothing of ['tree', 'quiet', 'expectedBoot', 'wake', 'inDoubt'] as const) {
      t.equal(record[nothing], undefined, nothing);
    }
    t.match(record.pendingEvents, [{ sequence: 1, at: START, kind: 'inform', body: '{"first":true}' }]);
    t.equal(record.pendingEvents.length, 1);
  });

  t.test('an Inform answers with the record as it is after it', async (t) => {
    const { store } = await openStore(t);
    for (const change of [{}, { at: START + 1000, facts: { SoftwareVersion: '2.0' }, incarnation: 'n2' }]) {
      const record = await claim(store, change);
      t.same({ ...record }, { ...(await read(store)) });
    }
  });

  t.test('a later Inform takes over under a higher epoch, and learns whom it displaced', async (t) => {
    const { store } = await openStore(t);
    const first = await claimed(store);
    const saved = await store.devices.saveInform(inform({ incarnation: 'n2', at: START + 5 }));
    t.match(saved, { kind: 'saved', first: false, displaced: 'n1', record: { owner: 'n2' } });
    const second = await read(store);
    t.ok(second.epoch > first);
    t.equal(await store.devices.clearDoubt(KEY, second.epoch), 'done');
    const third = await store.devices.saveInform(inform({ incarnation: 'n2', at: START + 5 }));
    t.match(third, { displaced: 'n2' }, 'an incarnation displaces its own earlier session');
    t.ok((await read(store)).epoch > second.epoch, 'within the same millisecond too');
  });

  t.test('an epoch is never used twice, though the store may have lost its latest writes', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store, { at: START });
    const other = await claimed(store, { key: keyOf('B2'), at: START + 1 });
    t.ok(other > epoch, 'a device made anew a moment later begins beyond every epoch of before');
  });

  t.test('facts that an Inform does not mention stay, those it says are the last word', async (t) => {
    const { store } = await openStore(t);
    await claim(store, { facts: { root: 'Device.', ParameterKey: 'k1', dataModel: '2.16' } });
    const record = await claim(store, { facts: { ParameterKey: '', username: 'cpe' } });
    t.match(record.facts, { root: 'Device.', dataModel: '2.16', ParameterKey: '', username: 'cpe' });
  });

  t.test('the identity is frozen at first contact', async (t) => {
    const { store } = await openStore(t);
    await claim(store);
    const record = await claim(store, { identity: { ...identityOf(KEY), Manufacturer: 'Other' }, at: START + 9 });
    t.match(record, { identity: { Manufacturer: 'Example' }, createdAt: START });
  });

  t.test('a ParameterKey of ours is remembered as seen', async (t) => {
    const { store } = await openStore(t);
    t.equal((await claim(store)).keysSeen, false);
    t.equal((await claim(store, { ourKey: true })).keysSeen, true);
    t.equal((await claim(store)).keysSeen, true);
  });

  for (const [name, take] of Object.entries(ownerSteps)) {
    t.test(`${name} is refused under a stale epoch, when nobody owns, and when nobody knows the device`, async (t) => {
      const { store } = await openStore(t);
      const unknown = name === 'settle' ? 'already' : 'stale';
      t.equal(await take(store, KEY, 1), unknown, 'unknown device');
      const stale = await claimed(store);
      t.match(await store.mailbox.enqueue(KEY, entry('r1'), CAPS, stale), { taken: true });
      const epoch = await claimed(store, { incarnation: 'n2', at: START + 1 });
      const before = { ...(await read(store)) };
      t.equal(await take(store, KEY, stale), 'stale', 'another Inform came');
      t.equal(await take(store, KEY, epoch + 1), 'stale', 'an epoch that nobody has');
      t.same({ ...(await read(store)) }, before, 'and nothing has changed');
      await store.devices.release(KEY, epoch, giveUp({ force: true }));
      const free = { ...(await read(store)) };
      t.equal(await take(store, KEY, epoch), 'stale', 'released');
      t.same({ ...(await read(store)) }, free);
    });
  }

  t.test('steps that need no owner say so of a device that nobody knows', async (t) => {
    const { store } = await openStore(t);
    const { devices, mailbox, outbox } = store;
    t.equal(await devices.readDevice(KEY), undefined);
    t.equal(await devices.changeLocal(KEY, 0, 'rows'), 'conflict');
    t.equal(await devices.beginWake(KEY, 'n1', START, 1000), false);
    await devices.endWake(KEY, { at: START, outcome: 'arrived', detail: '' });
    await devices.attach(KEY, 'n1');
    await devices.detach(KEY, 'n1');
    await devices.disown(KEY, 'n1');
    await devices.saveParking(KEY, 'learnt');
    t.same(await mailbox.enqueue(KEY, entry('r1'), CAPS), { kind: 'unknown-device' });
    t.same(await mailbox.expireRequests(KEY, START, MAX_MS, 'late'), { ended: [], next: undefined });
    t.same(await mailbox.failWaiting(KEY, outcome('failed')), []);
    t.equal(await mailbox.readRequest(KEY, 'r1'), undefined);
    t.same(await mailbox.listRequests(KEY, 10), []);
    t.same(await outbox.deriveNotifies(KEY, 1, derived([row(1)]), 10), { kind: 'already' });
    t.same(await outbox.listNotifies(KEY, undefined), []);
    t.equal(await outbox.notifyAnswered(KEY, 'proto::c', 'm'), false);
    t.equal(await outbox.expireNotifies(KEY, START), 0);
    await outbox.notifyWritten(KEY, '1.1.0', START);
    t.equal(await devices.raiseNotices(KEY, [event()]), 'already');
    t.equal(await devices.readDevice(KEY), undefined, 'and make nothing of it');
    t.equal((await claim(store)).parking, '', 'not even beneath it');
    t.same(await devices.ownedBy('n2'), []);
  });
}
