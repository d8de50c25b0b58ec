import t from 'tap';
import { deferred } from '../../proxy/operate/deferred.ts';
import type { Cpe } from '../cpe/cpe.ts';
import type { SessionRecord } from '../cpe/observe.ts';
import { addBody, AGENT, setScene } from './scene.ts';

/** The first session from now on that is not cut off; none is missed, however soon it comes. */
async function nextWhole(cpe: Cpe): Promise<SessionRecord> {
  for (;;) {
    const session = await cpe.nextSession();
    if (session.ok) return session;
  }
}

t.test('killed when an Inform is saved and not yet answered: the CPE repeats it, its Boot! is told once', async (t) => {
  const scene = await setScene(t);
  const { cpe, relay } = scene;
  const first = cpe.nextSession();
  await cpe.start();
  await first;
  const before = await scene.controller();
  const subscription = {
    Enable: 'true',
    ID: 'boot',
    NotifType: 'Event',
    ReferenceList: 'Device.Boot!',
    Persistent: 'true',
    NotifRetry: 'true',
  };
  t.equal((await before.request(AGENT, addBody('Device.LocalAgent.Subscription.', subscription))).kind, 'add_resp');
  await before.close();

  const saved = deferred<undefined>();
  relay.gate = (direction, text) => {
    // The InformResponse only comes when the Inform is in the store.
    if (direction !== 'to-cpe' || !text.includes('InformResponse')) return true;
    saved.resolve(undefined);
    return false;
  };
  cpe.powerCycle();
  await saved.promise;
  const again = nextWhole(cpe);
  await scene.kill();
  await scene.startAgain();
  const controller = await scene.controller();
  const boots: string[] = [];
  const told = new Promise<void>((resolve) =>
    controller.onNotify(({ notify, msg_id }) => {
      if (notify.notification.kind === 'event' && notify.notification.event_name === 'Boot!') boots.push(msg_id);
      resolve();
    }),
  );
  t.ok((await again).retryCount > 0, 'the CPE came through with a repeated Inform');
  await told;
  // Whatever else was to be told would come before the answer to this.
  await controller.request(AGENT, { kind: 'get', param_paths: ['Device.DeviceInfo.UpTime'], max_depth: 0 });
  t.equal(boots.length, 1, 'one Boot! for one boot');
  t.same(cpe.complaints, []);
});
