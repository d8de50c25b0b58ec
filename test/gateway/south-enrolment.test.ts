// With cwmp.enrolment: allow-list only devices that are enrolled are taken: over the API, from the command line.
import t, { type Test } from 'tap';
import { call } from '../api/api-tools.ts';
import { causeway } from '../cli/run-causeway.ts';
import { startHarness } from './harness.ts';
import { counted, informText, openRawSession, rawConnection, rpcOf } from './south-tools.ts';

const ONE = '02C0DE-Raw-ONE';

t.test('an allow-list', async (t) => {
  const harness = await startHarness(t, { 'cwmp.enrolment': 'allow-list' });
  const connection = await rawConnection(t, harness);
  const inform = informText({ serial: 'ONE' });
  const refused = async (t: Test): Promise<void> => {
    const grown = await counted(harness, ['cwmp_refused', 'cwmp_informs'], async () => {
      const answer = await connection.exchange(inform);
      t.equal(rpcOf(answer), 'Fault');
      t.match(answer.body, /<FaultCode>8001<\/FaultCode><FaultString>the device is not enrolled</);
    });
    t.same(grown, { 'cwmp_refused not-enrolled': 1 });
  };

  await t.test('a stranger is refused, and the log has its name', async (t) => {
    await refused(t);
    t.ok(harness.log.some((line) => line.includes('not enrolled') && line.includes(ONE)));
    t.match(await call(harness, '/devices'), { body: { devices: [] } });
  });

  await t.test('over the API', async (t) => {
    const put = (id: string) => call(harness, `/enrolments/${encodeURIComponent(id)}`, { method: 'PUT' });
    t.match(await put('02c0de-Raw-ONE'), { status: 200, body: { device: ONE, outcome: 'enrolled' } });
    t.match(await put(ONE), { status: 200, body: { outcome: 'known' } });
    t.match(await put('nonsense'), { status: 400, body: { error: 'bad-request' } });
    t.match(await put('../x'), { status: 400 });
    t.match(await call(harness, '/enrolments?limit=1'), {
      body: { enrolments: [{ device: ONE, enrolledAt: /^\d{4}-/ }], next: ONE },
    });
    t.match(await call(harness, '/enrolments?limt=1'), { status: 400 });
    t.equal(rpcOf(await connection.exchange(inform)), 'InformResponse');
    t.match(await call(harness, `/enrolments/${ONE}`, { method: 'DELETE' }), { body: { outcome: 'revoked' } });
    await refused(t);
  });

  await t.test('from the command line', async (t) => {
    t.match(await causeway(harness, 'enrolled'), { code: 0, err: /no device is enrolled/ });
    const two = await causeway(harness, 'enrol', ONE, '02C0DE-Raw-A%2D7');
    t.match(two, { code: 0, out: `${ONE} enrolled\n02C0DE-Raw-A%2D7 enrolled\n` });
    t.equal(rpcOf(await connection.exchange(inform)), 'InformResponse');
    await openRawSession(await rawConnection(t, harness), { serial: 'A-7' });
    t.match(await causeway(harness, 'enrolled'), { code: 0, out: /^02C0DE-Raw-A%2D7 +\S+\n02C0DE-Raw-ONE +\S+\n$/ });
    t.match(await causeway(harness, 'revoke', ONE, '--json'), { code: 0, json: { devices: [{ outcome: 'revoked' }] } });
    t.match(await causeway(harness, 'revoke', ONE), { code: 1, out: `${ONE} unknown\n` });
    await refused(t);
    t.match(await causeway(harness, 'enrol', 'T0001'), {
      code: 3,
      err: /a device id is OUI-ProductClass-SerialNumber/,
    });
  });
});
