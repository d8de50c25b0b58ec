import t from 'tap';
import type { RpcRecord } from '../cpe/observe.ts';
import { getBody, setDeviceScene, SOFTWARE, valueIn } from './device-scene.ts';

const CHANGING = ['AddObject', 'SetParameterValues'];
const changing = (rpcs: readonly RpcRecord[]): readonly string[] =>
  rpcs.map(({ method }) => method).filter((method) => CHANGING.includes(method));

t.test(
  'a session that answered Status 1 ends after its entry, whose steps all ran, and no other starts in it',
  async (t) => {
    const scene = await setDeviceScene(t, {}, { status1: () => true });
    const { device, agent } = scene;
    const controller = await scene.controller();
    await controller.request(agent, getBody(SOFTWARE));
    t.equal(device.inSession, true, 'parked');

    const ended = device.nextSession();
    const added = controller.request(agent, {
      kind: 'add',
      allow_partial: false,
      create_objs: [
        {
          obj_path: 'Device.NAT.PortMapping.',
          param_settings: [{ param: 'Description', value: 'mine', required: true }],
        },
      ],
    });
    // It stands behind the Add in the mailbox.
    const got = controller.request(agent, getBody('Device.Time.NTPServer1'));
    t.equal((await added).kind, 'add_resp');
    const session = await ended;
    t.equal(session.reason, 'done');
    t.same(changing(session.rpcs), CHANGING, 'both steps of the Add ran');
    const after = session.rpcs.slice(session.rpcs.findIndex(({ method }) => method === 'AddObject'));
    t.notOk(
      after.some((rpc) => JSON.stringify(rpc.arguments).includes('NTPServer1')),
      'the Get did not start in it',
    );
    t.equal(valueIn(await got, 'Device.Time.NTPServer1'), device.get('Device.Time.NTPServer1'));
    t.equal(scene.calls.length, 2, 'the CPE was called back for it at once');
    t.equal(await scene.counted('park_end', 'closing'), 1);
  },
);
