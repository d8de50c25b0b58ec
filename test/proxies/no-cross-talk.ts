// The test of a proxy for HTTP: a thousand sessions through it. In each a Controller sets a value that is meant for that
// CPE only, or asks for one that no other has; none may ever see what is another's.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';
import { startHarness } from '../gateway/harness.ts';
import { counters, untilCounted } from '../gateway/south-tools.ts';
import { startCountingRelay } from './counting-relay.ts';
import { HELD, type LightCpe, lightCpe, runSession } from './light-cpe.ts';
import type { ProxyWish } from './real-proxies.ts';

/** All of them in a session at any time. */
const CPES = 250;
const SESSIONS_EACH = 4;
const SESSIONS = CPES * SESSIONS_EACH;

type Scene = Awaited<ReturnType<typeof setScene>>;

async function setScene(t: Test) {
  const harness = await startHarness(t, {
    'cwmp.trustedProxies': '127.0.0.1',
    // Answers are held for a moment, as those of parked CPEs are: the proxy waits with them.
    'park.idle': '1s',
  });
  // The gateway has one listener for CPEs; several of its own are still to come.
  const relays = [await startCountingRelay(t, harness.acsUrl), await startCountingRelay(t, harness.acsUrl)];
  const controller = await harness.controller();
  /** What a CPE does when it is called, by serial. */
  const called = new Map<string, () => void>();
  const calls = createServer((request, response) => {
    response.end();
    called.get(request.url?.slice(1) ?? '')?.();
  });
  calls.listen(0, '127.0.0.1');
  await once(calls, 'listening');
  t.teardown(() => calls.close());
  const url = `http://127.0.0.1:${(calls.address() as AddressInfo).port}/`;
  const cpes = Array.from({ length: CPES }, (_, index) => lightCpe(`P${String(index).padStart(4, '0')}`, url));
  return { harness, relays, controller, cpes, called };
}

/** A request of the Controller makes the CPE come, and is answered in its session; by turns a Set and a Get. */
async function ask(
  { controller, called }: Scene,
  cpe: LightCpe,
  set: boolean,
  run: () => Promise<void>,
): Promise<void> {
  let session = Promise.resolve();
  called.set(cpe.serial, () => {
    session = session.then(run);
  });
  if (set) {
    cpe.given = '';
    const param_settings = [{ param: 'ProvisioningCode', value: `given-to-${cpe.serial}`, required: true }];
    const update_objs = [{ obj_path: 'Device.DeviceInfo.', param_settings }];
    const answer = await controller.request(cpe.endpointId, { kind: 'set', allow_partial: false, update_objs });
    if (answer.kind !== 'set_resp' || cpe.given === '') cpe.foreign.push(`answered: ${JSON.stringify(answer)}`);
  } else {
    const answer = await controller.request(cpe.endpointId, { kind: 'get', param_paths: [HELD], max_depth: 0 });
    const results = answer.kind === 'get_resp' ? answer.req_path_results : [];
    const found = results.flatMap(({ resolved_path_results }) => resolved_path_results);
    const values = found.flatMap(({ result_params }) => [...result_params.values()]);
    if (values.join() !== cpe.held) cpe.foreign.push(`answered: ${JSON.stringify(answer)} ${values.join()}`);
  }
  await session;
}

/** `start` starts the proxy and gives its URL. */
export async function noCrossTalk(t: Test, start: (t: Test, wish: ProxyWish) => Promise<string>): Promise<void> {
  const scene = await setScene(t);
  const { harness, relays, cpes } = scene;
  await Promise.all(cpes.map((cpe) => runSession(cpe, harness.acsUrl, false)));
  for (const keepAlive of [true, false]) {
    await t.test(`upstream connections ${keepAlive ? 'kept' : 'not kept'}`, async (t) => {
      const upstreams = relays.map(({ port }) => port);
      const url = await start(t, { upstreams, keepAlive });
      for (const relay of relays) relay.reset();
      const first = await sessionsOf(scene);
      const session = async (cpe: LightCpe, index: number): Promise<void> => {
        for (let round = 0; round < SESSIONS_EACH; round += 1) {
          // Every fourth comes with each POST on a connection of its own.
          const newConnections = (index + round) % 4 === 0;
          await ask(scene, cpe, (index + round) % 2 === 0, () => runSession(cpe, url, newConnections));
        }
      };
      await Promise.all(cpes.map(session));
      const { sessions } = await sessionsOf(scene);
      const ran = sessions - first.sessions;
      t.equal(ran, SESSIONS, 'each to its 204');
      await untilCounted(harness, 'cwmp_session_end done', first.done + ran);
      t.same(
        cpes.flatMap(({ foreign }) => foreign),
        [],
        'nobody saw what was another’s',
      );
      const refused = [...(await counters(harness))].filter(([name]) => /^(cwmp_refused|failure) /.test(name));
      t.same(refused, []);
      const both = relays.map(({ connections }) => connections.filter((serials) => serials.size > 0));
      const used = both.flat();
      const most = Math.max(...used.map((serials) => serials.size));
      t.comment(`${ran} sessions over ${used.length} upstream connections, up to ${most} CPEs on one`);
      t.ok(
        both.every(({ length }) => length > 0),
        'both listeners were used',
      );
      if (keepAlive) {
        t.ok(used.length < ran / 2, 'fewer connections than sessions');
        t.ok(used.filter((serials) => serials.size > 1).length > used.length / 2, 'most of which several CPEs shared');
      } else {
        t.equal(used.length, 3 * ran, 'a connection for each POST: Inform, empty, response');
        t.equal(most, 1);
      }
    });
  }
}

async function sessionsOf({ harness, cpes }: Scene): Promise<{ readonly sessions: number; readonly done: number }> {
  const done = (await counters(harness)).get('cwmp_session_end done') ?? 0;
  return { sessions: cpes.reduce((sum, cpe) => sum + cpe.sessions, 0), done };
}
