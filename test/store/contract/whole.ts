// The store as a whole.
import type { Test } from 'tap';
import { CAPS, claim, claimed, derived, entry, KEY, outcome, row, START, step } from './samples.ts';
import type { OpenStore } from './subject.ts';

export function wholeContract(t: Test, openStore: OpenStore): void {
  t.test('it answers, and closes more than once', async (t) => {
    const { store } = await openStore(t);
    await store.ping();
    await claim(store);
    await Promise.all([store.close(), store.close()]);
    await store.close();
  });

  t.test('everything of a device is there after reopening', async (t) => {
    const { store, reopen } = await openStore(t);
    const epoch = await claimed(store, { boot: true, ourKey: true });
    await store.mailbox.enqueue(KEY, entry('r1'), CAPS, epoch);
    await store.mailbox.enqueue(KEY, entry('r2'), CAPS);
    await store.mailbox.recordStep(KEY, epoch, 'r1', step(1), { quiet: { reason: 'reboot', until: START + 1 } });
    await store.mailbox.settle(KEY, epoch, 'r1', { outcome: outcome('unknown') });
    await store.devices.changeLocal(KEY, 0, 'rows');
    await store.devices.attach(KEY, 'n1');
    await store.devices.endWake(KEY, { at: START, outcome: 'arrived', detail: '' });
    await store.outbox.deriveNotifies(KEY, 1, derived([row(1)], { ledger: 'ledger' }), 10);
    const before = {
      device: { ...(await store.devices.readDevice(KEY)) },
      requests: await store.mailbox.listRequests(KEY, 10),
      rows: await store.outbox.listNotifies(KEY, undefined),
      owned: await store.devices.ownedBy('n1'),
    };
    const again = await reopen();
    t.same({ ...(await again.devices.readDevice(KEY)) }, before.device);
    t.same(await again.mailbox.listRequests(KEY, 10), before.requests);
    t.same(await again.outbox.listNotifies(KEY, undefined), before.rows);
    t.same(await again.devices.ownedBy('n1'), before.owned);
    t.match(before, { device: { waiting: 1, inDoubt: step(1), keysSeen: true } });
  });
}
