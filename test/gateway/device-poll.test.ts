import t from 'tap';
import type { Controller, ReceivedNotify } from '../../proxy/cli/usp/controller.ts';
import type { UspBody } from '../../proxy/usp/msg.ts';
import { type DeviceScene, getBody, setDeviceScene, subscribeBody } from './device-scene.ts';

const POLL_MS = 1000;
const SETTINGS = { 'park.poll': '1s', 'park.idle': '2s' };
const NAME = 'Device.Time.NTPServer1';

/** Subscribed, armed, and parked by an attached Controller. */
async function watched(
  t: Parameters<typeof setDeviceScene>[0],
  ...references: readonly string[]
): Promise<{ readonly scene: DeviceScene; readonly controller: Controller; readonly heard: ReceivedNotify[] }> {
  const scene = await setDeviceScene(t, SETTINGS);
  const controller = await scene.controller({ agent: scene.agent });
  const heard: ReceivedNotify[] = [];
  controller.onNotify((notify) => heard.push(notify));
  const armed = scene.device.waitFor('rpc', ({ method }) => method === 'SetParameterAttributes');
  const answer: UspBody = await controller.request(
    scene.agent,
    subscribeBody('watch', 'ValueChange', references.join(',')),
  );
  if (answer.kind !== 'add_resp') throw new Error(JSON.stringify(answer));
  await armed;
  await controller.request(scene.agent, getBody(NAME));
  return { scene, controller, heard };
}

const nextNotify = (controller: Controller): Promise<ReceivedNotify> =>
  new Promise((resolve) => controller.onNotify(resolve));

t.test('a value that changes on a parked CPE is heard within park.poll + 2 s', async (t) => {
  const { scene, controller } = await watched(t, NAME);
  const parked = await scene.device.waitFor('rpc', ({ method }) => method === 'GetParameterValues');
  t.ok(parked, 'it is polled');
  for (const value of ['one.example.net', 'two.example.net']) {
    const next = nextNotify(controller);
    const changedAt = Date.now();
    scene.device.setLocally(NAME, value);
    const { notify } = await next;
    t.match(notify.notification, { kind: 'value_change', param_path: NAME, param_value: value });
    t.ok(Date.now() - changedAt < POLL_MS + 2000, `${Date.now() - changedAt} ms`);
    t.equal(scene.device.inSession, true, 'still parked: it could not have reported by itself');
  }
});

t.test('what the CPE reports after its session is not told a second time', async (t) => {
  const { scene, controller, heard } = await watched(t, NAME);
  const next = nextNotify(controller);
  scene.device.setLocally(NAME, 'once.example.net');
  await next;
  const again = await scene.controller();
  again.onNotify((notify) => heard.push(notify));
  const reported = scene.device.waitFor('session-ended', ({ events }) =>
    events.some(({ code }) => code === '4 VALUE CHANGE'),
  );
  // Nobody is attached any more: the park ends, and the CPE reports what it could not say meanwhile.
  await controller.close();
  await reported;
  t.equal(heard.filter(({ notify }) => notify.notification.kind === 'value_change').length, 1);
});

t.test('a watched name that has vanished does not silence the others', async (t) => {
  const { scene, controller } = await watched(t, NAME, 'Device.Ethernet.Interface.2.Name');
  scene.device.misbehave({
    method: 'GetParameterValues',
    when: (path) => path.startsWith('Device.Ethernet.Interface.2.'),
    answer: 9005,
  });
  const next = nextNotify(controller);
  scene.device.setLocally(NAME, 'heard.example.net');
  t.match((await next).notify.notification, { param_path: NAME, param_value: 'heard.example.net' });
  const reads: number[] = [];
  for (let seen = 0; seen < 3; seen += 1) {
    const { arguments: names } = await scene.device.waitFor('rpc', ({ method }) => method === 'GetParameterValues');
    reads.push(JSON.stringify(names).includes('Interface.2') ? 1 : 0);
  }
  t.same(reads, [0, 0, 0], 'it is not asked for again and again');
});
