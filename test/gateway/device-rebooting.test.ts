import t from 'tap';
import { getBody, operateBody, setDeviceScene, SOFTWARE, valueIn } from './device-scene.ts';

t.test('a CPE that is rebooting is let go and not called; a Get waits for its BOOT', async (t) => {
  const scene = await setDeviceScene(t, {}, { timings: { rebootTime: 1500 } });
  const { device, agent } = scene;
  const controller = await scene.controller();
  const ended = device.nextSession();
  const reboot = await controller.request(agent, operateBody('Device.Reboot()'));
  t.match(reboot, { operation_results: [{ operation_resp: { kind: 'req_output_args' } }] });
  t.equal((await ended).reason, 'done', 'the session ends at once, so that the CPE can reboot');
  const called = scene.calls.length;

  const booted = device.waitFor('session-started');
  const answer = valueIn(await controller.request(agent, getBody(SOFTWARE)), SOFTWARE);
  t.equal(answer, device.get(SOFTWARE));
  t.match(
    (await booted).events.map(({ code }) => code),
    ['1 BOOT', 'M Reboot'],
    'the CPE came by itself',
  );
  t.equal(scene.calls.length, called, 'and was not called meanwhile');
  t.equal(await scene.counted('connection_request', 'arrived'), called);
});

for (const [command, doing] of [
  ['Device.Reboot()', 'is rebooting'],
  ['Device.FactoryReset()', 'is being reset to its factory state'],
] as const) {
  t.test(`after ${command} a Get that the CPE is away for fails with the exact reason`, async (t) => {
    const scene = await setDeviceScene(t, { 'request.deadline': '1s' }, { timings: { rebootTime: 60_000 } });
    const controller = await scene.controller();
    const ended = scene.device.nextSession();
    await controller.request(scene.agent, operateBody(command));
    await ended;
    const called = scene.calls.length;
    const answer = valueIn(await controller.request(scene.agent, getBody(SOFTWARE)), SOFTWARE) ?? '';
    t.match(answer, `the device ${doing} and is not called before`, answer);
    t.equal(scene.calls.length, called);
  });
}

t.test('a CPE whose BOOT does not come is called when reboot.grace is over', async (t) => {
  const settings = { 'reboot.grace': '1s', 'request.deadline': '3s' };
  const scene = await setDeviceScene(t, settings, { timings: { rebootTime: 60_000 } });
  const controller = await scene.controller();
  const ended = scene.device.nextSession();
  await controller.request(scene.agent, operateBody('Device.Reboot()'));
  await ended;
  const answer = valueIn(await controller.request(scene.agent, getBody(SOFTWARE)), SOFTWARE) ?? '';
  t.match(answer, 'the device did not come (a Connection Request is still under way)', answer);
});
