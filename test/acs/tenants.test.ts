// Chain mode with several tenants: what is kept from the ACS is told by what is stored of the device, in its own tenant.
import t from 'tap';
import { call } from '../api/api-tools.ts';
import { agentOf, startHarness } from '../gateway/harness.ts';
import { GET_SOFTWARE } from '../gateway/north-tools.ts';
import { startAcsStub } from './acs-stub.ts';

const SERIAL = 'T0001';
const DEVICE = `02C0DE-Router-${SERIAL}`;

t.test('a device that is enrolled in another tenant than the first', async (t) => {
  const stub = await startAcsStub({ plan: () => [] });
  t.teardown(() => stub.close());
  const harness = await startHarness(t, { 'cwmp.upstream': stub.url, tenants: 'default,acme' });
  const informs = (): number => stub.logOf(SERIAL).filter((line) => line.startsWith('---')).length;
  await call(harness, `/enrolments/${DEVICE}?tenant=acme`, { method: 'PUT' });
  const cpe = harness.cpe({ acsUrl: `${harness.acsUrl}acs` });
  const first = cpe.nextSession();
  await cpe.start();
  t.match(await first, { ok: true });
  t.equal(informs(), 1);
  t.match(await call(harness, `/devices/${DEVICE}?tenant=acme`), { status: 200 });
  t.match(await call(harness, `/devices/${DEVICE}`), { status: 404 });

  const controller = await harness.controller({ tenant: 'acme' });
  const ours = cpe.nextSession();
  t.match(await controller.request(agentOf(cpe), GET_SOFTWARE), { req_path_results: [{ err_code: 0 }] });
  t.match(await ours, { ok: true });
  t.equal(informs(), 1, 'the ACS is not shown that we called it');

  const theirs = cpe.nextSession();
  cpe.inform('2 PERIODIC');
  t.match(await theirs, { ok: true });
  t.equal(informs(), 2);
});
