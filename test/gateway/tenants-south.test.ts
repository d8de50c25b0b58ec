// Whose a device is: its enrolment's tenant, else its listener's, else cwmp.tenant's; and never another's after that.
import t from 'tap';
import { call } from '../api/api-tools.ts';
import { causeway } from '../cli/run-causeway.ts';
import { startListeners } from './south-tls-tools.ts';
import { counted, informText, type RawResponse, rpcOf } from './south-tools.ts';

const [ACME, BETA, ANYBODY] = [0, 1, 2];
const COUNTED = ['cwmp_refused', 'cwmp_informs'];
const TAKEN = { 'cwmp_informs 2 PERIODIC': 1 };
const OTHER = { 'cwmp_refused other-tenant': 1 };

t.test('listeners of tenants', async (t) => {
  const harness = await startListeners(t, [{ tenant: 'acme' }, { tenant: 'beta' }, {}], {
    tenants: 'acme,beta,gamma',
    'cwmp.tenant': 'gamma',
  });
  const informs = async (serial: string, place: number): Promise<RawResponse> =>
    (await harness.connect(t, place)).exchange(informText({ serial }));
  const devicesOf = async (tenant: string): Promise<readonly string[]> => {
    const { body } = await call(harness, `/devices?tenant=${tenant}`);
    return (body as { readonly devices: readonly { readonly id: string }[] }).devices.map(({ id }) => id);
  };

  await t.test('a new device is the listener’s tenant’s, or that of cwmp.tenant', async (t) => {
    for (const [serial, place] of [
      ['A', ACME],
      ['B', BETA],
      ['G', ANYBODY],
    ] as const) {
      t.equal(rpcOf(await informs(serial, place)), 'InformResponse', serial);
    }
    t.same(await devicesOf('acme'), ['02C0DE-Raw-A']);
    t.same(await devicesOf('beta'), ['02C0DE-Raw-B']);
    t.same(await devicesOf('gamma'), ['02C0DE-Raw-G']);
  });

  await t.test('one that is another tenant’s is refused, and why is counted', async (t) => {
    for (const [serial, place] of [
      ['A', BETA],
      ['B', ACME],
      ['G', ACME],
    ] as const) {
      const grown = await counted(harness, COUNTED, async () => {
        const answer = await informs(serial, place);
        t.match(answer.body, /<FaultCode>8001<\/FaultCode><FaultString>the device belongs elsewhere</);
      });
      t.same(grown, OTHER, serial);
    }
    t.ok(harness.log.some((line) => line.includes('listener of another tenant') && line.includes('02C0DE-Raw-A')));
    t.same(await devicesOf('beta'), ['02C0DE-Raw-B'], 'and nothing of it is kept');
  });

  await t.test('where anybody may come each goes to its own', async (t) => {
    for (const serial of ['A', 'B', 'G', 'A']) {
      t.same(await counted(harness, COUNTED, () => informs(serial, ANYBODY)), TAKEN, serial);
    }
    t.same(await devicesOf('gamma'), ['02C0DE-Raw-G']);
  });

  await t.test('an enrolment decides it before the device comes', async (t) => {
    const enrol = (serial: string, tenant: string) =>
      call(harness, `/enrolments/02C0DE-Raw-${serial}?tenant=${tenant}`, { method: 'PUT' });
    t.match(await enrol('E', 'acme'), { status: 200, body: { outcome: 'enrolled' } });
    t.match(await enrol('E', 'beta'), { status: 409, body: { error: 'other-tenant' } });
    t.match(await enrol('B', 'acme'), { status: 409, body: { error: 'other-tenant' } });
    t.same(await counted(harness, COUNTED, () => informs('E', BETA)), OTHER);
    t.same(await counted(harness, COUNTED, () => informs('E', ANYBODY)), TAKEN);
    t.same(await devicesOf('acme'), ['02C0DE-Raw-A', '02C0DE-Raw-E']);
    t.same(await counted(harness, COUNTED, () => informs('E', BETA)), OTHER, 'and goes on deciding it');
    t.match(await causeway(harness, 'enrol', '02C0DE-Raw-F', '--tenant', 'beta'), { code: 0, out: /enrolled/ });
    t.match(await causeway(harness, 'enrol', '02C0DE-Raw-F', '--tenant', 'acme'), { code: 1, err: /another tenant/ });
    t.same(await counted(harness, COUNTED, () => informs('F', ACME)), OTHER);
  });
});

t.test('an allow-list of each tenant', async (t) => {
  const settings = { tenants: 'default,acme', 'cwmp.enrolment': 'allow-list' };
  const harness = await startListeners(t, [{}], settings);
  const connection = await harness.connect(t, 0);
  const informs = () => connection.exchange(informText({ serial: 'X' }));
  t.same(await counted(harness, COUNTED, informs), { 'cwmp_refused not-enrolled': 1 });
  await call(harness, '/enrolments/02C0DE-Raw-X?tenant=acme', { method: 'PUT' });
  t.same(await counted(harness, COUNTED, informs), TAKEN);
  t.match(await call(harness, '/devices/02C0DE-Raw-X'), { status: 404 });
  t.match(await call(harness, '/devices/02C0DE-Raw-X?tenant=acme'), { status: 200 });
});
