// Informs: what makes a repeat, what tells a boot, and how many devices there may be.
import type { Test } from 'tap';
import type { ExpectedBoot } from '../../../proxy/store/device-steps.ts';
import { CAPS, claim, claimed, entry, event, giveUp, inform, KEY, keyOf, read, START, step } from './samples.ts';
import type { OpenStore } from './subject.ts';

const BOOT = { boot: true, endsQuiet: true, eventCodes: ['1 BOOT'] } as const;
const EXPECTED: ExpectedBoot = {
  CommandKey: 'key-1',
  command_key: 'theirs',
  cause: 'RemoteReboot',
  reason: 'asked for',
  at: START,
};

export function informContract(t: Test, openStore: OpenStore): void {
  t.test('a repeat needs RetryCount and an equal digest; it claims and adds no event', async (t) => {
    const { store } = await openStore(t);
    const first = await claimed(store, { digest: 'd1' });
    const again = await store.devices.saveInform(inform({ digest: 'd1', retryCount: 1, at: START + 1 }));
    t.match(again, { kind: 'saved', first: false, repeat: true });
    const record = await read(store);
    t.ok(record.epoch > first);
    t.equal(record.informAt, START + 1);
    t.match(
      record.pendingEvents.map(({ sequence }) => sequence),
      [1],
    );
    t.match(await store.devices.saveInform(inform({ digest: 'd1', retryCount: 0 })), { repeat: false });
    t.match(await store.devices.saveInform(inform({ digest: 'd2', retryCount: 1 })), { repeat: false });
    t.match(await store.devices.saveInform(inform({ digest: 'd1', retryCount: 2 })), { repeat: false }, 'not the last');
    t.match(
      (await read(store)).pendingEvents.map(({ sequence }) => sequence),
      [1, 2, 3, 4],
    );
  });

  t.test('a first contact with RetryCount is no repeat', async (t) => {
    const { store } = await openStore(t);
    const saved = await store.devices.saveInform(inform({ digest: '', retryCount: 3 }));
    t.match(saved, { first: true, repeat: false });
  });

  t.test('a boot is told once, however often its session fails and is retried', async (t) => {
    const { store } = await openStore(t);
    const first = await claim(store, { ...BOOT, digest: 'd1' });
    t.same(first.pendingEvents[0]?.boot, { expected: undefined, firmwareUpdated: false });
    const retried = await claim(store, { ...BOOT, digest: 'd2', retryCount: 1, at: START + 7 });
    t.equal(retried.pendingEvents[1]?.boot, undefined, 'another Inform of the same boot');
    t.equal(retried.bootAt, START);
    await store.devices.release(KEY, retried.epoch, giveUp({ clean: false }));
    t.equal((await claim(store, { ...BOOT, digest: 'd3', retryCount: 2 })).pendingEvents[2]?.boot, undefined);
    const { epoch } = await read(store);
    await store.devices.release(KEY, epoch, giveUp({ clean: true }));
    const next = await claim(store, { ...BOOT, digest: 'd4', retryCount: 1, at: START + 9 });
    t.ok(next.pendingEvents[3]?.boot, 'after a session that ended well it is another boot, even when retried');
    t.equal(next.bootAt, START + 9);
    t.ok((await claim(store, BOOT)).pendingEvents[4]?.boot, 'RetryCount 0 is another boot');
  });

  t.test('an Inform without BOOT does not end the boot that is being told', async (t) => {
    const { store } = await openStore(t);
    await claim(store, BOOT);
    await claim(store, { at: START + 5 });
    t.equal((await claim(store, { ...BOOT, retryCount: 1, digest: 'x' })).pendingEvents[2]?.boot, undefined);
    t.equal((await read(store)).bootAt, START);
  });

  t.test('the first boot after a Reboot of ours consumes what was expected', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    await store.mailbox.enqueue(KEY, entry('r1'), CAPS, epoch);
    const also = { quiet: { reason: 'reboot', until: START + 90_000 }, expectedBoot: EXPECTED } as const;
    t.equal(await store.mailbox.recordStep(KEY, epoch, 'r1', step(1), also), 'done');
    t.match(await read(store), { quiet: also.quiet, expectedBoot: EXPECTED });
    const periodic = await claim(store, { at: START + 1 });
    t.match(periodic, { quiet: also.quiet, expectedBoot: EXPECTED }, 'an Inform that tells no boot leaves it');
    const booted = await claim(store, { ...BOOT, at: START + 2 });
    t.same(booted.pendingEvents.at(-1)?.boot, { expected: EXPECTED, firmwareUpdated: false });
    t.equal(booted.expectedBoot, undefined);
    t.equal(booted.quiet, undefined, 'and the CPE may be called again');
    const later = await claim(store, { ...BOOT, at: START + 3 });
    t.same(later.pendingEvents.at(-1)?.boot, { expected: undefined, firmwareUpdated: false });
  });

  t.test('a repeated Inform adds nothing: no boot, and what is expected stays expected', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store, { ...BOOT, digest: 'd1' });
    await store.mailbox.enqueue(KEY, entry('r1'), CAPS, epoch);
    await store.mailbox.recordStep(KEY, epoch, 'r1', step(1), { expectedBoot: EXPECTED });
    await store.devices.release(KEY, epoch, giveUp({ clean: true, force: true }));
    const record = await claim(store, { ...BOOT, digest: 'd1', retryCount: 1, at: START + 4 });
    t.match(record, { expectedBoot: EXPECTED, bootAt: START });
    t.equal(record.pendingEvents.length, 1);
  });

  t.test('other software after a boot is said with it', async (t) => {
    const { store } = await openStore(t);
    t.match((await claim(store, BOOT)).pendingEvents[0]?.boot, { firmwareUpdated: false }, 'nothing known before');
    const updated = await claim(store, { ...BOOT, facts: { SoftwareVersion: '2.0' } });
    t.match(updated.pendingEvents[1]?.boot, { firmwareUpdated: true });
    const unsaid = await claim(store, { ...BOOT, facts: {} });
    t.match(unsaid.pendingEvents[2]?.boot, { firmwareUpdated: false }, 'an Inform that does not say');
    t.equal(unsaid.facts.SoftwareVersion, '2.0');
  });

  t.test('UpTime counts from first contact when no boot was seen', async (t) => {
    const { store } = await openStore(t);
    t.equal((await claim(store, { at: START })).bootAt, START);
    t.equal((await claim(store, { at: START + 1 })).bootAt, START);
  });

  t.test('first contact beyond the registry is refused; devices that are known come in', async (t) => {
    const { store } = await openStore(t);
    for (const serial of ['1', '2']) await claim(store, { key: keyOf(serial), registryCap: 2 });
    const third = inform({ key: keyOf('3'), registryCap: 2 });
    t.same(await store.devices.saveInform(third), { kind: 'registry-full' });
    t.equal(await store.devices.readDevice(keyOf('3')), undefined);
    t.equal(await store.devices.findDevice('default', 'ops::02C0DE-Router-3'), undefined);
    t.match(await store.devices.saveInform(inform({ key: keyOf('1'), registryCap: 2 })), { first: false });
    t.match(await store.devices.saveInform({ ...third, registryCap: 3 }), { first: true });
    const elsewhere = inform({ key: keyOf('3', 'tenant-2'), registryCap: 1 });
    t.match(await store.devices.saveInform(elsewhere), { first: true }, 'the cap is the tenant’s');
  });

  t.test('many first contacts at once stop at the cap', async (t) => {
    const { store } = await openStore(t);
    const serials = Array.from({ length: 20 }, (_, index) => `S${index}`);
    const saved = await Promise.all(
      serials.map((serial) => store.devices.saveInform(inform({ key: keyOf(serial), registryCap: 12 }))),
    );
    t.equal(saved.filter(({ kind }) => kind === 'saved').length, 12);
    t.equal((await store.devices.listDevices('default', '', 100)).length, 12);
  });

  t.test('two first contacts of one device at once are one first contact', async (t) => {
    const { store } = await openStore(t);
    const saved = await Promise.all([1, 2, 3].map((at) => store.devices.saveInform(inform({ at: START + at }))));
    t.equal(saved.filter((one) => one.kind === 'saved' && one.first).length, 1);
    t.equal((await read(store)).pendingEvents.length, 3);
  });

  t.test('bodies and names come back as they were, whatever characters they have', async (t) => {
    const { store } = await openStore(t);
    const odd = 'a\nb\r\0"\\/ {}[] %41 ü € 😀 \u2028';
    const key = { tenant: 'default', device: 'XX%2FX-A%20b%7B%7D-%C3%BC%2D.1_' };
    const identity = { Manufacturer: odd, OUI: odd, ProductClass: '', SerialNumber: odd, endpointId: 'uuid::1-2' };
    const record = await claim(store, {
      key,
      identity,
      facts: { ParameterKey: odd, ConnectionRequestURL: odd, UDPConnectionRequestAddress: odd, username: odd },
      eventCodes: [odd, ''],
      digest: odd,
      event: event(odd),
    });
    t.match(record, { key, identity, informEvents: [odd, ''], facts: { ParameterKey: odd, username: odd } });
    t.equal(record.pendingEvents[0]?.body, odd);
    t.same({ ...(await read(store, key)) }, { ...record });
    t.same(await store.devices.findDevice('default', 'uuid::1-2'), key);
  });
}
