import t from 'tap';
import { AGENT, requestsOf, setBody, setScene, until } from './scene.ts';

const TABLE = 'Device.WiFi.SSID.1.';

t.test('killed with a request in the mailbox: the CPE gets its RPC exactly once', async (t) => {
  const scene = await setScene(t);
  const { cpe, relay } = scene;
  const first = cpe.nextSession();
  await cpe.start();
  await first;
  // Nothing the CPE sends arrives any more: the request has to wait.
  relay.gate = () => false;
  const controller = await scene.controller();
  controller.send(AGENT, { msg_id: 'waits', body: setBody(TABLE, 'SSID', 'after the kill') });
  const waiting = await until(
    async () => (await requestsOf(scene)).find(({ msg_id }) => msg_id === 'waits'),
    'the request',
  );
  t.equal(waiting.state, 'waiting');
  const before = cpe.rpcs.filter(({ method }) => method === 'SetParameterValues').length;
  await scene.kill();
  await scene.startAgain();
  const ended = await until(
    async () => (await requestsOf(scene)).find(({ state }) => state === 'succeeded'),
    'the outcome',
  );
  t.equal(ended.msg_id, 'waits');
  t.equal(cpe.get(`${TABLE}SSID`), 'after the kill');
  t.equal(
    cpe.rpcs.filter(({ method }) => method === 'SetParameterValues').length - before,
    1,
    'one SetParameterValues',
  );
  const byId = (await scene.api(`/requests/${encodeURIComponent(ended.id)}`)) as {
    readonly state: string;
    readonly answer: string;
  };
  t.equal(byId.state, 'succeeded');
  t.ok(byId.answer.length > 0, 'and its answer can be fetched by id');
  t.same(cpe.complaints, []);
});
