// Which devices owe a Controller something: the index over all devices, and that it forgets.
import type { Test } from 'tap';
import type { DeviceKey, Store } from '../../../proxy/store/store.ts';
import { claim, CONTROLLER, deriveFrom, keyOf, row, silence, START, TENANT } from './samples.ts';
import type { OpenStore } from './subject.ts';

const OTHER = 'self::other/ü%2F:x';
const owing = (store: Store, controller = CONTROLLER, tenant = TENANT): Promise<readonly DeviceKey[]> =>
  store.outbox.listOutbox(tenant, controller, '', 100);

export function outboxIndexContract(t: Test, openStore: OpenStore): void {
  t.test('a Controller’s devices are listed while they owe it something', async (t) => {
    const { store, reopen } = await openStore(t);
    const [one, two, elsewhere] = [keyOf('1'), keyOf('2'), keyOf('1', 'tenant-2')];
    for (const key of [one, two, elsewhere]) await claim(store, { key });
    t.same(await owing(store), []);
    t.same(await store.outbox.listOutboxControllers(TENANT), []);
    await deriveFrom(t, store, (sequence) => [row(sequence)], two);
    await deriveFrom(
      t,
      store,
      (sequence) => [row(sequence), row(sequence, { subscription: 2, controller: OTHER })],
      one,
    );
    await deriveFrom(t, store, (sequence) => [row(sequence)], elsewhere);
    const again = await reopen();
    t.same(await owing(again), [one, two]);
    t.same(await owing(again, OTHER), [one]);
    t.same(await owing(again, CONTROLLER, 'tenant-2'), [elsewhere]);
    t.same([...(await again.outbox.listOutboxControllers(TENANT))].sort(), [CONTROLLER, OTHER].sort());
  });

  for (const [how, settle] of Object.entries({
    answered: (store: Store, key: DeviceKey, sequence: number) =>
      store.outbox.notifyAnswered(key, CONTROLLER, `notify-${sequence}.1.0`),
    expired: (store: Store, key: DeviceKey) => store.outbox.expireNotifies(key, START + 600_000),
    dropped: (store: Store, key: DeviceKey) => silence(store, key, 1),
    'written without retry': (store: Store, key: DeviceKey, sequence: number) =>
      store.outbox.notifyWritten(key, `${sequence}.1.0`, START),
  })) {
    t.test(`a device is forgotten when its last row is ${how}`, async (t) => {
      const { store } = await openStore(t);
      const key = keyOf('1');
      await claim(store, { key });
      const retry = how !== 'written without retry';
      const sequence = await deriveFrom(t, store, (of) => [row(of, { retry })], key);
      const other = { subscription: 2, controller: OTHER, expiresAt: START + 10 ** 9 };
      await deriveFrom(t, store, (of) => [row(of, other)], key);
      await settle(store, key, sequence);
      t.same(await owing(store), []);
      t.same(await owing(store, OTHER), [key], 'for others it stays');
      t.same(await store.outbox.listOutboxControllers(TENANT), [OTHER]);
      await deriveFrom(t, store, (of) => [row(of)], key);
      t.same(await owing(store), [key], 'and it comes back');
    });
  }

  t.test('a device is kept while anything is left', async (t) => {
    const { store } = await openStore(t);
    const key = keyOf('1');
    await claim(store, { key });
    const sequence = await deriveFrom(t, store, (of) => [row(of), row(of, { id: `${of}.1.1` })], key);
    await store.outbox.notifyAnswered(key, CONTROLLER, `notify-${sequence}.1.0`);
    t.same(await owing(store), [key]);
    await store.outbox.notifyWritten(key, `${sequence}.1.1`, START + 1);
    t.same(await owing(store), [key], 'written is not answered');
  });

  t.test('rows that the cap drops leave no device behind', async (t) => {
    const { store } = await openStore(t);
    const key = keyOf('1');
    await claim(store, { key });
    await deriveFrom(t, store, (of) => [row(of, { controller: OTHER })], key, 1);
    await deriveFrom(t, store, (of) => [row(of)], key, 1);
    t.same(await owing(store, OTHER), [], 'the Subscription has another Recipient now');
    t.same(await owing(store), [key]);
  });

  t.test('a last row that goes while another is derived does not hide the device', async (t) => {
    const { store } = await openStore(t);
    const key = keyOf('1');
    await claim(store, { key });
    let sequence = await deriveFrom(t, store, (of) => [row(of)], key);
    for (let n = 0; n < 20; n += 1) {
      const before = sequence;
      const answer = store.outbox.notifyAnswered(key, CONTROLLER, `notify-${before}.1.0`);
      const derive = deriveFrom(t, store, (of) => [row(of)], key);
      await answer;
      sequence = await derive;
      t.same(await owing(store), [key]);
    }
  });

  t.test('devices are listed page by page, in byte order', async (t) => {
    const { store } = await openStore(t);
    const keys = ['%2D', '10', '2', 'B', 'a'].map((device) => ({ tenant: TENANT, device }));
    for (const key of keys.toReversed()) {
      await claim(store, { key });
      await deriveFrom(t, store, (of) => [row(of)], key);
    }
    t.same(await store.outbox.listOutbox(TENANT, CONTROLLER, '', 2), keys.slice(0, 2));
    t.same(await store.outbox.listOutbox(TENANT, CONTROLLER, '10', 2), keys.slice(2, 4));
    t.same(await store.outbox.listOutbox(TENANT, CONTROLLER, 'B', 2), keys.slice(4));
    t.same(await store.outbox.listOutbox(TENANT, CONTROLLER, 'a', 2), []);
  });
}
