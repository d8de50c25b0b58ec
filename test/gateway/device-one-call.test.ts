import t from 'tap';
import { getBody, setDeviceScene, SOFTWARE, valueIn } from './device-scene.ts';

t.test('a Get to an idle CPE fires exactly one Connection Request, and the session brings the answer', async (t) => {
  const scene = await setDeviceScene(t);
  t.equal(scene.device.inSession, false, 'the CPE is idle');
  const controller = await scene.controller();
  const session = scene.device.waitFor('session-started');
  t.equal(valueIn(await controller.request(scene.agent, getBody(SOFTWARE)), SOFTWARE), scene.device.get(SOFTWARE));
  t.same(
    (await session).events.map(({ code }) => code),
    ['6 CONNECTION REQUEST'],
  );
  t.equal(scene.calls.length, 1);
  t.equal(await scene.counted('connection_request', 'arrived'), 1);
  t.same(scene.device.complaints, []);
});

t.test('20 Gets at once to an idle CPE fire one Connection Request, and each has its answer', async (t) => {
  const scene = await setDeviceScene(t);
  const controllers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => scene.controller({ controller: `proto::controller-${index}` })),
  );
  const answers = await Promise.all(controllers.map((one) => one.request(scene.agent, getBody(SOFTWARE))));
  t.same(
    answers.map((answer) => valueIn(answer, SOFTWARE)),
    answers.map(() => scene.device.get(SOFTWARE)),
  );
  t.equal(scene.calls.length, 1);
  t.equal(scene.device.sessions.length, 1, 'besides the first session nothing has ended: one session serves all');
  t.equal(await scene.waiting(), 0);
});

t.test('a Get to a parked CPE needs no Connection Request', async (t) => {
  const scene = await setDeviceScene(t);
  const controller = await scene.controller();
  await controller.request(scene.agent, getBody(SOFTWARE));
  for (let more = 0; more < 5; more += 1) {
    t.equal(valueIn(await controller.request(scene.agent, getBody(SOFTWARE)), SOFTWARE), scene.device.get(SOFTWARE));
  }
  t.equal(scene.calls.length, 1);
});

t.test('a CPE that cannot be called: the Get says exactly why', async (t) => {
  const scene = await setDeviceScene(
    t,
    {},
    { connectionRequest: { auth: 'digest', username: 'acs', password: 'another' } },
  );
  const controller = await scene.controller();
  const answer = valueIn(await controller.request(scene.agent, getBody(SOFTWARE)), SOFTWARE);
  t.match(answer, /^7003 .*(credentials|password|401)/i, answer ?? '');
  t.equal(scene.calls.length, 0);
  t.equal(await scene.waiting(), 0, 'nothing is left to run later');
});
