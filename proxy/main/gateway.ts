// The gateway of one process: opens the store, makes the rooms, listens; and stops in order.
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config/schema.ts';
import type { StunSocket } from '../cwmp/connection-request/stun/server.ts';
import { incarnationLength } from '../cwmp/cookie.ts';
import { type Clock, randomName, type Randomness } from '../operate/clock.ts';
import { drain } from '../operate/drain.ts';
import { createHealthServer } from '../operate/health.ts';
import type { Log } from '../operate/log.ts';
import { createMetrics } from '../operate/metrics.ts';
import { checkExposure } from './exposure.ts';
import { bind, bindStun, type BoundAddress, closeServers, formatAddress, machineAddresses } from './listeners.ts';
import { makeRooms, type Rooms } from './rooms.ts';
import { openStore } from './store.ts';
import { createWaker } from './waker.ts';
import { checkXmpp, connectXmpp } from './xmpp.ts';

export interface Effects {
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly log: Log;
}

export interface Gateway {
  /** Addresses really bound, as `host:port`. */
  readonly addresses: {
    readonly cwmp: string;
    readonly http: string;
    readonly operate: string;
    readonly stun?: string;
  };
  /** True when everything ended within its time; resolves within 25 s in any case. */
  stop(): Promise<boolean>;
}

const SECRET_LENGTH = 32;
/** Of one step of the stop. */
const STOP_LIMIT_MS = 5000;
/** Of all steps together: Kubernetes kills 30 s after it has asked (terminationGracePeriodSeconds). */
const STOP_BUDGET_MS = 25_000;

function packageVersion(): string {
  const path = fileURLToPath(import.meta.resolve('#package'));
  return (JSON.parse(readFileSync(path, 'utf8')) as { readonly version: string }).version;
}

/** Starts everything and resolves when all listeners are bound. Rejects with a CausewayError that names the setting. */
export async function startGateway(config: Config, { clock, randomness, log }: Effects): Promise<Gateway> {
  checkExposure(config);
  checkXmpp(config);
  const version = packageVersion();
  const incarnation = randomName(randomness, incarnationLength);
  const metrics = createMetrics();
  const waker = createWaker(config, clock, randomness);
  const store = await openStore(config, clock, log);
  const [cookieKey, nonceKey] = await Promise.all([
    store.tenants.secret('cookie', randomness(SECRET_LENGTH)),
    store.tenants.secret('nonce', randomness(SECRET_LENGTH)),
  ]);
  const effects = { clock, randomness, log, metrics };
  const rooms = makeRooms({ config, version, incarnation, store, waker, cookieKey, nonceKey, ...effects });
  const xmpp = connectXmpp(config, effects, incarnation);
  let phase: 'starting' | 'up' | 'stopping' = 'starting';
  const health = createHealthServer(metrics, async () => {
    const away = await store.ping().then(
      () => [],
      () => ['the store does not answer'],
    );
    return phase === 'up' ? away : [phase, ...away];
  });
  let stun: StunSocket | undefined;
  const stop = (): Promise<boolean> => {
    phase = 'stopping';
    return stopRooms(rooms, log, [
      { name: 'close XMPP', limitMs: STOP_LIMIT_MS, run: async () => xmpp?.close() },
      { name: 'close STUN', limitMs: STOP_LIMIT_MS, run: async () => stun?.close() },
      { name: 'close the store', limitMs: STOP_LIMIT_MS, run: () => store.close() },
      { name: 'close health', limitMs: STOP_LIMIT_MS, run: () => closeServers([health]) },
    ]);
  };
  const bound = await (async () => {
    stun = await bindStun(config, { clock, count: (outcome) => metrics.count('stun', outcome) });
    return listen(config, health, rooms);
  })().catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  const listeners = [...Object.values(bound), ...(stun === undefined ? [] : [stun.bound])];
  waker.listens(listeners, machineAddresses(), { stun, xmpp });
  rooms.due.start();
  phase = 'up';
  const addresses = {
    operate: formatAddress(bound.operate),
    cwmp: formatAddress(bound.cwmp),
    http: formatAddress(bound.http),
    ...(stun !== undefined && { stun: formatAddress(stun.bound) }),
  };
  log.info({ ...addresses, node: config['node.id'] || hostname(), incarnation, version }, 'Causeway is up');
  return { addresses, stop };
}

async function listen(
  config: Config,
  health: FastifyInstance,
  { heartbeat, cwmp, api }: Rooms,
): Promise<Readonly<Record<'operate' | 'cwmp' | 'http', BoundAddress>>> {
  const operate = await bind(health, config['operate.listen'], 'operate.listen');
  // Nothing is claimed by an incarnation that nobody knows.
  await heartbeat.start();
  return {
    operate,
    cwmp: await bind(cwmp.server, config['cwmp.listen'], 'cwmp.listen'),
    http: await bind(api, config['http.listen'], 'http.listen'),
  };
}

async function stopRooms(rooms: Rooms, log: Log, last: Parameters<typeof drain>[0]): Promise<boolean> {
  const limitMs = STOP_LIMIT_MS;
  const { room, cwmp, api, webSocket, due, heartbeat } = rooms;
  cwmp.stop();
  const unfinished = await drain(
    [
      // Held responses first: a server's close waits for them.
      { name: 'release parked CPEs', limitMs, run: (givenMs) => room.stop(givenMs) },
      { name: 'close WebSockets', limitMs, run: async () => webSocket.stop() },
      { name: 'close listeners', limitMs, run: () => closeServers([cwmp.server, api]) },
      { name: 'finish due work', limitMs, run: () => due.stop() },
      { name: 'end the heartbeat', limitMs, run: () => heartbeat.stop() },
      ...last,
    ],
    STOP_BUDGET_MS,
    log,
  );
  log.info({ unfinished }, 'stopped');
  return unfinished.length === 0;
}
