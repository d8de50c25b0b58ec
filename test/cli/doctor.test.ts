import { createServer } from 'node:http';
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
    t.match(out, /\n02C0DE-Router-T0002 cannot be reached\nadvice: .*PeriodicInformInterval.*\n$/);
    t.match(out, /\n {6}\+\d+ ms wait +refused; \d+ ms until the next request\n/, 'what was tried stands beneath');
    t.notMatch(out, / ms outcome /, 'the outcome is told once');
  });

  await t.test('one with other credentials; no password is shown', async (t) => {
    await knownCpe(harness, { connectionRequest: { auth: 'digest', username: 'acs', password: 'another-secret' } });
    const { code, json, out } = await causeway(harness, 'doctor', 'T0003', '--json');
    t.equal(code, 1);
    t.match(json, { device: '02C0DE-Router-T0003', reachable: false });
    t.match(out, 'wrong-credentials');
    t.notMatch(out, /secret/);
    const text = await causeway(harness, 'doctor', 'T0003');
    t.match(text.out, /\nNO {2}Connection Request: wrong-credentials /);
    t.match(text.out, /\nadvice: set connectionRequest\.username and connectionRequest\.password .*\n$/);
    t.notMatch(text.out, /secret/);
  });
});

t.test('one that accepts and never comes', async (t) => {
  const harness = await startHarness(t, { 'connectionRequest.arrival': '1s' });
  const cpe = await knownCpe(harness);
  // In its place something that answers 200 to everything and never opens a session.
  const answering = createServer((_request, response) => response.end());
  const port = Number(new URL(cpe.connectionRequestUrl).port);
  await cpe.stop();
  await new Promise<void>((resolve) => answering.listen(port, '127.0.0.1', resolve));
  t.teardown(() => answering.close());
  const { code, out } = await causeway(harness, 'doctor', 'T0001');
  t.equal(code, 1);
  t.match(out, /\nok {2}Connection Request: accepted /);
  t.match(out, /\nNO {2}Inform +the device accepted the Connection Request and sent no Inform\n/);
  t.match(out, /\nadvice: see whether the CPE can reach cwmp\.listen/);
});
