import t from 'tap';
import { deferred } from '../../proxy/operate/deferred.ts';
import { addBody, AGENT, requestsOf, type Scene, setBody, setScene, until } from './scene.ts';

const MAPPINGS = 'Device.NAT.PortMapping.';

/** Kills the gateway when a piece of this kind comes by, and starts it again. */
async function killAt(scene: Scene, direction: 'to-gateway' | 'to-cpe', wanted: string): Promise<void> {
  const seen = deferred<undefined>();
  scene.relay.gate = (way, text) => {
    if (way !== direction || !text.includes(wanted)) return true;
    seen.resolve(undefined);
    return false;
  };
  await seen.promise;
  await scene.kill();
  await scene.startAgain();
}

async function startedScene(t: Parameters<typeof setScene>[0]): Promise<Scene> {
  const scene = await setScene(t);
  const first = scene.cpe.nextSession();
  await scene.cpe.start();
  await first;
  return scene;
}

const countOf = (scene: Scene, method: string): number => scene.cpe.rpcs.filter((rpc) => rpc.method === method).length;
const rows = (scene: Scene): number => Number(scene.cpe.get(`Device.NAT.PortMappingNumberOfEntries`));
const ended = (scene: Scene, msg_id: string): Promise<{ readonly id: string; readonly state: string }> =>
  until(
    async () =>
      (await requestsOf(scene)).find(
        (one) => one.msg_id === msg_id && one.state !== 'running' && one.state !== 'waiting',
      ),
    `the outcome of ${msg_id}`,
  );

t.test(
  'killed when a changing RPC is recorded and has not reached the CPE: it is sent once more, executed once',
  async (t) => {
    const scene = await startedScene(t);
    const controller = await scene.controller();
    const before = rows(scene);
    const killed = killAt(scene, 'to-cpe', 'cwmp:AddObject>');
    controller.send(AGENT, { msg_id: 'add-1', body: addBody(MAPPINGS, { Description: 'mine', ExternalPort: '8443' }) });
    await killed;
    t.equal((await ended(scene, 'add-1')).state, 'succeeded');
    t.equal(countOf(scene, 'AddObject'), 1);
    t.equal(rows(scene), before + 1, 'one row more');
  },
);

t.test('killed when it is executed and its answer is lost: never executed twice', async (t) => {
  const scene = await startedScene(t);
  const controller = await scene.controller();
  const before = rows(scene);
  const killed = killAt(scene, 'to-gateway', 'AddObjectResponse');
  controller.send(AGENT, { msg_id: 'add-2', body: addBody(MAPPINGS, { Description: 'mine', ExternalPort: '8444' }) });
  await killed;
  const outcome = await ended(scene, 'add-2');
  t.equal(outcome.state, 'succeeded', 'the row was found, and given its values');
  t.equal(countOf(scene, 'AddObject'), 1);
  t.equal(rows(scene), before + 1, 'one row more, not two');
  const byId = (await scene.api(`/requests/${encodeURIComponent(outcome.id)}`)) as {
    readonly state: string;
    readonly answer: string;
  };
  t.equal(byId.state, 'succeeded');
  t.match(Buffer.from(byId.answer, 'base64').toString('latin1'), /PortMapping\.\d+\./, 'its answer names the row');
});

t.test('killed when a SetParameterValues is executed and its answer is lost', async (t) => {
  const scene = await startedScene(t);
  const controller = await scene.controller();
  const killed = killAt(scene, 'to-gateway', 'SetParameterValuesResponse');
  controller.send(AGENT, { msg_id: 'set-1', body: setBody('Device.WiFi.SSID.1.', 'SSID', 'set once') });
  await killed;
  t.equal((await ended(scene, 'set-1')).state, 'succeeded');
  t.equal(countOf(scene, 'SetParameterValues'), 1);
  t.equal(scene.cpe.get('Device.WiFi.SSID.1.SSID'), 'set once');
  t.same(scene.cpe.complaints, []);
});
