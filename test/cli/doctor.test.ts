import t from 'tap';
import { startHarness } from '../gateway/harness.ts';
import { causeway, knownCpe } from './run-causeway.ts';

t.test('doctor', async (t) => {
  const harness = await startHarness(t);

  await t.test('a device that can be reached', async (t) => {
    await knownCpe(harness);
    const { code, out, err } = await causeway(harness, 'doctor', 'T0001');
    t.same({ code, err }, { code: 0, err: '' });
    t.match(out, /^ok {2}known /);
    t.match(out, /\nok {2}Connection Request: accepted /);
    t.match(out, /\nok {2}Inform +the device came\n/);
    t.match(out, /\n02C0DE-Router-T0001 can be reached\n$/);
  });

  await t.test('one that is off', async (t) => {
    const cpe = await knownCpe(harness);
    await cpe.stop();
    const { code, out } = await causeway(harness, 'doctor', 'T0002');
    t.equal(code, 1);
    t.match(out, /\nNO {2}Connection Request: refused +The CPE refused the connection/);
    t.match(out, /\n02C0DE-Router-T0002 cannot be reached\n$/);
  });

  await t.test('one with other credentials; no password is shown', async (t) => {
    await knownCpe(harness, { connectionRequest: { auth: 'digest', username: 'acs', password: 'another-secret' } });
    const { code, json, out } = await causeway(harness, 'doctor', 'T0003', '--json');
    t.equal(code, 1);
    t.match(json, { device: '02C0DE-Router-T0003', reachable: false });
    t.match(out, 'wrong-credentials');
    t.notMatch(out, /secret/);
  });
});
