// What is wanted against what there is: the dials of a node, however often and in whatever order it is told.
import { createSecureContext } from 'node:tls';
import t from 'tap';
import type { DialTarget } from '../../../proxy/agent/local-agent/dial-targets.ts';
import { Connections } from '../../../proxy/endpoint/connections.ts';
import { Limits } from '../../../proxy/endpoint/limits.ts';
import { Dialler, type DiallerContext } from '../../../proxy/mtp/dial/dialler.ts';
import { parseHosts } from '../../../proxy/access/hosts.ts';
import { StartQueue } from '../../../proxy/mtp/dial/start-queue.ts';
import { systemRandomness } from '../../../proxy/operate/clock.ts';
import { createLog } from '../../../proxy/operate/log.ts';
import { createMetrics } from '../../../proxy/operate/metrics.ts';
import { keyOf } from '../../store/contract/samples.ts';
import { type HandClock, handClock } from './hand-clock.ts';
import { TARGET } from './target.ts';

interface Moment {
  readonly boot?: number;
  readonly local?: number;
  readonly template?: number;
  readonly wants?: boolean;
}

interface Scene {
  readonly dialler: Dialler;
  readonly clock: HandClock;
  readonly lines: string[];
  /** A device's rows as they are at some moment; `wants` nobody dialled when it is false. */
  readonly see: (serial: string, at?: Moment) => void;
  readonly counted: (outcome: string) => Promise<number>;
}

function setScene(settings: Partial<DiallerContext> & { readonly hosts?: readonly string[] } = {}): Scene {
  const parsed = parseHosts(settings.hosts ?? ['controller.example']);
  if (!parsed.ok) throw new Error(parsed.entry);
  const clock = handClock();
  const lines: string[] = [];
  const metrics = createMetrics();
  const dialler = new Dialler({
    // Nothing arrives where no name is ever found.
    endpoint: { receive: async () => undefined, receiveNone: () => 'not-a-record' } as never,
    connections: new Connections('node'),
    limits: new Limits({ records: 100, requests: 100, connections: 100, requestLifetimeMs: 1000 }),
    clock,
    randomness: systemRandomness,
    log: createLog('warn', { write: (line) => void lines.push(line) }),
    metrics,
    policy: parsed.policy,
    resolve: () => new Promise(() => undefined),
    secureContext: () => createSecureContext(),
    deadlineMs: 1000,
    recordBytes: 1024,
    queue: new StartQueue(clock, { handshakes: 100 }),
    pingMs: 30_000,
    cap: 10,
    isOurs: () => true,
    connected: () => undefined,
    ...settings,
  });
  return {
    dialler,
    clock,
    lines,
    see(serial, { boot = 1, local = 1, template = 1, wants = true } = {}) {
      const key = keyOf(serial);
      const target: DialTarget = { ...TARGET, key, agent: `ops::${key.device}` };
      dialler.seen({ key, bootAt: boot, localVersion: local }, template, wants ? [target] : []);
    },
    async counted(outcome) {
      const text = await metrics.text();
      return Number(new RegExp(`^causeway_dial_total\\{outcome="${outcome}"\\} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
    },
  };
}

t.test('a device that is seen again and again has one dial', async (t) => {
  const { dialler, see } = setScene();
  for (let times = 0; times < 3; times += 1) see('A1');
  see('A2');
  t.equal(dialler.size, 2);
  t.equal(dialler.open, 0);
  see('A1', { local: 2, wants: false });
  t.equal(dialler.size, 1);
  await dialler.stop();
  see('A3');
  t.equal(dialler.size, 1, 'nothing begins after the stop');
});

t.test('what was read earlier and is told later counts no more', async (t) => {
  const { dialler, see } = setScene();
  see('A1', { local: 5 });
  see('A1', { local: 4, wants: false });
  t.equal(dialler.size, 1);
  see('A1', { local: 6, wants: false });
  see('A1', { local: 5 });
  t.equal(dialler.size, 0, 'nor when nothing is left of the device');
  see('A1', { local: 6, template: 2 });
  t.equal(dialler.size, 1);
  see('A1', { template: 1, local: 9, wants: false });
  t.equal(dialler.size, 1, 'of the template likewise');
  see('A1', { boot: 2, local: 1, template: 1, wants: false });
  t.equal(dialler.size, 0, 'a boot is newer than all before');
});

t.test('each failure is counted, and a boot or Reset() begins anew', async (t) => {
  const { dialler, clock, see, counted } = setScene();
  const key = keyOf('A1');
  see('A1');
  t.equal(dialler.retriesOf(key, TARGET.controller), 0);
  clock.advance(1000);
  t.equal(await counted('handshake-timeout'), 1);
  t.equal(dialler.retriesOf(key, TARGET.controller), 1);
  dialler.reset(key, TARGET.controller);
  t.equal(dialler.retriesOf(key, TARGET.controller), 0);
  clock.advance(1000);
  see('A1', { boot: 2 });
  t.equal(dialler.retriesOf(key, TARGET.controller), 0);
  t.equal(dialler.retriesOf(keyOf('A2'), TARGET.controller), undefined);
  await dialler.stop();
});

t.test('the cap is kept, counted and said once', async (t) => {
  const { dialler, lines, see, counted } = setScene({ cap: 2 });
  for (const serial of ['A1', 'A2', 'A3', 'A4']) see(serial);
  t.equal(dialler.size, 2);
  t.equal(await counted('too-many'), 2);
  t.equal(lines.filter((line) => line.includes('usp.dial.cap')).length, 1);
  see('A1', { local: 2, wants: false });
  see('A3');
  t.equal(dialler.size, 2, 'one that ends leaves its place');
  await dialler.stop();
});

t.test('devices of another node are not dialled for, and let go when they have become its', async (t) => {
  let ours = ['02C0DE-Router-A1', '02C0DE-Router-A2'];
  const { dialler, see } = setScene({ isOurs: (device) => ours.includes(device) });
  for (const serial of ['A1', 'A2', 'A3']) see(serial);
  t.equal(dialler.size, 2);
  ours = ['02C0DE-Router-A2', '02C0DE-Router-A3'];
  dialler.letGo();
  t.equal(dialler.size, 1);
  for (const serial of ['A1', 'A2', 'A3']) see(serial);
  t.equal(dialler.size, 2);
  await dialler.stop();
});
