// The gateway of one process: opens the store, makes the rooms, listens; and stops in order.
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config/schema.ts';
import type { StunSocket } from '../cwmp/connection-request/stun/server.ts';
import { KEY_BYTES } from '../device/credentials/sealing.ts';
import { incarnationLength } from '../cwmp/cookie.ts';
import { type Clock, randomName, type Randomness } from '../operate/clock.ts';
import { drain } from '../operate/drain.ts';
import { createHealthServer } from '../operate/health.ts';
import type { Log } from '../operate/log.ts';
import { createMetrics } from '../operate/metrics.ts';
import type { Store } from '../store/store.ts';
import { keepCertificates, renewedListeners } from './certificates.ts';
import { wantedListeners } from './cwmp-listeners.ts';
import { checkExposure } from './exposure.ts';
import { openFiles } from './files.ts';
import { httpTls, renewedHttp } from './http-tls.ts';
import { sweepImages } from './images.ts';
import { bind, bindStun, type BoundAddress, closeServers, formatAddress, machineAddresses } from './listeners.ts';
import { makeRooms, type Parts, type Rooms } from './rooms.ts';
import { checkCredentials } from './settings.ts';
import { openStore } from './store.ts';
import { readTrust } from './trust.ts';
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
    /** Of cwmp.listen; of the first of cwmp.listeners where that is not set. */
    readonly cwmp: string;
    /** Of cwmp.listeners, in their order. */
    readonly cwmpListeners: readonly string[];
    readonly http: string;
    readonly operate: string;
    readonly files: string;
    readonly stun?: string;
  };
  /** True when everything ended within its time; resolves within 25 s in any case. */
  stop(): Promise<boolean>;
  /** Reads the certificates of all listeners again; those that cannot be used change nothing. */
  reload(): void;
}

const SECRET_LENGTH = 32;
/** Of one step of the stop. */
const STOP_LIMIT_MS = 5000;
/** Of all steps together: Kubernetes kills 30 s after it has asked (terminationGracePeriodSeconds). */
const STOP_BUDGET_MS = 25_000;

type Bound = Readonly<Record<'operate' | 'http' | 'files', BoundAddress>> & { readonly cwmp: readonly BoundAddress[] };

function packageVersion(): string {
  const path = fileURLToPath(import.meta.resolve('#package'));
  return (JSON.parse(readFileSync(path, 'utf8')) as { readonly version: string }).version;
}

/** Made at first start, and the same for all nodes. */
async function processKeys(
  { tenants }: Store,
  randomness: Randomness,
): Promise<Pick<Parts, 'cookieKey' | 'nonceKey' | 'sealingKey'>> {
  const [cookieKey, nonceKey, sealingKey] = await Promise.all([
    tenants.secret('cookie', randomness(SECRET_LENGTH)),
    tenants.secret('nonce', randomness(SECRET_LENGTH)),
    tenants.secret('credentials', randomness(KEY_BYTES)),
  ]);
  return { cookieKey, nonceKey, sealingKey };
}

/** Starts everything and resolves when all listeners are bound. Rejects with a CausewayError that names the setting. */
export async function startGateway(config: Config, { clock, randomness, log }: Effects): Promise<Gateway> {
  checkExposure(config);
  checkXmpp(config);
  checkCredentials(config);
  const version = packageVersion();
  const incarnation = randomName(randomness, incarnationLength);
  const metrics = createMetrics();
  const tls = httpTls(config, metrics);
  const waker = createWaker(config, clock, randomness);
  const trusted = readTrust(config['usp.trust']);
  const store = await openStore(config, clock, log);
  const keys = await processKeys(store, randomness);
  const effects = { clock, randomness, log, metrics };
  const files = await openFiles({ config, store, ...effects }).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  const rooms = makeRooms({ config, version, incarnation, store, waker, files, tls, trusted, ...keys, ...effects });
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
      { name: 'close the files', limitMs: STOP_LIMIT_MS, run: () => files.blobs.close() },
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
  const certificates = keepCertificates(
    [...renewedListeners(wantedListeners(config), rooms.cwmp.listeners), ...renewedHttp(config, tls)],
    effects,
  );
  files.listens(formatAddress(bound.files));
  const { operate, cwmp, http } = bound;
  const everywhere = [operate, ...cwmp, http, bound.files, ...(stun === undefined ? [] : [stun.bound])];
  waker.listens(everywhere, machineAddresses(), { stun, xmpp, ownCredentials: rooms.ownCredentials });
  rooms.due.start();
  rooms.dials.start();
  rooms.doors?.start();
  const stopSweeping = sweepImages({ files, store, ...effects });
  phase = 'up';
  const addresses = addressesOf(config, bound, stun);
  log.info({ ...addresses, node: config['node.id'] || hostname(), incarnation, version }, 'Causeway is up');
  return {
    addresses,
    stop() {
      certificates.stop();
      rooms.doors?.stop();
      stopSweeping();
      return stop();
    },
    reload() {
      certificates.reload();
      rooms.dials.reload();
    },
  };
}

function addressesOf(config: Config, bound: Bound, stun: StunSocket | undefined): Gateway['addresses'] {
  return {
    operate: formatAddress(bound.operate),
    ...cwmpAddresses(config, bound.cwmp.map(formatAddress)),
    http: formatAddress(bound.http),
    files: formatAddress(bound.files),
    ...(stun !== undefined && { stun: formatAddress(stun.bound) }),
  };
}

function cwmpAddresses(config: Config, bound: readonly string[]): Pick<Gateway['addresses'], 'cwmp' | 'cwmpListeners'> {
  const cwmpListeners = config['cwmp.listen'] === undefined ? bound : bound.slice(1);
  return { cwmp: bound[0] ?? '', cwmpListeners };
}

async function listen(config: Config, health: FastifyInstance, { heartbeat, cwmp, api, files }: Rooms): Promise<Bound> {
  const operate = await bind(health, config['operate.listen'], 'operate.listen');
  // Nothing is claimed by an incarnation that nobody knows.
  await heartbeat.start();
  return {
    operate,
    cwmp: await Promise.all(cwmp.listeners.map(({ server, settings }) => bind(server, settings.listen, settings.name))),
    http: await bind(api, config['http.listen'], 'http.listen'),
    files: await bind(files.server.server, config['files.listen'], 'files.listen'),
  };
}

async function stopRooms(rooms: Rooms, log: Log, last: Parameters<typeof drain>[0]): Promise<boolean> {
  const limitMs = STOP_LIMIT_MS;
  const { room, cwmp, api, files, webSocket, dials, due, heartbeat } = rooms;
  cwmp.stop();
  const unfinished = await drain(
    [
      // Held responses first: a server's close waits for them.
      { name: 'release parked CPEs', limitMs, run: (givenMs) => room.stop(givenMs) },
      { name: 'hang up what Agents have dialled', limitMs, run: () => dials.stop() },
      { name: 'close WebSockets', limitMs, run: async () => webSocket.stop() },
      { name: 'close listeners', limitMs, run: () => closeServers([...cwmp.servers, api, files.server.server]) },
      { name: 'note what was transferred', limitMs, run: () => files.server.settled() },
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
