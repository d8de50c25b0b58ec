// Enrolment: who may become a device, decided in the step that saves its Inform.
import type { Test } from 'tap';
import { claim, inform, KEY, keyOf, START } from './samples.ts';
import type { OpenStore } from './subject.ts';

export function enrolmentContract(t: Test, openStore: OpenStore): void {
  const asked = inform({ mustBeEnrolled: true });

  t.test('an Inform of a device that is not enrolled changes nothing', async (t) => {
    const { store } = await openStore(t);
    t.same(await store.devices.saveInform(asked), { kind: 'not-enrolled' });
    t.equal(await store.devices.readDevice(KEY), undefined);
    t.same(await store.devices.listDevices('default', '', 10), []);
    t.match(
      await store.devices.saveInform({ ...inform({ key: keyOf('2'), registryCap: 1 }) }),
      { first: true },
      'nor fills the registry',
    );
    t.match(await store.devices.saveInform(inform()), { kind: 'saved' }, 'where nobody asks it is taken');
    const { epoch } = await claim(store);
    t.same(await store.devices.saveInform({ ...asked, at: START + 5000 }), { kind: 'not-enrolled' }, 'known or not');
    t.match(await store.devices.readDevice(KEY), { epoch, owner: 'n1' }, 'and nobody is displaced by it');
  });

  t.test('it is taken from its enrolment on, until that is revoked', async (t) => {
    const { store, reopen } = await openStore(t);
    t.equal(await store.enrolments.enrol(KEY, START), 'enrolled');
    t.equal(await store.enrolments.enrol(KEY, START + 1), 'known');
    t.equal(await store.devices.readDevice(KEY), undefined, 'which makes no device of it');
    t.same(await store.devices.listDevices('default', '', 10), []);
    t.match(await store.devices.saveInform(asked), { kind: 'saved', first: true });
    const later = await reopen();
    t.match(await later.devices.saveInform({ ...asked, at: START + 1000 }), { kind: 'saved', first: false });
    t.equal(await later.enrolments.revoke(KEY), 'revoked');
    t.equal(await later.enrolments.revoke(KEY), 'unknown');
    t.same(await later.devices.saveInform({ ...asked, at: START + 2000 }), { kind: 'not-enrolled' });
    t.ok(await later.devices.readDevice(KEY), 'what is stored of it stays');
    t.equal(await later.enrolments.enrol(KEY, START + 3000), 'enrolled');
    t.match(await later.devices.saveInform({ ...asked, at: START + 4000 }), { kind: 'saved' });
  });

  t.test('enrolments are listed in byte order, after a name, so many at a time, by tenant', async (t) => {
    const { store } = await openStore(t);
    for (const serial of ['b', '%2D', 'B']) await store.enrolments.enrol(keyOf(serial), START);
    await store.enrolments.enrol(keyOf('x', 'tenant-2'), START + 7);
    const names = ['%2D', 'B', 'b'].map((serial) => keyOf(serial).device);
    t.same(
      await store.enrolments.listEnrolled('default', '', 10),
      names.map((device) => ({ device, at: START })),
    );
    t.same(
      (await store.enrolments.listEnrolled('default', '', 2)).map(({ device }) => device),
      names.slice(0, 2),
    );
    t.same(
      (await store.enrolments.listEnrolled('default', names[0] ?? '', 2)).map(({ device }) => device),
      names.slice(1),
    );
    await store.enrolments.revoke(keyOf('B'));
    t.same(
      (await store.enrolments.listEnrolled('default', '', 2)).map(({ device }) => device),
      [names[0], names[2]],
    );
    t.match(await store.enrolments.listEnrolled('tenant-2', '', 2), [{ at: START + 7 }]);
  });
}
