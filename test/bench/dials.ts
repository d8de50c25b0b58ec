// What it costs that thousands of Agents keep a WebSocket open to a Controller, and how they come back when it was away: the
// resident memory of each, and the dials of the fullest second, at the start and after the Controller was killed. Run
// `ulimit -n 20000`, then `npm run -s build && node dist/test/bench/dials.js [agents] [seconds away] [tls]`.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../proxy/operate/clock.ts';
import { createEmbeddedStore } from '../../proxy/store/embedded/embedded.ts';
import { openLog } from '../../proxy/store/log/log.ts';
import type { Store } from '../../proxy/store/store.ts';
import { seedDevices, setTemplate } from '../mtp/dial/fleet.ts';
import { createAuthority, forLoopback, type Issued } from '../openssl.ts';
import { type GatewayProcess, startGatewayProcess } from '../process/gateway-process.ts';
import type { Told } from './dialled-controller.ts';
import { gaugeOf, median, residentKib, table } from './measure.ts';

const AGENTS = Number(process.argv[2] ?? 5000);
const AWAY_SECONDS = Number(process.argv[3] ?? 30);
const WITH_TLS = process.argv[4] === 'tls';
/** So that a gateway collects all it can when it is told to. */
const COLLECTS = ['--expose-gc', '--import', 'data:text/javascript,process.on("SIGUSR2", () => gc())'];
/** Until what the handshakes left behind is collected in the ordinary way. */
const SETTLE_MS = 20_000;
const SAMPLES = 10;
const CONTROLLER = fileURLToPath(new URL('dialled-controller.js', import.meta.url));

const cleanUp: (() => unknown)[] = [];
const folder = mkdtempSync(join(tmpdir(), 'causeway-bench-'));
cleanUp.push(() => rmSync(folder, { recursive: true, force: true }));
const data = join(folder, 'data');

interface RunningController {
  readonly port: number;
  /** When each Agent came, in the order of coming. */
  readonly arrivals: number[];
  readonly open: () => number;
  kill(): Promise<void>;
}

async function startController(port: number, tls: Issued | undefined): Promise<RunningController> {
  const files = tls === undefined ? [] : [tls.certFile, tls.keyFile];
  const child: ChildProcess = fork(CONTROLLER, [String(port), ...files]);
  const arrivals: number[] = [];
  let open = 0;
  const bound = new Promise<number>((resolve, reject) => {
    child.on('message', (told: Told) => {
      if (told.port !== undefined) resolve(told.port);
      arrivals.push(...(told.arrivals ?? []));
      open = told.open ?? open;
    });
    child.once('exit', () => reject(new Error('the controller ended')));
  });
  return {
    port: await bound,
    arrivals,
    open: () => open,
    async kill() {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

async function inStore(change: (store: Store) => Promise<void>): Promise<void> {
  const now = (): number => systemClock.now();
  const log = await openLog({ folder: data, sync: 'none', clock: now, onEvent: () => undefined });
  const store = createEmbeddedStore(log, now);
  await change(store);
  await store.close();
}

async function resident(gateway: GatewayProcess): Promise<number> {
  const samples: number[] = [];
  for (let taken = 0; taken < SAMPLES; taken += 1) {
    samples.push(residentKib(gateway.pid));
    await sleep(300);
  }
  return median(samples);
}

/** What is left when everything is collected that can be: twice, since finalisers leave something for the second time. */
async function collected(gateway: GatewayProcess): Promise<number> {
  for (let times = 0; times < 2; times += 1) {
    process.kill(gateway.pid, 'SIGUSR2');
    await sleep(1500);
  }
  return resident(gateway);
}

/** The most in any second, beginning whenever. */
function mostInASecond(times: readonly number[]): number {
  let [most, first] = [0, 0];
  for (const [index, time] of times.entries()) {
    while ((times[first] ?? time) <= time - 1000) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}

async function allOpen(controller: RunningController): Promise<void> {
  while (controller.open() < AGENTS) await sleep(50);
}

/** How the Agents came since a moment: second by second, the fullest one, and the last. */
function rowOf(what: string, times: readonly number[], since: number): readonly string[] {
  const most = mostInASecond(times);
  return [
    what,
    String(times.length),
    `${(((times[0] ?? since) - since) / 1000).toFixed(1)} s`,
    `${(((times.at(-1) ?? since) - since) / 1000).toFixed(1)} s`,
    String(most),
    `${((100 * most) / AGENTS).toFixed(2)} %`,
  ];
}

function histogram(times: readonly number[], since: number): string {
  const seconds: (number | undefined)[] = [];
  for (const time of times) {
    const second = Math.floor((time - since) / 1000);
    seconds[second] = (seconds[second] ?? 0) + 1;
  }
  return Array.from(seconds, (count) => count ?? 0).join(' ');
}

const authority = WITH_TLS ? createAuthority({ teardown: (run) => void cleanUp.push(run) }) : undefined;
const tls = authority === undefined ? undefined : forLoopback(authority);
let controller = await startController(0, tls);
cleanUp.push(() => controller.kill());
const webSocket = { Host: '127.0.0.1', Port: String(controller.port), Path: '/', EnableEncryption: String(WITH_TLS) };
const settings = {
  'data.dir': data,
  'usp.dial.hosts': '127.0.0.1',
  ...(authority === undefined ? {} : { 'usp.dial.ca': authority.certFile }),
};

// The same devices, and nobody dials.
await inStore(async (store) => {
  await seedDevices(store, AGENTS);
  await setTemplate(store, false, webSocket);
});
const idle = await startGatewayProcess(settings, COLLECTS);
await sleep(SETTLE_MS);
const before = { settled: await resident(idle), collected: await collected(idle) };
await idle.stop();

await inStore((store) => setTemplate(store, true, webSocket));
const started = Date.now();
const gateway = await startGatewayProcess(settings, COLLECTS);
cleanUp.push(() => gateway.stop());
await allOpen(controller);
const first = rowOf('the gateway has started', controller.arrivals, started);
await sleep(SETTLE_MS);
const after = { settled: await resident(gateway), collected: await collected(gateway) };

const { port } = controller;
await controller.kill();
const killed = Date.now();
await sleep(AWAY_SECONDS * 1000);
const back = Date.now();
controller = await startController(port, tls);
await allOpen(controller);
const { arrivals } = controller;
console.log(`\nHow they came; the Controller was killed, and was away for ${((back - killed) / 1000).toFixed(0)} s`);
table(
  ['since', 'dials', 'first', 'last', 'in the fullest second', 'share'],
  [first, rowOf('it is back', arrivals, back)],
);
console.log(`\nEach second since it is back: ${histogram(arrivals, back)}`);
const dials = await gaugeOf(gateway.addresses.operate, 'usp_dials_open');
console.log(`\nOpen by the gateway's own count: ${dials}`);
await sleep(SETTLE_MS);
const again = { settled: await resident(gateway), collected: await collected(gateway) };
const memoryRow = (what: string, { settled, collected: least }: typeof before): readonly string[] => [
  what,
  settled.toFixed(0),
  ((settled - before.settled) / AGENTS).toFixed(1),
  least.toFixed(0),
  ((least - before.collected) / AGENTS).toFixed(1),
];
console.log(`\nResident memory of the gateway, ${AGENTS} Agents, ${WITH_TLS ? 'wss' : 'ws'}`);
table(
  ['', 'KiB, settled', 'each', 'KiB, collected', 'each'],
  [
    memoryRow('nobody dials', before),
    memoryRow('all have dialled', after),
    memoryRow('the Controller was away, all are back', again),
  ],
);
for (const clean of cleanUp.reverse()) await clean();
