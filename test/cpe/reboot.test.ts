// Reboot, power cuts, factory reset, ScheduleInform and periodic Informs: what the device does when nobody speaks to it.
import t from 'tap';
import { manualClock } from './clock.ts';
import { createDataModel } from './data-model.ts';
import { loadDump } from './dumps.ts';
import { startPair } from './pair.ts';
import { createPeriodicTimer, nextPeriodic } from './periodic.ts';
import { forEver, rpc, setNotification, setValues } from './scripted-acs.ts';

const NTP = 'Device.Time.NTPServer1';
const eventsOf = (session: {
  readonly events: readonly { readonly code: string; readonly commandKey: string }[];
}): string[] => session.events.map(({ code, commandKey }) => (commandKey === '' ? code : `${code} (${commandKey})`));

t.test('Reboot: once, after the session, with every key', async (t) => {
  const { cpe, session } = await startPair(t);
  const states: string[] = [];
  cpe.on((occurrence) => {
    if (occurrence.kind === 'power') states.push(occurrence.state);
    if (occurrence.kind === 'session-ended') states.push('session ended');
  });
  const booted = cpe.waitFor('session-ended', ({ events }) => events[0]?.code === '1 BOOT');
  await session(
    '2 PERIODIC',
    rpc('Reboot', { CommandKey: 'one' }),
    rpc('Reboot', { CommandKey: 'two' }),
    rpc('GetRPCMethods'),
  );
  t.same(eventsOf(await booted), ['1 BOOT', 'M Reboot (one)', 'M Reboot (two)']);
  t.same(states, ['session ended', 'rebooting', 'on', 'session ended']);
});

t.test('a power cut in a session: what was not delivered comes with the boot', async (t) => {
  const { acs, cpe } = await startPair(t);
  let holds = 1;
  acs.intercept(({ method }) => {
    if (method !== 'Inform' || (holds -= 1) < 0) return undefined;
    cpe.powerCycle();
    return forEver;
  });
  const [cut, booted] = [cpe.nextSession(), cpe.waitFor('session-ended', ({ ok }) => ok)];
  cpe.inform('2 PERIODIC', '8 DIAGNOSTICS COMPLETE');
  t.match(await cut, { ok: false, reason: 'stopped' });
  const session = await booted;
  t.same(eventsOf(session), ['1 BOOT', '2 PERIODIC']);
  t.equal(session.retryCount, 0);
});

t.test('FactoryReset: all is forgotten but the way to the ACS it came with', async (t) => {
  const { acs, cpe, session } = await startPair(t);
  await session(
    '2 PERIODIC',
    setNotification(2, NTP),
    setValues([[NTP, 'x', 'string']], 'key'),
    rpc('AddObject', { ObjectName: 'Device.NAT.PortMapping.', ParameterKey: 'k' }),
  );
  const booted = cpe.waitFor('session-ended', ({ events }) => events[0]?.code === '0 BOOTSTRAP');
  await session('2 PERIODIC', rpc('ScheduleInform', { DelaySeconds: 1, CommandKey: 's' }), rpc('FactoryReset'));
  t.same(eventsOf(await booted), ['0 BOOTSTRAP', '1 BOOT']);
  t.equal(cpe.get(NTP), 'ntp1.example.net');
  t.equal(cpe.get('Device.ManagementServer.ParameterKey'), '');
  t.equal(cpe.get('Device.ManagementServer.URL'), acs.url);
  t.equal(cpe.attributesOf(NTP)?.notification, 0);
  t.equal(cpe.get('Device.NAT.PortMapping.2.Enable'), undefined);
  t.ok(cpe.connectionRequestUrl.startsWith('http://'));
});

t.test('ScheduleInform', async (t) => {
  const clock = manualClock();
  const { cpe, session } = await startPair(t, { clock });
  await session(
    '2 PERIODIC',
    rpc('ScheduleInform', { DelaySeconds: 60, CommandKey: 'a' }),
    rpc('ScheduleInform', { DelaySeconds: 60, CommandKey: 'b' }),
    rpc('ScheduleInform', { DelaySeconds: 0, CommandKey: '' }),
  );
  t.equal(cpe.rpcs.at(-1)?.answer, 'Fault 9003');
  const scheduled = cpe.nextSession();
  clock.advance(60_000);
  t.same(eventsOf(await scheduled), ['3 SCHEDULED', 'M ScheduleInform (a)', 'M ScheduleInform (b)']);
});

t.test('periodic Informs', async (t) => {
  const clock = manualClock();
  const { cpe, session } = await startPair(t, { clock });
  const server = 'Device.ManagementServer.';
  await session('1 BOOT', setValues([[`${server}PeriodicInformInterval`, '100', 'unsignedInt']]));
  let periodic = cpe.nextSession();
  clock.advance(100_000);
  t.same(eventsOf(await periodic), ['2 PERIODIC']);
  t.equal(cpe.get('Device.DeviceInfo.UpTime'), '100');
  await session('1 BOOT', setValues([[`${server}PeriodicInformEnable`, '0', 'boolean']]));
  clock.advance(1_000_000);
  t.notOk(cpe.inSession);
  await session('1 BOOT', setValues([[`${server}PeriodicInformEnable`, '1', 'boolean']]));
  periodic = cpe.nextSession();
  clock.advance(100_000);
  t.same(eventsOf(await periodic), ['2 PERIODIC']);

  t.test('in the phase that PeriodicInformTime gives', async (t) => {
    const noon = Date.UTC(2026, 0, 1, 12);
    t.equal(nextPeriodic(noon, 3_600_000, '2020-05-05T00:15:00Z'), noon + 900_000);
    t.equal(nextPeriodic(noon, 3_600_000, '2030-05-05T00:45:00Z'), noon + 2_700_000);
    t.equal(nextPeriodic(noon, 3_600_000, '0001-01-01T00:00:00Z'), noon + 3_600_000);
  });
  t.test('a setting that did not change leaves the timer alone', async (t) => {
    const { root, top } = loadDump('tiny-tr181');
    const model = createDataModel(root, top);
    const time = manualClock();
    let due = 0;
    const timer = createPeriodicTimer(model, time, () => (due += 1));
    timer.arm();
    time.advance(80_000_000);
    timer.arm();
    time.advance(6_400_000);
    t.equal(due, 1);
    timer.stop();
    t.equal(time.untilNext(), undefined);
  });
});
