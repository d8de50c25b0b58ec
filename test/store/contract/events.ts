// Events of a device: reports that come twice, sequences, and how many wait to be derived.
import type { Test } from 'tap';
import { claim, claimed, derived, event, giveUp, KEY, read, report, START } from './samples.ts';
import type { OpenStore } from './subject.ts';

export function eventContract(t: Test, openStore: OpenStore): void {
  t.test('a report is saved once, by the digest of what identifies it', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    t.equal(await store.devices.saveReport(KEY, epoch, 'd1', report('{"n":1}')), 'done');
    t.equal(await store.devices.saveReport(KEY, epoch, 'd1', report('{"n":1}')), 'repeat');
    t.equal(await store.devices.saveReport(KEY, epoch, 'd2', report('{"n":2}')), 'done');
    const next = await claimed(store, { incarnation: 'n2' });
    t.equal(await store.devices.saveReport(KEY, next, 'd1', report('{"n":1}')), 'repeat', 'in another session too');
    t.match((await read(store)).pendingEvents, [
      { sequence: 1, kind: 'inform' },
      { sequence: 2, kind: 'report', body: '{"n":1}' },
      { sequence: 3, kind: 'report', body: '{"n":2}' },
      { sequence: 4, kind: 'inform' },
    ]);
  });

  t.test('a report is known again after sixteen others at most', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    for (let n = 0; n < 17; n += 1) {
      t.equal(await store.devices.saveReport(KEY, epoch, `d${n}`, report('{}')), 'done');
    }
    t.equal(await store.devices.saveReport(KEY, epoch, 'd16', report('{}')), 'repeat');
    t.equal(await store.devices.saveReport(KEY, epoch, 'd1', report('{}')), 'repeat');
    t.equal(await store.devices.saveReport(KEY, epoch, 'd0', report('{}')), 'done', 'the oldest is forgotten');
  });

  t.test('a digest may be long and of any characters', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    const digest = JSON.stringify(['TransferComplete', { FaultString: 'x'.repeat(2000), CommandKey: 'a\nb ü' }]);
    t.equal(await store.devices.saveReport(KEY, epoch, digest, report('{}')), 'done');
    t.equal(await store.devices.saveReport(KEY, epoch, digest, report('{}')), 'repeat');
    t.equal(await store.devices.saveReport(KEY, epoch, `${digest} `, report('{}')), 'done');
  });

  t.test('raised events follow in order; none is no event', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    const raised = ['{"n":1}', '{"n":2}'].map((body) => ({ kind: 'values', at: START + 1, body }) as const);
    t.equal(await store.devices.raiseEvents(KEY, epoch, raised), 'done');
    t.equal(await store.devices.raiseEvents(KEY, epoch, []), 'done');
    t.same((await read(store)).pendingEvents.slice(1), [
      { sequence: 2, ...raised[0] },
      { sequence: 3, ...raised[1] },
    ]);
  });

  t.test('sequences are never used again, though no event is left', async (t) => {
    const { store, reopen } = await openStore(t);
    const epoch = await claimed(store);
    await store.devices.raiseEvents(KEY, epoch, [event(), event()]);
    await store.devices.release(KEY, epoch, giveUp({ eventsDone: 3 }));
    t.same((await read(store)).pendingEvents, []);
    const record = await claim(await reopen());
    t.match(record.pendingEvents, [{ sequence: 4 }]);
  });

  t.test('of more than a thousand underived events the newest stay; none is refused', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    for (let n = 0; n < 10; n += 1) {
      const hundred = Array.from({ length: 100 }, () => report('{}'));
      t.equal(await store.devices.raiseEvents(KEY, epoch, hundred), 'done');
    }
    const full = (await read(store)).pendingEvents;
    t.same([full.length, full[0]?.sequence, full.at(-1)?.sequence], [1000, 2, 1001]);
    t.equal(await store.devices.saveReport(KEY, epoch, 'd', report('{"last":true}')), 'done');
    const record = await claim(store);
    t.equal(record.pendingEvents.length, 1000);
    t.match([record.pendingEvents[0], record.pendingEvents.at(-1)], [{ sequence: 4 }, { sequence: 1003 }]);
    t.match(await store.outbox.deriveNotifies(KEY, 1003, derived([]), 10), { kind: 'derived' });
    t.same((await read(store)).pendingEvents, []);
  });
}
