import t from 'tap';
import type { Controller, ReceivedNotify } from '../../proxy/cli/usp/controller.ts';
import { addBody, AGENT, getBody, setScene } from './scene.ts';

const SSID = 'Device.WiFi.SSID.1.SSID';
const nextNotify = (controller: Controller): Promise<ReceivedNotify> =>
  new Promise((resolve) => controller.onNotify(resolve));

t.test(
  'killed with a Notify unanswered: it arrives again with its msg_id, and the Subscription lives on',
  async (t) => {
    const scene = await setScene(t);
    const { cpe } = scene;
    const first = cpe.nextSession();
    await cpe.start();
    await first;
    const controller = await scene.controller();
    controller.answersNotifies = false;
    const subscription = {
      Enable: 'true',
      ID: 'ssid',
      NotifType: 'ValueChange',
      ReferenceList: SSID,
      Persistent: 'true',
      NotifRetry: 'true',
    };
    const armed = cpe.waitFor('rpc', ({ method }) => method === 'SetParameterAttributes');
    t.equal(
      (await controller.request(AGENT, addBody('Device.LocalAgent.Subscription.', subscription))).kind,
      'add_resp',
    );
    await armed;
    await controller.request(AGENT, getBody(SSID));
    const heard = nextNotify(controller);
    cpe.setLocally(SSID, 'first change');
    const { msg_id, notify } = await heard;
    t.match(notify.notification, { kind: 'value_change', param_path: SSID, param_value: 'first change' });

    await scene.kill();
    await scene.startAgain();
    const after = await scene.controller();
    const again = await nextNotify(after);
    t.equal(again.msg_id, msg_id, 'the old msg_id');
    t.match(again.notify.notification, { param_value: 'first change' });

    const second = nextNotify(after);
    cpe.setLocally(SSID, 'second change');
    const { notify: later, msg_id: laterId } = await second;
    t.match(later.notification, { param_path: SSID, param_value: 'second change' });
    t.not(laterId, msg_id);
  },
);

t.test('killed with a Notify that nobody was there to take: the Controller gets it when it comes', async (t) => {
  const scene = await setScene(t);
  const { cpe } = scene;
  const first = cpe.nextSession();
  await cpe.start();
  await first;
  const controller = await scene.controller();
  const subscription = {
    Enable: 'true',
    ID: 'ssid',
    NotifType: 'ValueChange',
    ReferenceList: SSID,
    Persistent: 'true',
  };
  const armed = cpe.waitFor('rpc', ({ method }) => method === 'SetParameterAttributes');
  await controller.request(AGENT, addBody('Device.LocalAgent.Subscription.', subscription));
  await armed;
  await controller.request(AGENT, getBody(SSID));
  await controller.close();
  const polled = cpe.waitFor('rpc', ({ method }) => method === 'GetParameterValues');
  cpe.setLocally(SSID, 'while nobody listens');
  await polled;
  const more = cpe.waitFor('rpc', ({ method }) => method === 'GetParameterValues');
  await more;
  await scene.kill();
  await scene.startAgain();
  const { notify } = await nextNotify(await scene.controller());
  t.match(notify.notification, { param_path: SSID, param_value: 'while nobody listens' });
});
