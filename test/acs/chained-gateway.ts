// The south of a gateway in chain mode, with a runner of the test's own: each job is one RPC on a CPE, read or journalled
// change, as the runners of the agent make them.
import { join } from 'node:path';
import { loadConfig } from '../../proxy/config/load.ts';
import { CwmpServer } from '../../proxy/cwmp/server.ts';
import { incarnationLength } from '../../proxy/cwmp/cookie.ts';
import type { CpeAccess, Runner, RunResult } from '../../proxy/device/access.ts';
import { DeviceRoom } from '../../proxy/device/room.ts';
import { Tenancy } from '../../proxy/device/tenancy.ts';
import { bind } from '../../proxy/main/listeners.ts';
import { cwmpSettings, deviceSettings } from '../../proxy/main/settings.ts';
import { createWaker } from '../../proxy/main/waker.ts';
import { randomName, systemClock, systemRandomness } from '../../proxy/operate/clock.ts';
import { createLog } from '../../proxy/operate/log.ts';
import { createMetrics } from '../../proxy/operate/metrics.ts';
import { createProfileChoice } from '../../proxy/profile/profile.ts';
import { createEmbeddedStore } from '../../proxy/store/embedded/embedded.ts';
import { openLog } from '../../proxy/store/log/log.ts';
import { FIRST_TENANT, type Store } from '../../proxy/store/store.ts';
import { FREE_PORTS, temporaryFolder } from '../gateway/harness.ts';

interface Test {
  teardown(run: () => unknown): void;
}

export type Job = (access: CpeAccess) => Promise<unknown>;

export interface ChainedGateway {
  readonly url: string;
  readonly store: Store;
  /** Runs a job on a device, in whatever session comes; resolves with what it returned. */
  run(device: string, job: Job): Promise<unknown>;
  counted(outcome: string): Promise<number>;
}

export async function startChainedGateway(
  t: Test,
  upstream: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<ChainedGateway> {
  const { config } = loadConfig({
    file: undefined,
    environment: {},
    flags: [
      ...FREE_PORTS,
      ['cwmp.upstream', upstream],
      ['connectionRequest.username', 'acs'],
      ['connectionRequest.password', 'acs-secret'],
      ...Object.entries(settings),
    ],
  });
  const now = (): number => Date.now();
  const folder = join(temporaryFolder(t), 'data');
  const store = createEmbeddedStore(await openLog({ folder, sync: 'none', clock: now, onEvent: () => undefined }), now);
  const metrics = createMetrics();
  const log = createLog('silent', { write: () => undefined });
  const effects = { clock: systemClock, randomness: systemRandomness, log, metrics, store };
  const incarnation = randomName(systemRandomness, incarnationLength);
  const waker = createWaker(config, systemClock, systemRandomness);
  const jobs = new Map<string, Job>();
  const results = new Map<string, (result: unknown) => void>();
  let count = 0;
  let stopped = false;
  const runner: Runner = {
    async run({ payload }, access): Promise<RunResult> {
      const result = await jobs.get(payload)?.(access);
      results.get(payload)?.(result);
      return { state: 'succeeded', error: '', answer: undefined };
    },
    answerFor(entry, outcome) {
      results.get(entry.payload)?.(outcome);
      return undefined;
    },
  };
  const behaviourOf = createProfileChoice([]);
  const room = new DeviceRoom({
    ...effects,
    incarnation,
    settings: deviceSettings(config),
    tenancy: new Tenancy({ tenants: [FIRST_TENANT], fallback: FIRST_TENANT }, store.devices),
    isAlive: () => true,
    behaviourOf: (subject) => ({ ...behaviourOf(subject), park: 'never' }),
    needs: {
      runner: () => runner,
      derive: async () => undefined,
      bootReads: async () => [],
      forgetGoneRows: () => Promise.resolve(),
      outboxChanged: () => undefined,
      answered: () => undefined,
      transfersWait: async () => undefined,
      operationsWait: async () => undefined,
      wake: (record, notBy) => waker.wake(record, notBy),
      // A CPE that was quiet is called again a moment later: no due work runs here.
      schedule: async (kind, key, at) => {
        if (kind === 'wake')
          systemClock.after(Math.max(0, at - now()), () => (stopped ? undefined : void room.wakeIfWaiting(key)));
      },
    },
  });
  const cwmp = new CwmpServer({
    ...effects,
    incarnation,
    room,
    behaviourOf,
    settings: cwmpSettings(config),
    cookieKey: systemRandomness(32),
    nonceKey: systemRandomness(32),
  });
  const [listener] = cwmp.listeners;
  if (listener === undefined) throw new Error('no listener');
  const { server } = listener;
  const bound = await bind(server, listener.settings.listen, 'cwmp.listen');
  const ownCredentials = { pairsOf: () => ({ current: undefined, next: undefined, unopened: 0 }) };
  waker.listens([bound], [], { stun: undefined, xmpp: undefined, ownCredentials });
  t.teardown(async () => {
    stopped = true;
    cwmp.stop();
    await room.stop(2000);
    server.server.closeAllConnections();
    await server.close();
    await store.close();
  });
  return {
    url: `http://127.0.0.1:${bound.port}`,
    store,
    async run(device, job) {
      count += 1;
      const name = String(count);
      jobs.set(name, job);
      const result = new Promise((resolve) => results.set(name, resolve));
      const key = { tenant: FIRST_TENANT, device };
      const submitted = await room.submit(key, {
        kind: 'job',
        payload: name,
        origin: undefined,
        returnPath: undefined,
      });
      if (submitted.kind !== 'queued') throw new Error(JSON.stringify(submitted));
      return await result;
    },
    async counted(outcome) {
      const line = (await metrics.text())
        .split('\n')
        .find((one) => one.includes(`upstream_total{outcome="${outcome}"}`));
      return line === undefined ? 0 : Number(line.slice(line.lastIndexOf(' ')));
    },
  };
}
