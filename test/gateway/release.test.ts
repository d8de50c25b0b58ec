// causeway release: a device goes to another ACS, is not called any more, and is taken as before should it come again.
import t from 'tap';
import { causeway, knownCpe } from '../cli/run-causeway.ts';
import { startScriptedAcs } from '../cpe/scripted-acs.ts';
import { get } from '../agent/requests.ts';
import { agentOf, startHarness } from './harness.ts';

const SOFTWARE = 'Device.DeviceInfo.SoftwareVersion';

t.test('release', async (t) => {
  const harness = await startHarness(t);
  const cpe = await knownCpe(harness);
  const acs = await startScriptedAcs();
  t.teardown(() => acs.close());

  await t.test('a URL that is none is refused, and so is a device that is not known', async (t) => {
    const wrong = await causeway(harness, 'release', 'T0001', 'acs.example');
    t.not(wrong.code, 0);
    t.match(wrong.err, /an http\(s\) URL/);
    t.equal((await causeway(harness, 'release', 'T0009', acs.url)).code, 2);
  });

  await t.test('the device is told, and the next session goes to the other ACS', async (t) => {
    const { code, out, err } = await causeway(
      harness,
      ...['release', 'T0001', acs.url, '--username', 'fleet', '--password', 'fleet-secret'],
    );
    t.same({ code, err }, { code: 0, err: '' });
    t.equal(out, `02C0DE-Router-T0001 was handed over to ${acs.url}\n`);
    t.equal(cpe.get('Device.ManagementServer.URL'), acs.url);
    t.equal(cpe.get('Device.ManagementServer.Username'), 'fleet');
    t.equal(cpe.get('Device.ManagementServer.Password'), 'fleet-secret');
    t.equal(cpe.get('Device.ManagementServer.ParameterKey'), '', 'no key of ours is left');
    if (cpe.inSession) await cpe.nextSession();
    const there = cpe.nextSession();
    cpe.inform('2 PERIODIC');
    t.match(await there, { ok: true });
    t.ok(acs.post('Inform'));
    t.notMatch(harness.log.join('\n'), 'fleet-secret');
  });

  await t.test('it is not called any more, and everybody is told why', async (t) => {
    const calls: number[] = [];
    cpe.on((occurrence) => {
      if (occurrence.kind === 'connection-request') calls.push(occurrence.status);
    });
    const controller = await harness.controller();
    const answer = await controller.request(agentOf(cpe), get(SOFTWARE));
    t.match(JSON.stringify(answer), `handed over to ${acs.url}`);
    t.match((await causeway(harness, 'devices')).out, / released /);
    const doctor = await causeway(harness, 'doctor', 'T0001');
    t.equal(doctor.code, 1);
    t.match(doctor.out, `handed over to ${acs.url}`);
    t.same(calls, []);
  });

  await t.test('should it come again, it is taken as before', async (t) => {
    cpe.setLocally('Device.ManagementServer.URL', harness.acsUrl);
    cpe.setLocally('Device.ManagementServer.Username', '');
    const back = cpe.nextSession();
    cpe.inform('2 PERIODIC');
    await back;
    t.match((await causeway(harness, 'devices', '--json')).json, { devices: [{ released: null }] });
    const controller = await harness.controller();
    t.match(await controller.request(agentOf(cpe), get(SOFTWARE)), { req_path_results: [{ err_code: 0 }] });
  });
});
