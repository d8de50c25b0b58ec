// Whose a device is, where there are several tenants: decided when it is enrolled or first comes, and never otherwise.
import type { Test } from 'tap';
import { claim, inform, keyOf, START } from './samples.ts';
import type { OpenStore } from './subject.ts';

const at = (tenant: string, serial = 'A1') => inform({ key: keyOf(serial, tenant), claimsTenant: true });
const HERE = { kind: 'saved' };
const ELSEWHERE = { kind: 'elsewhere', tenant: 'acme' };
const DEVICE = keyOf().device;

export function homeContract(t: Test, openStore: OpenStore): void {
  t.test('a device is that tenant’s where it was first seen, for good', async (t) => {
    const { store, reopen } = await openStore(t);
    t.equal(await store.devices.tenantOf(DEVICE), undefined);
    t.match(await store.devices.saveInform(at('acme')), { ...HERE, first: true });
    t.equal(await store.devices.tenantOf(DEVICE), 'acme');
    for (const tenant of ['beta', 'default']) t.same(await store.devices.saveInform(at(tenant)), ELSEWHERE);
    const later = await reopen();
    t.same(await later.devices.saveInform(at('beta')), ELSEWHERE);
    t.equal(await later.devices.readDevice(keyOf('A1', 'beta')), undefined, 'nothing of it is kept there');
    t.same(await later.devices.listDevices('beta', '', 9), []);
    t.match(await later.devices.saveInform(at('acme')), { ...HERE, first: false });
  });

  t.test('a device from before there were other tenants stays the first one’s', async (t) => {
    const { store } = await openStore(t);
    await claim(store);
    t.equal(await store.devices.tenantOf(DEVICE), 'default');
    t.same(await store.devices.saveInform(at('acme')), { kind: 'elsewhere', tenant: 'default' });
    t.match(await store.devices.saveInform(at('default')), { ...HERE, first: false });
    await store.enrolments.enrol(keyOf('A2'), START);
    t.same(await store.devices.saveInform(at('acme', 'A2')), { kind: 'elsewhere', tenant: 'default' }, 'enrolled only');
  });

  t.test('of many first Informs at once one tenant has it', async (t) => {
    const { store } = await openStore(t);
    const tenants = ['a', 'b', 'c', 'd', 'default'];
    const saved = await Promise.all(tenants.map((tenant) => store.devices.saveInform(at(tenant))));
    t.equal(saved.filter(({ kind }) => kind === 'saved').length, 1);
    const home = await store.devices.tenantOf(DEVICE);
    for (const one of saved) {
      t.match(one, one.kind === 'saved' ? { record: { key: { tenant: home } } } : { kind: 'elsewhere', tenant: home });
    }
  });

  t.test('an enrolment decides it, and is refused where it is decided', async (t) => {
    const { store } = await openStore(t);
    const [acme, beta] = [keyOf('A1', 'acme'), keyOf('A1', 'beta')];
    t.equal(await store.enrolments.enrol(acme, START, true), 'enrolled');
    t.equal(await store.devices.tenantOf(DEVICE), 'acme');
    t.equal(await store.enrolments.enrol(beta, START, true), 'elsewhere');
    t.same(await store.enrolments.listEnrolled('beta', '', 9), []);
    t.equal(await store.enrolments.enrol(acme, START, true), 'known');
    t.same(
      await store.devices.saveInform({ ...at('beta'), mustBeEnrolled: true }),
      ELSEWHERE,
      'rather than a stranger',
    );
    t.equal(await store.enrolments.revoke(acme), 'revoked');
    t.equal(await store.enrolments.enrol(beta, START, true), 'enrolled', 'one that never came is free again');
    t.match(await store.devices.saveInform({ ...at('beta'), mustBeEnrolled: true }), HERE);
    t.equal(await store.enrolments.revoke(beta), 'revoked');
    t.equal(await store.enrolments.enrol(acme, START, true), 'elsewhere', 'one that came is not');
  });

  t.test('an Inform that is refused decides nothing', async (t) => {
    const { store } = await openStore(t);
    t.same(await store.devices.saveInform({ ...at('acme'), mustBeEnrolled: true }), { kind: 'not-enrolled' });
    t.same(await store.devices.saveInform({ ...at('acme'), registryCap: 0 }), { kind: 'registry-full' });
    t.equal(await store.devices.tenantOf(DEVICE), undefined);
    t.match(await store.devices.saveInform(at('beta')), HERE);
  });

  t.test('each tenant has a registry of its own', async (t) => {
    const { store } = await openStore(t);
    const capped = (tenant: string, serial: string) => ({ ...at(tenant, serial), registryCap: 1 });
    t.match(await store.devices.saveInform(capped('acme', '1')), HERE);
    t.same(await store.devices.saveInform(capped('acme', '2')), { kind: 'registry-full' });
    t.match(await store.devices.saveInform(capped('beta', '3')), HERE);
  });
}
