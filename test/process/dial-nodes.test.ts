// Two gateways on one Redis: each dials for its own share of the devices, and when one is killed the other takes over.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { systemRandomness } from '../../proxy/operate/clock.ts';
import { openRedisStore } from '../../proxy/store/redis/redis.ts';
import { gaugeOf } from '../bench/measure.ts';
import { type DialledController, startDialledController } from '../gateway/dial-scene.ts';
import { temporaryFolder } from '../gateway/harness.ts';
import { seedDevices, setTemplate } from '../mtp/dial/fleet.ts';
import { missingRedis, startRedis } from '../redis-server.ts';
import { until } from './scene.ts';

const DEVICES = 30;
const FAST_GATEWAY = fileURLToPath(new URL('fast-gateway.js', import.meta.url));
const SPEED = '4';
const missing = missingRedis();

interface Node {
  /** Connections to the Controller, by its own count. */
  dials(): Promise<number>;
  kill(): Promise<void>;
}

async function startNode(t: Test, redis: string): Promise<Node> {
  const listens = ['cwmp', 'http', 'operate', 'files'].map((name) => `--${name}.listen=127.0.0.1:0`);
  const settings = [
    `--redis.url=${redis}`,
    `--data.dir=${temporaryFolder(t)}`,
    '--usp.dial.hosts=127.0.0.1',
    ...listens,
  ];
  const child: ChildProcess = spawn(process.execPath, [FAST_GATEWAY, SPEED, ...settings], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  t.teardown(kill);
  const { stdout } = child;
  if (stdout === null) throw new Error('no standard output');
  for await (const line of createInterface({ input: stdout })) {
    if (!line.includes('"operate"')) continue;
    const { operate } = JSON.parse(line) as { readonly operate: string };
    return { dials: () => gaugeOf(operate, 'usp_dials_open'), kill };
  }
  throw new Error('the gateway did not come up');
}

/** Agents whose connection is open, as the Controller sees them; one that is there twice counts twice. */
const openAt = ({ arrivals }: DialledController): readonly string[] =>
  arrivals.filter(({ peer }) => peer.socket.readyState === peer.socket.OPEN).map(({ request }) => request.url ?? '');

t.test('each pair is dialled by one node, also when a node comes or is killed', { skip: missing }, async (t) => {
  const controller = await startDialledController(t);
  const { url } = await startRedis(t);
  const store = await openRedisStore({
    url,
    timeoutMs: 5000,
    now: () => Date.now(),
    randomness: systemRandomness,
    onEvent: () => undefined,
  });
  await seedDevices(store, DEVICES);
  await setTemplate(store, true, { Host: '127.0.0.1', Port: String(controller.port), EnableEncryption: 'false' });
  await store.close();

  const whenDialled = (nodes: readonly Node[], what: string): Promise<readonly number[]> =>
    until(async () => {
      const counts = await Promise.all(nodes.map((node) => node.dials()));
      const all = openAt(controller);
      const isWhole = counts.every((count) => count > 0) && counts.reduce((sum, count) => sum + count, 0) === DEVICES;
      return isWhole && all.length === DEVICES && new Set(all).size === DEVICES ? counts : undefined;
    }, what);

  const first = await startNode(t, url);
  t.same(await whenDialled([first], 'the first node dials all'), [DEVICES]);
  const second = await startNode(t, url);
  const [ours = 0, theirs = 0] = await whenDialled([first, second], 'they share');
  t.comment(`${ours} and ${theirs}`);
  t.equal(controller.arrivals.length, DEVICES + theirs, 'nobody was dialled anew but those that moved');
  await second.kill();
  t.same(await whenDialled([first], 'the first node dials all again'), [DEVICES]);
});
