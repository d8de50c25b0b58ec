// A device's own credentials: kept until the Inform that shows the next ones, decided in the step that saves it.
import type { Test } from 'tap';
import { NO_CREDENTIALS, type StoredPair } from '../../../proxy/store/credential-steps.ts';
import { claim, claimed, inform, KEY, keyOf, read, START } from './samples.ts';
import type { OpenStore } from './subject.ts';

const pair = (id: string, at = START): StoredPair => ({ id, box: `box of ${id}`, at });

export function credentialContract(t: Test, openStore: OpenStore): void {
  t.test('the next pair is the current one from the Inform on that shows it, and not before', async (t) => {
    const { store, reopen } = await openStore(t);
    const epoch = await claimed(store);
    const { version, credentials } = await read(store);
    t.same(credentials, NO_CREDENTIALS);
    t.equal(await store.credentials.saveNext(KEY, epoch, pair('one')), 'done');
    t.ok((await read(store)).version > version, 'a session that is open must not miss it');
    const later = await reopen();
    const unsaid = await claim(later, { at: START + 1 });
    t.same(unsaid.credentials, { current: undefined, next: pair('one') });
    const other = await claim(later, { at: START + 2, presentedPair: 'other' });
    t.same(other.credentials, { current: undefined, next: pair('one') }, 'another one proves nothing');
    const shown = await claim(later, { at: START + 3, presentedPair: 'one' });
    t.same(shown.credentials, { current: pair('one', START + 3), next: undefined });
    t.equal(await later.credentials.saveNext(KEY, shown.epoch, pair('two')), 'done');
    t.same(
      (await claim(later, { at: START + 4, presentedPair: 'one' })).credentials,
      { current: pair('one', START + 3), next: pair('two') },
      'both are good while the CPE shows the former',
    );
    const repeated = await claim(later, { at: START + 5, presentedPair: 'two', retryCount: 1 });
    t.same(repeated.credentials, { current: pair('two', START + 5), next: undefined }, 'a repeat shows it as well');
    const again = await reopen();
    t.same((await read(again)).credentials, repeated.credentials);
  });

  t.test('only the owner saves a pair, and each device has its own', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    await claim(store, { at: START + 1 });
    t.equal(await store.credentials.saveNext(KEY, epoch, pair('one')), 'stale');
    t.equal(await store.credentials.saveNext(keyOf('none'), epoch, pair('one')), 'stale');
    const other = await claimed(store, { key: keyOf('A2') });
    t.equal(await store.credentials.saveNext(keyOf('A2'), other, pair('one')), 'done');
    t.same((await read(store)).credentials, NO_CREDENTIALS);
  });

  t.test('an Inform without them is refused where they are wanted, once the device has shown its own', async (t) => {
    const { store } = await openStore(t);
    const wanting = inform({ wantsOwn: true });
    const first = await store.devices.saveInform(wanting);
    t.match(first, { kind: 'saved', first: true });
    await store.credentials.saveNext(KEY, (await read(store)).epoch, pair('one'));
    t.match(await store.devices.saveInform({ ...wanting, at: START + 1 }), { kind: 'saved' }, 'it may not have it yet');
    const { epoch } = await claim(store, { at: START + 2, presentedPair: 'one' });
    t.same(await store.devices.saveInform({ ...wanting, at: START + 3 }), { kind: 'lacks-own-credentials' });
    t.match(await read(store), { epoch, owner: 'n1' }, 'which displaces nobody');
    t.match(
      await store.devices.saveInform(inform({ at: START + 4 })),
      { kind: 'saved' },
      'where nobody asks it is taken',
    );
    t.equal(await store.credentials.forgetCredentials(KEY), 'forgotten');
    t.equal(await store.credentials.forgetCredentials(KEY), 'unknown');
    t.match(
      await store.devices.saveInform({ ...wanting, at: START + 5 }),
      { kind: 'saved' },
      'nor once it is forgotten',
    );
  });
}
