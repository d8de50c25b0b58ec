// What all devices of a tenant start from, and secrets that all nodes share.
import type { Test } from 'tap';
import type { OpenStore } from './subject.ts';

export function tenantContract(t: Test, openStore: OpenStore): void {
  t.test('a template is compared and set', async (t) => {
    const { store, reopen } = await openStore(t);
    const { tenants } = store;
    t.same(await tenants.readTemplate('default'), { version: 0, rows: '' });
    t.equal(await tenants.changeTemplate('default', 1, 'no'), 'conflict');
    t.equal(await tenants.changeTemplate('default', 0, 'rows\nü'), 'changed');
    t.equal(await tenants.changeTemplate('default', 0, 'late'), 'conflict');
    t.same(await tenants.readTemplate('default'), { version: 1, rows: 'rows\nü' });
    t.same(await tenants.readTemplate('other'), { version: 0, rows: '' });
    const again = await reopen();
    t.equal(await again.tenants.changeTemplate('default', 1, ''), 'changed');
    t.same(await again.tenants.readTemplate('default'), { version: 2, rows: '' });
  });

  t.test('each tenant reads its own, and what was changed last', async (t) => {
    const { tenants } = (await openStore(t)).store;
    for (const [version, rows] of ['a', 'b', 'a'].entries()) {
      for (const tenant of ['acme', 'beta']) {
        t.equal(await tenants.changeTemplate(tenant, version, `${tenant} ${rows}`), 'changed');
        t.same(await tenants.readTemplate(tenant), { version: version + 1, rows: `${tenant} ${rows}` });
      }
    }
    t.same(await tenants.readTemplate('acme'), { version: 3, rows: 'acme a' });
  });

  t.test('of many changes at once one is made', async (t) => {
    const { store } = await openStore(t);
    const changes = await Promise.all(['a', 'b', 'c'].map((rows) => store.tenants.changeTemplate('default', 0, rows)));
    t.equal(changes.filter((change) => change === 'changed').length, 1);
    t.equal((await store.tenants.readTemplate('default')).version, 1);
  });

  t.test('the first candidate becomes the secret, for everybody and for good', async (t) => {
    const { store, reopen } = await openStore(t);
    const candidates = [1, 2, 3].map((byte) => Uint8Array.of(byte, 0, 255, 10));
    const secrets = await Promise.all(candidates.map((candidate) => store.tenants.secret('cookie', candidate)));
    const [first = Uint8Array.of()] = secrets;
    for (const secret of secrets) t.same([...secret], [...first]);
    t.ok(candidates.some((candidate) => Buffer.from(candidate).equals(first)));
    t.same([...(await store.tenants.secret('nonce', Uint8Array.of(9)))], [9], 'another name, another secret');
    t.same([...(await (await reopen()).tenants.secret('cookie', Uint8Array.of(7)))], [...first]);
  });
}
