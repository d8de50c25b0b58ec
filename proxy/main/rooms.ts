// Every room of the gateway, each filled with what it needs from the others. Nothing here listens yet.
import type { FastifyInstance } from 'fastify';
import { Agent, USP } from '../agent/agent.ts';
import { ensureController } from '../agent/local-agent/controller/controllers.ts';
import { createApi } from '../api/api.ts';
import type { Config } from '../config/schema.ts';
import { CwmpServer } from '../cwmp/server.ts';
import type { Runner } from '../device/access.ts';
import { OwnCredentials } from '../device/credentials/own-credentials.ts';
import { CREDENTIALS } from '../device/credentials/runner.ts';
import { SPREAD, spreadRunner } from '../device/inform-spread.ts';
import { RELEASE, releaseRunner } from '../device/release.ts';
import { ARM, DeviceRoom } from '../device/room.ts';
import { TRANSFER } from '../device/transfers/runner.ts';
import { DeviceTransfers, TRANSFER_DUE } from '../device/transfers/transfers.ts';
import { Connections } from '../endpoint/connections.ts';
import { Endpoint } from '../endpoint/endpoint.ts';
import { Outbox } from '../endpoint/outbox.ts';
import { Views } from '../mapping/views.ts';
import { WebSocketTransport } from '../mtp/websocket.ts';
import { DueWork } from '../nodes/due.ts';
import { Heartbeat } from '../nodes/heartbeat.ts';
import type { Clock, Randomness } from '../operate/clock.ts';
import type { Log } from '../operate/log.ts';
import type { Metrics } from '../operate/metrics.ts';
import { createProfileChoice } from '../profile/profile.ts';
import type { Store } from '../store/store.ts';
import { loadProfiles } from './profiles.ts';
import {
  agentSettings,
  cwmpSettings,
  deviceSettings,
  ownCredentialsSettings,
  TENANT,
  transferSettings,
} from './settings.ts';
import type { Files } from './files.ts';
import type { Waker } from './waker.ts';

export interface Parts {
  readonly config: Config;
  readonly version: string;
  readonly incarnation: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly waker: Waker;
  readonly files: Files;
  readonly cookieKey: Uint8Array;
  readonly nonceKey: Uint8Array;
  /** Of credentials in the store, where the settings name none. */
  readonly sealingKey: Uint8Array;
}

export interface Rooms {
  readonly room: DeviceRoom;
  readonly cwmp: CwmpServer;
  readonly ownCredentials: OwnCredentials;
  readonly api: FastifyInstance;
  readonly files: Files;
  readonly webSocket: WebSocketTransport;
  readonly due: DueWork;
  readonly heartbeat: Heartbeat;
}

export function makeRooms(parts: Parts): Rooms {
  const { config, store, version, waker, metrics, sealingKey } = parts;
  const access = { tenant: TENANT, token: config['http.token'] };
  const connections = new Connections(parts.incarnation);
  const runners = new Map<string, Runner>();
  const due: DueWork = new DueWork({
    ...parts,
    handlers: {
      deadline: (key) => room.expire(key),
      wake: (key) => room.wakeIfWaiting(key),
      events: (key) => room.deriveLeft(key),
      notify: (key) => outbox.look(key),
      [TRANSFER_DUE]: (key) => transfers.expire(key),
      subscription: (key) => agent.endSubscriptions(key),
    },
  });
  const schedule: DueWork['schedule'] = (kind, key, at) => due.schedule(kind, key, at);
  const behaviourOf = createProfileChoice(loadProfiles(config['profiles.dir']));
  const ownCredentials = new OwnCredentials({ ...parts, settings: ownCredentialsSettings(config, sealingKey) });
  // A session that is held is one in which the CPE does not tell its ACS anything.
  const room: DeviceRoom = new DeviceRoom({
    ...parts,
    ownCredentials,
    settings: deviceSettings(config),
    isAlive: (incarnation) => heartbeat.isAlive(incarnation),
    behaviourOf:
      config['cwmp.upstream'] === '' ? behaviourOf : (subject) => ({ ...behaviourOf(subject), park: 'never' }),
    needs: {
      runner: (kind) => runners.get(kind),
      derive: (record, template) => agent.derive(record, template),
      outboxChanged: (key, controllers) => {
        for (const controller of controllers) outbox.ring(key.tenant, controller, key);
      },
      answered: (entry, returnPath, answer) => endpoint.answered(entry, returnPath, answer),
      wake: (record, notBy) => waker.wake(record, notBy),
      transfersWait: (key) => transfers.askWaiting(key),
      schedule,
    },
  });
  const transfers: DeviceTransfers = new DeviceTransfers({
    ...parts,
    settings: transferSettings(config),
    submit: (key, submission) => room.submit(key, submission),
    schedule,
  });
  const agent: Agent = new Agent({
    ...parts,
    settings: agentSettings(config, version),
    trees: room.trees,
    views: new Views(),
    submit: (key, submission, record) => room.submit(key, submission, record),
    schedule,
  });
  for (const [kind, runner] of runnersOf(parts, { agent, transfers, ownCredentials })) runners.set(kind, runner);
  const outbox: Outbox = new Outbox({ ...parts, connections, schedule });
  const endpoint: Endpoint = new Endpoint({ ...parts, agent, connections, outbox });
  const cwmp = new CwmpServer({ ...parts, room, behaviourOf, ownCredentials, settings: cwmpSettings(config) });
  const api = createApi({
    ...parts,
    room,
    ownCredentials,
    transfers,
    access,
    hasStun: config['stun.listen'] !== undefined,
  });
  const webSocket = new WebSocketTransport({
    ...parts,
    endpoint,
    connections,
    settings: { access, recordBytes: config['usp.record'], pingMs: config['usp.ping'] },
    known: ({ tenant, endpointId, standing, roles }) => ensureController(store, tenant, endpointId, standing, roles),
    connected: (tenant, controller) => outbox.ring(tenant, controller),
    attached: (key) => room.ring(key),
  });
  webSocket.attach(api.server);
  const heartbeat: Heartbeat = new Heartbeat({ ...parts, inherit: (dead) => room.inherit(dead) });
  metrics.gauge('cwmp_sessions', () => cwmp.sessions);
  metrics.gauge('cwmp_parked', () => room.parked);
  metrics.gauge('usp_sockets', () => webSocket.size);
  return { room, cwmp, ownCredentials, api, files: parts.files, webSocket, due, heartbeat };
}

type Runs = { readonly agent: Agent; readonly transfers: DeviceTransfers; readonly ownCredentials: OwnCredentials };

/** By the kind of their entries. */
const runnersOf = (
  parts: Parts,
  { agent, transfers, ownCredentials }: Runs,
): readonly (readonly [string, Runner])[] => [
  [USP, agent.runner],
  [ARM, agent.armRunner],
  [TRANSFER, transfers.runner],
  [RELEASE, releaseRunner(parts)],
  [SPREAD, spreadRunner],
  [CREDENTIALS, ownCredentials.runner],
];
