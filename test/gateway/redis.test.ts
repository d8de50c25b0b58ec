// Two gateways one after the other on one Redis: what the first has learnt and promised, the second knows and keeps.
import t from 'tap';
import type { ReceivedNotify } from '../../proxy/cli/usp/controller.ts';
import { addBody } from '../process/scene.ts';
import { startRelay } from '../process/relay.ts';
import { emptyDatabase, missingRedis, startRedis } from '../redis-server.ts';
import { agentOf, startHarness } from './harness.ts';

const SSID = 'Device.WiFi.SSID.1.SSID';
const SUBSCRIPTIONS = 'Device.LocalAgent.Subscription.';
const missing = missingRedis();

t.test('device, Subscription and Controller outlive the gateway', { skip: missing }, async (t) => {
  const redis = await startRedis(t, ['--requirepass', 'redis-secret']);
  const url = redis.url.replace('//', '//:redis-secret@');
  const first = await startHarness(t, { 'redis.url': url });
  const cpe = first.cpe();
  const agent = agentOf(cpe);
  const booted = cpe.nextSession();
  await cpe.start();
  t.equal((await booted).reason, 'done');
  const controller = await first.controller();
  const answer = await controller.request(agent, { kind: 'get', param_paths: [SSID], max_depth: 0 });
  t.match(answer, { kind: 'get_resp', req_path_results: [{ err_code: 0 }] });
  const armed = cpe.waitFor('rpc', ({ method }) => method === 'SetParameterAttributes');
  const wanted = { Enable: 'true', ID: 'ssid', NotifType: 'ValueChange', ReferenceList: SSID, NotifRetry: 'true' };
  t.match(await controller.request(agent, addBody(SUBSCRIPTIONS, wanted)), { kind: 'add_resp' });
  await armed;
  await controller.close();
  t.equal(await first.gateway.stop(), true);

  const second = await startHarness(t, { 'redis.url': url, 'cwmp.listen': first.gateway.addresses.cwmp });
  const { devices } = (await (await fetch(`${second.apiUrl}/devices`)).json()) as {
    readonly devices: readonly unknown[];
  };
  t.equal(devices.length, 1, 'the device is known before it has come');
  const again = await second.controller();
  const rows = await again.request(agent, { kind: 'get', param_paths: [`${SUBSCRIPTIONS}*.ID`], max_depth: 0 });
  if (rows.kind !== 'get_resp') throw new Error(rows.kind);
  const found = rows.req_path_results.flatMap(({ resolved_path_results }) => resolved_path_results);
  t.ok(
    found.some(({ result_params }) => result_params.get('ID') === 'ssid'),
    'and so is the Subscription',
  );
  const heard = new Promise<ReceivedNotify>((resolve) => again.onNotify(resolve));
  cpe.setLocally(SSID, 'changed');
  t.match((await heard).notify.notification, { kind: 'value_change', param_path: SSID, param_value: 'changed' });
  t.same(cpe.complaints, []);
  for (const { log } of [first, second]) t.notMatch(log.join(), /redis-secret/);
});

t.test('without Redis the gateway does not start, and says where it looked, without the password', async (t) => {
  const url = 'redis://user:redis-secret@127.0.0.1:1/0';
  const refused = await startHarness(t, { 'redis.url': url }).catch((error: unknown) => error);
  t.match(refused, { code: 'CAUSEWAY_STORE_AWAY', message: /127\.0\.0\.1:1/ });
  t.notMatch(String(refused), /redis-secret/);
  await t.rejects(startHarness(t, { 'redis.url': 'localhost' }), { code: 'CAUSEWAY_CONFIG_INVALID' });
});

t.test('while Redis is away an Inform is refused, and taken when Redis is back', { skip: missing }, async (t) => {
  const redis = await startRedis(t, ['--appendonly', 'yes', '--appendfsync', 'always']);
  const harness = await startHarness(t, { 'redis.url': await emptyDatabase(redis, 0) });
  const cpe = harness.cpe({ timings: { retryScale: 0.02 } });
  const booted = cpe.nextSession();
  await cpe.start();
  t.equal((await booted).reason, 'done');
  await redis.kill();
  const health = await fetch(`${harness.operateUrl}/readyz`);
  t.equal(health.status, 503);
  const refused = cpe.nextSession();
  cpe.inform('2 PERIODIC');
  t.not((await refused).reason, 'done');
  await redis.restart();
  let reason = '';
  while (reason !== 'done') ({ reason } = await cpe.nextSession());
  t.equal(reason, 'done', 'the CPE tries again by itself, and so does the gateway');
});

const SREM = /\*3\r\n\$4\r\nsrem(\r\n\$\d+\r\n[^\r]*){2}/g;

t.test('a periodic Inform with nothing to do costs two round trips (promise 7)', { skip: missing }, async (t) => {
  const redis = await startRedis(t);
  const relay = await startRelay({ host: '127.0.0.1', port: redis.port });
  t.teardown(() => relay.close());
  // What is sent for the device's sake: heartbeats and due work cost the same however many CPEs there are. Nobody waits
  // for its name to leave the index of what this node holds.
  let trips: string[] = [];
  relay.gate = (direction, text) => {
    // It may leave in one piece with a heartbeat.
    const counts = /02C0DE-Router-|template/.test(text.replace(SREM, ''));
    if (direction === 'to-gateway' && counts) trips.push(text);
    return true;
  };
  const harness = await startHarness(t, { 'redis.url': `redis://127.0.0.1:${relay.port}`, 'park.idle': '1s' });
  const cpe = harness.cpe();
  const agent = agentOf(cpe);
  const session = async (): Promise<void> => {
    const over = cpe.nextSession();
    cpe.inform('2 PERIODIC');
    t.equal((await over).reason, 'done');
  };
  const booted = cpe.nextSession();
  await cpe.start();
  await booted;
  await session();
  trips = [];
  await session();
  t.equal(trips.length, 2, trips.join('; '));
  t.match(trips[0], /template/, 'the rows of all Agents are asked for beside it');

  const controller = await harness.controller();
  const armed = cpe.waitFor('rpc', ({ method }) => method === 'SetParameterAttributes');
  const done = cpe.nextSession();
  const wanted = { Enable: 'true', NotifType: 'ValueChange', ReferenceList: `${SSID},Device.Bogus.X` };
  t.match(await controller.request(agent, addBody(SUBSCRIPTIONS, wanted)), { kind: 'add_resp' });
  await armed;
  await done;
  await session();
  trips = [];
  await session();
  t.equal(trips.length, 2, `with a Subscription that is armed: ${trips.join('; ')}`);
});
