// Every room of the gateway, each filled with what it needs from the others. Nothing here listens yet.
import type { X509Certificate } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { type Access, createAccess } from '../access/access.ts';
import type { TlsServers } from '../access/tls-server.ts';
import { Agent, USP } from '../agent/agent.ts';
import { CONFIG } from '../agent/subscriptions/config-entries.ts';
import { OPERATION } from '../agent/operations/operations.ts';
import { Templates } from '../agent/template/templates.ts';
import { createApi } from '../api/api.ts';
import type { Config } from '../config/schema.ts';
import { CwmpServer } from '../cwmp/server.ts';
import type { Runner } from '../device/access.ts';
import { OwnCredentials } from '../device/credentials/own-credentials.ts';
import { CREDENTIALS } from '../device/credentials/runner.ts';
import { SPREAD, spreadRunner } from '../device/inform-spread.ts';
import { OwnRequests } from '../device/own-requests.ts';
import { RELEASE, releaseRunner } from '../device/release.ts';
import { ARM, DeviceRoom } from '../device/room.ts';
import { TRANSFER } from '../device/transfers/runner.ts';
import { Tenancy } from '../device/tenancy.ts';
import { DeviceTransfers, TRANSFER_DUE } from '../device/transfers/transfers.ts';
import { Connections } from '../endpoint/connections.ts';
import { Endpoint } from '../endpoint/endpoint.ts';
import { Limits } from '../endpoint/limits.ts';
import { Outbox } from '../endpoint/outbox.ts';
import { SessionContexts } from '../endpoint/session-context/contexts.ts';
import { sessionWishes, type Wishes } from '../endpoint/session-context/wishes.ts';
import { EXPLAIN, explainer, explainRunner } from '../mapping/explain.ts';
import { Views } from '../mapping/views.ts';
import { WebSocketTransport } from '../mtp/websocket.ts';
import { DueWork } from '../nodes/due.ts';
import { Heartbeat } from '../nodes/heartbeat.ts';
import type { Clock, Randomness } from '../operate/clock.ts';
import type { Log } from '../operate/log.ts';
import type { Metrics } from '../operate/metrics.ts';
import { createProfileChoice } from '../profile/profile.ts';
import type { Store } from '../store/store.ts';
import { accessSettings } from './access.ts';
import { controllerRows, type KeptDoors, makeDoors } from './doors.ts';
import { type Dials, makeDials } from './dials.ts';
import { factsOfNode } from './facts-of-node.ts';
import { loadProfiles } from './profiles.ts';
import { tenancySettings } from './tenants.ts';
import {
  agentSettings,
  cwmpSettings,
  deviceSettings,
  limitSettings,
  ownCredentialsSettings,
  transferSettings,
} from './settings.ts';
import type { Files } from './files.ts';
import { createImages } from './images.ts';
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
  /** Of http.listen; undefined: plain HTTP. */
  readonly tls: TlsServers | undefined;
  /** Who may sign Records. */
  readonly trusted: readonly X509Certificate[];
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
  readonly dials: Dials;
  readonly doors: KeptDoors | undefined;
  readonly due: DueWork;
  readonly heartbeat: Heartbeat;
}

/** What is due is not told in the same moment. */
const ANSWER_LATE_MS = 5000;

export function makeRooms(given: Parts): Rooms {
  const { config, version, waker, files, sealingKey } = given;
  const tenancy = new Tenancy(tenancySettings(config), given.store.devices);
  const { doors, templates, access } = makeEntrance(given, tenancy.fallback);
  const parts = { ...given, tenancy, templates, limits: new Limits(limitSettings(config)) };
  const { connections, contexts } = waysOf(parts);
  const runners = new Map<string, Runner>();
  const due: DueWork = new DueWork({
    ...parts,
    handlers: {
      deadline: (key) => room.expire(key),
      wake: (key) => room.wakeIfWaiting(key),
      events: (key) => room.deriveLeft(key),
      notify: (key) => outbox.look(key),
      [TRANSFER_DUE]: (key) => transfers.expire(key),
      subscription: (key) => agent.lookAfter(key),
      [OPERATION]: (key) => agent.operations.due(key),
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
      derive: (record, template, read) => {
        dials.seen(record, template);
        return agent.telling.derive(record, template, read);
      },
      bootReads: (record, template) => agent.telling.bootReads(record, template),
      forgetGoneRows: (record, tree) => agent.forgetGoneRows(record, tree),
      outboxChanged: (key, controllers) => controllers.forEach((one) => outbox.ring(key.tenant, one, key)),
      answered: (entry, path, answer) => own.answered(path, answer) || endpoint.answered(entry, path, answer),
      wake: (record, notBy) => waker.wake(record, notBy),
      transfersWait: (key) => transfers.askWaiting(key),
      operationsWait: (record, codes) => agent.operations.arrived(record, codes),
      schedule,
    },
  });
  const submit: DeviceRoom['submit'] = (key, submission, record) => room.submit(key, submission, record);
  const own = new OwnRequests({ ...parts, submit, limitMs: config['request.deadline'] + ANSWER_LATE_MS });
  const settings = transferSettings(config);
  const transfers: DeviceTransfers = new DeviceTransfers({ ...parts, settings, submit, schedule });
  const known = { trees: room.trees, views: new Views(config['mapping.rules']) };
  const agent: Agent = new Agent({
    ...parts,
    settings: { ...agentSettings(config, version), ...factsOfNode(() => ({ dials, wishes })) },
    transfers,
    images: createImages(parts.files),
    ...known,
    submit,
    derive: (key) => room.noticed(key),
    schedule,
    rowsChanged: (key) => [dials, wishes].forEach((one) => one.changed(key)),
  });
  for (const [kind, runner] of runnersOf(parts, { agent, transfers, ownCredentials, known })) runners.set(kind, runner);
  const wishes: Wishes = sessionWishes({ ...parts, agent, connections, contexts });
  const outbox: Outbox = new Outbox({ ...parts, agent, connections, contexts, schedule });
  const endpoint: Endpoint = new Endpoint({ ...parts, agent, connections, contexts, outbox });
  const cwmp = new CwmpServer({ ...parts, room, behaviourOf, ownCredentials, settings: cwmpSettings(config) });
  const explain = explainer(known);
  const hasStun = config['stun.listen'] !== undefined;
  const api = createApi({ ...parts, room, ownCredentials, transfers, access, hasStun, explain, own });
  const webSocket = makeWebSocket(parts, { access, room, endpoint, connections, outbox });
  webSocket.attach(api.server);
  const dials: Dials = makeDials({ ...parts, agent, endpoint, connections, outbox });
  const heartbeat: Heartbeat = new Heartbeat({
    ...parts,
    inherit: (dead) => room.inherit(dead),
    seen: (alive) => dials.alive(alive),
  });
  return measured({ room, cwmp, ownCredentials, api, files, webSocket, dials, doors, due, heartbeat }, parts);
}

/** Who is let in, and the rows that have a say in it. */
function makeEntrance(
  given: Parts,
  tenant: string,
): { readonly doors: KeptDoors | undefined; readonly templates: Templates; readonly access: Access } {
  const { config, version } = given;
  const doors = makeDoors(given);
  const changed = async (): Promise<void> => doors?.changed();
  return {
    doors,
    templates: new Templates({ ...given, settings: agentSettings(config, version), changed }),
    access: createAccess({ ...accessSettings(config, tenant, given), doors }),
  };
}

function measured(rooms: Rooms, { metrics }: Pick<Parts, 'metrics'>): Rooms {
  metrics.gauge('cwmp_sessions', () => rooms.cwmp.sessions);
  metrics.gauge('cwmp_parked', () => rooms.room.parked);
  metrics.gauge('usp_sockets', () => rooms.webSocket.size);
  return rooms;
}

/** Where Records go to Controllers, and in which Session Contexts. */
function waysOf(parts: Parts): { readonly connections: Connections; readonly contexts: SessionContexts } {
  const connections = new Connections(parts.incarnation);
  const contexts = new SessionContexts({ ...parts, connections });
  parts.metrics.gauge('usp_contexts', () => contexts.size);
  return { connections, contexts };
}

interface North {
  readonly access: Access;
  readonly room: DeviceRoom;
  readonly endpoint: Endpoint;
  readonly connections: Connections;
  readonly outbox: Outbox;
}

const makeWebSocket = (
  parts: Parts & { readonly tenancy: Tenancy; readonly limits: Limits },
  { access, room, endpoint, connections, outbox }: North,
): WebSocketTransport =>
  new WebSocketTransport({
    ...parts,
    endpoint,
    connections,
    settings: { access, recordBytes: parts.config['usp.record'], pingMs: parts.config['usp.ping'] },
    known: controllerRows(parts),
    connected: (tenant, controller) => outbox.ring(tenant, controller),
    attached: (key) => room.ring(key),
  });

interface Runs {
  readonly agent: Agent;
  readonly transfers: DeviceTransfers;
  readonly ownCredentials: OwnCredentials;
  readonly known: Parameters<typeof explainRunner>[0];
}

/** By the kind of their entries. */
const runnersOf = (
  parts: Parts,
  { agent, transfers, ownCredentials, known }: Runs,
): readonly (readonly [string, Runner])[] => [
  [USP, agent.runner],
  [CONFIG, agent.configRunner],
  [ARM, agent.armRunner],
  [OPERATION, agent.operationRunner],
  [TRANSFER, transfers.runner],
  [RELEASE, releaseRunner(parts)],
  [SPREAD, spreadRunner],
  [CREDENTIALS, ownCredentials.runner],
  [EXPLAIN, explainRunner(known)],
];
