// Whom the shared credentials still let in where each device has its own, and what becomes of those when the keys that
// seal them change.
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { causeway } from '../cli/run-causeway.ts';
import type { Cpe } from '../cpe/cpe.ts';
import { type Harness, startHarness, temporaryFolder } from './harness.ts';
import { counted } from './south-tools.ts';
import { SHARED, SHARED_THEN_OWN } from './own-credentials-scene.ts';

const SERVER = 'Device.ManagementServer.';
const DEVICE = '02C0DE-Router-T0001';

async function session(cpe: Cpe, start: () => unknown): Promise<boolean> {
  const ended = cpe.nextSession();
  await start();
  return (await ended).ok;
}

/** A device that has shown its own credentials. */
async function ownCpe(t: Test, harness: Harness): Promise<Cpe> {
  const cpe = harness.cpe({ credentials: SHARED, timings: { retryScale: 100 } });
  t.ok(await session(cpe, () => cpe.start()));
  t.ok(await session(cpe, () => cpe.inform('2 PERIODIC')));
  return cpe;
}

function present(cpe: Cpe, { username, password }: { readonly username: string; readonly password: string }): void {
  cpe.setLocally(`${SERVER}Username`, username);
  cpe.setLocally(`${SERVER}Password`, password);
}

t.test('the shared ones are for the first contact, and after a factory reset', async (t) => {
  const harness = await startHarness(t, SHARED_THEN_OWN);
  const cpe = await ownCpe(t, harness);
  const own = { username: cpe.get(`${SERVER}Username`) ?? '', password: cpe.get(`${SERVER}Password`) ?? '' };
  present(cpe, SHARED);
  const refused = await counted(harness, ['cwmp_refused', 'own_credentials'], async () => {
    t.notOk(await session(cpe, () => cpe.inform('2 PERIODIC')));
  });
  t.equal(refused['cwmp_refused lacks-own-credentials'], 1);
  t.notOk(refused['own_credentials given']);
  present(cpe, own);
  t.ok(await session(cpe, () => cpe.powerCycle()), 'its own are as good as before');

  present(cpe, SHARED);
  const reset = await counted(harness, ['own_credentials'], async () => {
    t.ok(await session(cpe, () => cpe.inform('0 BOOTSTRAP')));
  });
  t.same(reset, { 'own_credentials shared-again': 1, 'own_credentials given': 1 });
  t.not(cpe.get(`${SERVER}Password`), own.password);
  t.ok(await session(cpe, () => cpe.inform('2 PERIODIC')));
});

t.test('where a reset is no excuse, an operator lets the device come again', async (t) => {
  const harness = await startHarness(t, { ...SHARED_THEN_OWN, 'credentials.sharedAfterReset': 'false' });
  const cpe = await ownCpe(t, harness);
  present(cpe, SHARED);
  t.notOk(await session(cpe, () => cpe.inform('0 BOOTSTRAP')));
  t.match(await causeway(harness, 'credentials', 'forget', 'T0001'), { code: 0, out: `${DEVICE} forgotten\n` });
  t.match(await causeway(harness, 'credentials', 'forget', 'T0001'), { code: 1, out: `${DEVICE} unknown\n` });
  t.ok(await session(cpe, () => cpe.powerCycle()));
  t.match(cpe.get(`${SERVER}Password`), /^[A-Z2-7]{26}$/);
  t.ok(await session(cpe, () => cpe.inform('2 PERIODIC')));
});

t.test('the sealing key is changed under devices that have their own', async (t) => {
  const [a, b, c] = ['a', 'b', 'c'].map((digit) => digit.repeat(64));
  const folder = join(temporaryFolder(t), 'data');
  let listen = '127.0.0.1:0';
  const startWith = async (...keys: readonly (string | undefined)[]): Promise<Harness> => {
    const sealing = { 'credentials.keys': keys.join(','), 'data.dir': folder, 'cwmp.listen': listen };
    const harness = await startHarness(t, { ...SHARED_THEN_OWN, ...sealing });
    listen = harness.gateway.addresses.cwmp;
    return harness;
  };
  let harness = await startWith();
  const cpe = await ownCpe(t, harness);
  for (const [keys, given, message] of [
    [[a], 1, 'from the key in the store to one of the settings'],
    [[b, a], 1, 'from one to the next'],
    [[b], 0, 'and the former is not needed any more'],
  ] as const) {
    await harness.gateway.stop();
    harness = await startWith(...keys);
    const grown = await counted(harness, ['own_credentials'], async () => {
      t.ok(await session(cpe, () => cpe.inform('2 PERIODIC')), message);
    });
    t.equal(grown['own_credentials given'] ?? 0, given);
    t.ok(await session(cpe, () => cpe.inform('2 PERIODIC')));
  }
  await harness.gateway.stop();
  harness = await startWith(c);
  const lost = await counted(harness, ['own_credentials', 'cwmp_refused'], async () => {
    t.notOk(await session(cpe, () => cpe.inform('2 PERIODIC')));
  });
  t.ok(Number(lost['own_credentials unopened']) >= 1, 'a key that is missing is said');
  t.ok(Number(lost['cwmp_refused unknown-user']) >= 1);
});
