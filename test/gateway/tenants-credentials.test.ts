// Credentials of a device's own, where its tenant is not the one that its user name would make one think.
import t from 'tap';
import { call } from '../api/api-tools.ts';
import { startHarness } from './harness.ts';
import { PROVISIONING, SHARED, SHARED_THEN_OWN } from './own-credentials-scene.ts';
import { counted } from './south-tools.ts';

const DEVICE = '02C0DE-Router-T0001';

t.test('a device that is enrolled in another tenant is known by its own credentials', async (t) => {
  const harness = await startHarness(t, { ...PROVISIONING, ...SHARED_THEN_OWN, tenants: 'default,acme' });
  await call(harness, `/enrolments/${DEVICE}?tenant=acme`, { method: 'PUT' });
  const cpe = harness.cpe({
    credentials: SHARED,
    connectionRequest: { auth: 'digest', username: 'acs', password: 'acs-secret' },
    timings: { retryScale: 0.001 },
  });
  const session = async (start: () => unknown): Promise<boolean> => {
    const ended = cpe.nextSession();
    await start();
    return (await ended).ok;
  };
  t.ok(await session(() => cpe.start()));
  t.equal(cpe.get('Device.ManagementServer.Username'), DEVICE, 'it was given its own');
  const grown = await counted(harness, ['cwmp_informs', 'own_credentials'], async () => {
    t.ok(await session(() => cpe.inform('2 PERIODIC')));
  });
  t.same(grown, { 'cwmp_informs 2 PERIODIC': 1 });
  t.match(await call(harness, `/devices/${DEVICE}?tenant=acme`), { body: { ownCredentials: { since: /^\d{4}/ } } });
  t.match(await call(harness, `/devices/${DEVICE}`), { status: 404 });
});
