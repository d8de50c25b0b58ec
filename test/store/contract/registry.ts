// Finding devices: by Endpoint ID, and page by page.
import type { Test } from 'tap';
import type { DeviceKey, Store } from '../../../proxy/store/store.ts';
import { claim, keyOf, START } from './samples.ts';
import type { OpenStore } from './subject.ts';

async function listAll(store: Store, tenant: string, page: number): Promise<readonly string[]> {
  const found: string[] = [];
  for (;;) {
    const records = await store.devices.listDevices(tenant, found.at(-1) ?? '', page);
    found.push(...records.map(({ key }) => key.device));
    if (records.length < page) return found;
  }
}

export function registryContract(t: Test, openStore: OpenStore): void {
  t.test('the device of an Endpoint ID is found, in its tenant', async (t) => {
    const { store, reopen } = await openStore(t);
    const key: DeviceKey = { tenant: 'default', device: '02C0DE-A%2DB-%C3%BC%25' };
    const identity = { Manufacturer: '', OUI: '02C0DE', ProductClass: 'A-B', SerialNumber: 'ü%' };
    const endpointId = `ops::${key.device}`;
    await claim(store, { key, identity: { ...identity, endpointId } });
    t.same(await store.devices.findDevice('default', endpointId), key);
    t.equal(await store.devices.findDevice('default', decodeURIComponent(endpointId)), undefined);
    t.equal(await store.devices.findDevice('other', endpointId), undefined);
    t.equal(await store.devices.findDevice('default', ''), undefined);
    t.same(await (await reopen()).devices.findDevice('default', endpointId), key);
  });

  t.test('devices are listed in byte order, after a name, so many at a time', async (t) => {
    const { store } = await openStore(t);
    const names = ['a', 'B', '%2D', '-', '.', '_', '1', '10', '2'];
    for (const name of names) await claim(store, { key: { tenant: 'default', device: name } });
    await claim(store, { key: { tenant: 'defaul', device: 't' } });
    await claim(store, { key: { tenant: 'default2', device: 'x' } });
    const inOrder = ['%2D', '-', '.', '1', '10', '2', 'B', '_', 'a'];
    t.same(await listAll(store, 'default', 100), inOrder);
    t.same(await listAll(store, 'default', 2), inOrder);
    t.same(await listAll(store, 'defaul', 2), ['t']);
    const between = await store.devices.listDevices('default', '15', 1);
    t.same(
      between.map(({ key }) => key.device),
      ['2'],
      'the name need not exist',
    );
    t.same(await store.devices.listDevices('default', 'a', 5), []);
    t.same(await store.devices.listDevices('nobody', '', 5), []);
  });

  t.test('ten thousand devices are listed in pages', async (t) => {
    const { store } = await openStore(t);
    const count = 10_000;
    const serials = Array.from({ length: count }, (_, index) => String(index).padStart(6, '0'));
    for (let from = 0; from < count; from += 500) {
      const some = serials.slice(from, from + 500);
      await Promise.all(some.map((serial) => claim(store, { key: keyOf(serial), registryCap: count, at: START })));
    }
    const listed = await listAll(store, 'default', 500);
    t.equal(listed.length, count);
    t.strictSame(
      listed,
      serials.map((serial) => keyOf(serial).device),
    );
  });
}
