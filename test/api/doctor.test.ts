// The doctor: what stands between the gateway and a device, step by step (promise 2).
import t from 'tap';
import { startHarness } from '../gateway/harness.ts';
import { knownCpe } from '../gateway/north-tools.ts';
import { counted } from '../gateway/south-tools.ts';
import { call } from './api-tools.ts';

t.test('the doctor', async (t) => {
  const harness = await startHarness(t);
  const examine = async (serial: string): Promise<unknown> =>
    (await call(harness, `/devices/02C0DE-Router-${serial}/doctor`, { method: 'POST' })).body;

  await t.test('a device that comes when it is called', async (t) => {
    const cpe = await knownCpe(harness);
    const grown = await counted(harness, ['connection_request'], async () => {
      const diagnosis = await examine(cpe.deviceId.serialNumber);
      t.match((diagnosis as { steps: unknown[] }).steps.at(-1), { what: 'Inform', ok: true, outcome: 'arrived' });
      t.match(diagnosis, {
        device: `02C0DE-Router-${cpe.deviceId.serialNumber}`,
        reachable: true,
        steps: [{ what: 'known', ok: true }, { what: 'last Inform' }, { what: 'mailbox' }, { what: 'session' }],
      });
    });
    t.same(grown, { 'connection_request arrived': 1 }, 'it was called once');
    t.same(cpe.complaints, []);
  });

  await t.test('one that uses STUN, which is not there', async (t) => {
    const cpe = await knownCpe(harness, { stun: { server: { address: '127.0.0.1', port: 9 } } });
    const reported = cpe.nextSession();
    cpe.setLocally('Device.ManagementServer.NATDetected', 'true');
    cpe.inform('2 PERIODIC');
    await reported;
    const { steps } = (await examine(cpe.deviceId.serialNumber)) as { steps: unknown[] };
    t.match(steps[4], { what: 'STUN', ok: false, detail: /stun\.listen is not set/ });
  });

  await t.test('one that cannot be: the last step says why', async (t) => {
    const cpe = await knownCpe(harness, {
      connectionRequest: { auth: 'digest', username: 'acs', password: 'another' },
    });
    const diagnosis = (await examine(cpe.deviceId.serialNumber)) as { steps: { ok: boolean; what: string }[] };
    t.match(diagnosis, { reachable: false });
    const outcome = 'wrong-credentials';
    t.match(diagnosis.steps.at(-1), { ok: false, what: `Connection Request: ${outcome}`, outcome });
    t.match(diagnosis.steps.at(-2), { ok: false, what: / ms outcome$/, outcome }, 'the trace says so too');
    const before = diagnosis.steps.slice(0, -2);
    t.same(
      before.filter(({ ok }) => !ok),
      [],
      'what was done on the way went well',
    );
    t.notOk(before.some((step) => 'outcome' in step));
    t.notMatch(JSON.stringify(diagnosis), /acs-secret|another/, 'no secrets');
  });
});
