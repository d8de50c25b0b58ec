// The gateway is killed at each point at which a device is being given credentials of its own: whatever the device has
// then, it gets in, and it can be called.
import t, { type Test } from 'tap';
import { deferred } from '../../proxy/operate/deferred.ts';
import { SHARED, SHARED_THEN_OWN } from '../gateway/own-credentials-scene.ts';
import { AGENT, DEVICE, getBody, type Scene, setScene, until } from './scene.ts';

const PASSWORD = 'Device.ManagementServer.Password';

type Way = 'to-gateway' | 'to-cpe';

/** Kills the gateway when a piece of this kind comes by, and starts it again. */
async function killAt(scene: Scene, way: Way, wanted: string): Promise<void> {
  const seen = deferred<undefined>();
  scene.relay.gate = (direction, text) => {
    if (direction !== way || !text.includes(wanted)) return true;
    seen.resolve(undefined);
    return false;
  };
  await seen.promise;
  await scene.kill();
  await scene.startAgain();
}

const openScene = (t: Test): Promise<Scene> =>
  setScene(
    t,
    { credentials: SHARED, connectionRequest: { auth: 'digest', username: 'acs', password: 'acs' } },
    SHARED_THEN_OWN,
  );

interface Shown {
  readonly ownCredentials: { readonly since: string | null; readonly changing: boolean } | null;
}
const shown = async (scene: Scene): Promise<Shown['ownCredentials']> =>
  ((await scene.api(`/devices/${DEVICE}`)) as Shown).ownCredentials;

/** The next session that ends well; asked for before the kill, since the device does not wait. */
const comesBack = (scene: Scene): Promise<unknown> => scene.cpe.waitFor('session-ended', ({ ok }) => ok, 30_000);

async function isCalled(t: Test, scene: Scene, message: string): Promise<void> {
  if (scene.cpe.inSession) await scene.cpe.nextSession();
  const controller = await scene.controller();
  const called = scene.cpe.waitFor('connection-request', ({ status }) => status === 200);
  const answer = await controller.request(AGENT, getBody('Device.DeviceInfo.SoftwareVersion'));
  t.match(answer, { kind: 'get_resp', req_path_results: [{ err_code: 0 }] }, message);
  t.match(await called, { status: 200 });
  if (scene.cpe.inSession) await scene.cpe.nextSession();
}

/** The device comes until it has shown what it was given; then it is called with that. */
async function comesThrough(t: Test, scene: Scene): Promise<void> {
  await isCalled(t, scene, 'it can be called, whatever it has');
  const own = await until(async () => {
    const now = await shown(scene);
    if (now?.since != null && !now.changing) return now;
    if (scene.cpe.inSession) return undefined;
    const ended = scene.cpe.nextSession();
    scene.cpe.inform('2 PERIODIC');
    await ended;
    return undefined;
  }, 'the device shows its own credentials');
  t.match(own, { changing: false });
  t.match(scene.cpe.get(PASSWORD), /^[A-Z2-7]{26}$/);
  await isCalled(t, scene, 'and with its own');
  t.same(scene.cpe.complaints, []);
}

// They mostly wait.
t.jobs = 2;

for (const [when, way, wanted] of [
  ['its first Inform is stored, and not answered', 'to-cpe', 'InformResponse>'],
  ['the credentials are stored, and have not reached it', 'to-cpe', 'cwmp:SetParameterValues>'],
  ['it has them, and its answer is lost', 'to-gateway', 'SetParameterValuesResponse'],
] as const) {
  t.test(`killed when ${when}`, async (t) => {
    const scene = await openScene(t);
    const killed = killAt(scene, way, wanted);
    const back = comesBack(scene);
    await scene.cpe.start();
    await killed;
    await back;
    await comesThrough(t, scene);
  });
}

t.test('killed when it has shown them, and its Inform is not answered', async (t) => {
  const scene = await openScene(t);
  const first = scene.cpe.nextSession();
  await scene.cpe.start();
  t.match(await first, { ok: true });
  const killed = killAt(scene, 'to-cpe', 'InformResponse>');
  const back = comesBack(scene);
  scene.cpe.inform('2 PERIODIC');
  await killed;
  await back;
  await comesThrough(t, scene);
});

for (const [when, way, wanted] of [
  ['have not reached it', 'to-cpe', 'cwmp:SetParameterValues>'],
  ['are there, and its answer is lost', 'to-gateway', 'SetParameterValuesResponse'],
] as const) {
  t.test(`killed while others take their place, which ${when}`, async (t) => {
    const scene = await openScene(t);
    const first = scene.cpe.nextSession();
    await scene.cpe.start();
    t.match(await first, { ok: true });
    const second = scene.cpe.nextSession();
    scene.cpe.inform('2 PERIODIC');
    t.match(await second, { ok: true });
    const before = scene.cpe.get(PASSWORD);
    const killed = killAt(scene, way, wanted);
    const back = comesBack(scene);
    const { http } = scene.gateway.addresses;
    await fetch(`http://${http}/api/v1/devices/${DEVICE}/credentials/rotate`, { method: 'POST' });
    await killed;
    await back;
    await comesThrough(t, scene);
    t.not(scene.cpe.get(PASSWORD), before);
  });
}
