import t from 'tap';
import { agentOf, startHarness } from '../gateway/harness.ts';
import { causeway, gatewayOf, knownCpe, runningCauseway } from './run-causeway.ts';

const CHANNEL = 'Device.WiFi.Radio.1.Channel';
const SUBSCRIPTIONS = 'Device.LocalAgent.SubscriptionNumberOfEntries';

t.test('watch', async (t) => {
  const harness = await startHarness(t, { 'park.poll': '1s' });
  const cpe = await knownCpe(harness, { timings: { rebootTime: 50 } });
  const environment = { CAUSEWAY_GATEWAY: gatewayOf(harness) };
  const subscriptions = async (): Promise<string> =>
    (await causeway(harness, 'usp', 'get', 'T0001', SUBSCRIPTIONS)).out.trim().replace(/^.* = /, '');

  await t.test('shows what is, and what changes on the CPE; Ctrl-C takes the Subscriptions away', async (t) => {
    const watch = runningCauseway(t, ['usp', 'watch', 'T0001', CHANNEL, '--event', 'Boot'], environment);
    await watch.line((line) => line.includes(`${CHANNEL} = 11`));
    t.equal(await subscriptions(), '2');
    cpe.setLocally(CHANNEL, '3');
    const changed = await watch.line((line) => line.includes('changed'));
    t.match(changed, /^\d{4}-\d\d-\d\dT[\d:.]+Z {2}changed {2}Device\.WiFi\.Radio\.1\.Channel = 3$/);
    cpe.powerCycle();
    t.match(await watch.line((line) => line.includes('event')), / {2}event {4}Device\.Boot! {2}.*Cause=LocalReboot/);
    watch.signal('SIGINT');
    t.equal(await watch.ended, 0);
    t.equal(await subscriptions(), '0');
  });

  await t.test('--for ends it, and --json gives one object a line', async (t) => {
    const watch = runningCauseway(t, ['usp', 'watch', 'T0001', CHANNEL, '--json', '--for', '4s'], environment);
    const first = await watch.line((line) => line.startsWith('{'));
    t.match(JSON.parse(first), { agent: agentOf(cpe), kind: 'current', param_path: CHANNEL, param_value: '3' });
    t.equal(await watch.ended, 0);
    t.equal(await subscriptions(), '0');
  });

  await t.test('a path that the model does not have is said', async (t) => {
    const watch = runningCauseway(t, ['usp', 'watch', 'T0001', 'Device.Nope.X'], environment);
    t.match(await watch.line((line) => line.includes('Nope')), /Device\.Nope\.X: 7026 invalid path/);
    watch.signal('SIGTERM');
    t.equal(await watch.ended, 0);
  });

  await t.test('a second watch of the same Controller ends the first, which says so and cleans up', async (t) => {
    const first = runningCauseway(t, ['usp', 'watch', 'T0001', '--event', 'Boot'], environment);
    await first.line((line) => line.startsWith('watching'));
    const second = runningCauseway(t, ['usp', 'watch', 'T0001', '--event', 'Boot'], environment);
    await second.line((line) => line.startsWith('watching'));
    t.equal(await first.ended, 3);
    t.match(first.lines.join('\n'), /another connection to this Agent has come as self::causeway-watch/);
    t.equal(await subscriptions(), '1');
    second.signal('SIGINT');
    t.equal(await second.ended, 0);
    t.equal(await subscriptions(), '0');
  });
  t.same(cpe.complaints, []);
});
