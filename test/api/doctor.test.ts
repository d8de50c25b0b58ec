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
      t.match(await examine(cpe.deviceId.serialNumber), {
        device: `02C0DE-Router-${cpe.deviceId.serialNumber}`,
        reachable: true,
        steps: [{ what: 'known', ok: true }, { what: 'last Inform' }, { what: 'mailbox' }, { what: 'session' }],
      });
    });
    t.same(grown, { 'connection_request arrived': 1 }, 'it was called once');
    t.same(cpe.complaints, []);
  });

  await t.test('one that cannot be: the last step says why', async (t) => {
    const cpe = await knownCpe(harness, {
      connectionRequest: { auth: 'digest', username: 'acs', password: 'another' },
    });
    const diagnosis = (await examine(cpe.deviceId.serialNumber)) as { steps: { ok: boolean; what: string }[] };
    t.match(diagnosis, { reachable: false });
    t.match(diagnosis.steps.at(-1), { ok: false, what: /^Connection Request: / });
    t.notMatch(JSON.stringify(diagnosis), /acs-secret|another/, 'no secrets');
  });
});
