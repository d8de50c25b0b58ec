// Every room of the gateway, each filled with what it needs from the others. Nothing here listens yet.
import type { FastifyInstance } from 'fastify';
import { Agent, USP } from '../agent/agent.ts';
import { ensureController } from '../agent/local-agent/controllers.ts';
import { createApi } from '../api/api.ts';
import type { Config } from '../config/schema.ts';
import { CwmpServer } from '../cwmp/server.ts';
import type { Runner } from '../device/access.ts';
import { SPREAD, spreadRunner } from '../device/inform-spread.ts';
import { ARM, DeviceRoom } from '../device/room.ts';
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
import { agentSettings, cwmpSettings, deviceSettings, TENANT } from './settings.ts';
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
  readonly cookieKey: Uint8Array;
  readonly nonceKey: Uint8Array;
}

export interface Rooms {
  readonly room: DeviceRoom;
  readonly cwmp: CwmpServer;
  readonly api: FastifyInstance;
  readonly webSocket: WebSocketTransport;
  readonly due: DueWork;
  readonly heartbeat: Heartbeat;
}

export function makeRooms(parts: Parts): Rooms {
  const { config, store, version, waker, metrics } = parts;
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
      subscription: (key) => agent.endSubscriptions(key),
    },
  });
  const schedule: DueWork['schedule'] = (kind, key, at) => due.schedule(kind, key, at);
  const room: DeviceRoom = new DeviceRoom({
    ...parts,
    settings: deviceSettings(config),
    isAlive: (incarnation) => heartbeat.isAlive(incarnation),
    behaviourOf: createProfileChoice(loadProfiles(config['profiles.dir'])),
    needs: {
      runner: (kind) => runners.get(kind),
      derive: (record, template) => agent.derive(record, template),
      outboxChanged: (key, controllers) => {
        for (const controller of controllers) outbox.ring(key.tenant, controller, key);
      },
      answered: (entry, returnPath, answer) => endpoint.answered(entry, returnPath, answer),
      wake: (record, notBy) => waker.wake(record, notBy),
      schedule,
    },
  });
  const agent: Agent = new Agent({
    ...parts,
    settings: agentSettings(config, version),
    trees: room.trees,
    views: new Views(),
    submit: (key, submission, record) => room.submit(key, submission, record),
    schedule,
  });
  runners.set(USP, agent.runner);
  runners.set(ARM, agent.armRunner);
  runners.set(SPREAD, spreadRunner);
  const outbox: Outbox = new Outbox({ ...parts, connections, schedule });
  const endpoint: Endpoint = new Endpoint({ ...parts, agent, connections, outbox });
  const cwmp = new CwmpServer({ ...parts, room, settings: cwmpSettings(config) });
  const api = createApi({ ...parts, room, access, hasStun: config['stun.listen'] !== undefined });
  const webSocket = new WebSocketTransport({
    ...parts,
    endpoint,
    connections,
    settings: { access, recordBytes: config['usp.record'], pingMs: config['usp.ping'] },
    known: (tenant, controller) => ensureController(store, tenant, controller),
    connected: (tenant, controller) => outbox.ring(tenant, controller),
    attached: (key) => room.ring(key),
  });
  webSocket.attach(api.server);
  const heartbeat: Heartbeat = new Heartbeat({ ...parts, inherit: (dead) => room.inherit(dead) });
  metrics.gauge('cwmp_sessions', () => cwmp.sessions);
  metrics.gauge('cwmp_parked', () => room.parked);
  metrics.gauge('usp_sockets', () => webSocket.size);
  return { room, cwmp, api, webSocket, due, heartbeat };
}
