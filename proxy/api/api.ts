// The REST API, version 1: devices, their requests, the doctor, and files. JSON out; errors are `{ error, message }`.
import { createServer } from 'node:http';
import fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerFactory,
} from 'fastify';
import type { Access } from '../access/access.ts';
import { shownBy } from '../access/shown.ts';
import type { TlsServers } from '../access/tls-server.ts';
import { RELEASE } from '../device/release.ts';
import type { DeviceRoom } from '../device/room.ts';
import type { Tenancy } from '../device/tenancy.ts';
import type { DeviceTransfers } from '../device/transfers/transfers.ts';
import type { Templates } from '../agent/template/templates.ts';
import type { Clock } from '../operate/clock.ts';
import type { Metrics } from '../operate/metrics.ts';
import type { DeviceRecord } from '../store/device-steps.ts';
import type { Store } from '../store/store.ts';
import { isDeviceId } from '../usp/device-id.ts';
import { ARRIVAL_MS, boundArrival } from './arrival.ts';
import { describeDevice } from './describe-device.ts';
import { describeRequest, parseRequestName, requestName, summarizeRequest } from './describe-request.ts';
import { examine } from './doctor.ts';
import { type CredentialsAccess, credentialRoutes } from './credentials.ts';
import { enrolmentRoutes } from './enrolments.ts';
import { type FilesAccess, fileRoutes } from './files.ts';
import { readReleaseOrder } from './release.ts';
import { type MapAccess, mapRoutes } from './map.ts';
import { namesIn } from './names.ts';
import { readPage } from './page.ts';
import { type Id, notFound } from './replies.ts';
import { templateRoutes } from './template.ts';
import { prepareTenants, takeTenant } from './tenant.ts';
import { transferRoutes } from './transfers.ts';

export interface ApiContext extends MapAccess {
  readonly store: Store;
  readonly room: DeviceRoom;
  readonly transfers: DeviceTransfers;
  readonly files: FilesAccess;
  readonly ownCredentials: CredentialsAccess['ownCredentials'];
  readonly clock: Clock;
  readonly access: Access;
  readonly metrics: Metrics;
  /** Undefined: plain HTTP. */
  readonly tls: TlsServers | undefined;
  readonly version: string;
  /** Whether CPEs can be called by UDP. */
  readonly hasStun: boolean;
  readonly tenancy: Tenancy;
  readonly templates: Templates;
}

/** A full mailbox and as many outcomes as are kept. */
const REQUESTS_LISTED = 128;
/** A device id of three fields of 256 characters, each percent-encoded twice. */
const LONGEST_NAME = 12_000;

/** Longer than load balancers keep connections that nobody uses. */
const KEEP_ALIVE_MS = 72_000;
/** Who has not sent the head of a request by then is not going to; bodies are bounded by arrival.ts. */
const TIMES = { headersTimeout: ARRIVAL_MS, requestTimeout: 0, keepAliveTimeout: KEEP_ALIVE_MS };

/** Answers are for whoever asked, now: no cache, no other site's page, no guess at their type. */
const HEADERS = {
  'Cache-Control': 'no-store',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
};

export function createApi(context: ApiContext): FastifyInstance {
  const { access, metrics, tls } = context;
  const fail = (error: unknown, reply: FastifyReply): FastifyReply => {
    const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
    if (status >= 500) metrics.count('failure', 'api');
    const message = status < 500 && error instanceof Error ? error.message : 'internal error';
    return reply
      .code(status)
      .headers(HEADERS)
      .send({ error: status < 500 ? 'bad-request' : 'internal', message });
  };
  const serverFactory: FastifyServerFactory = (handler) =>
    tls === undefined ? createServer(TIMES, handler) : tls.create(TIMES, handler);
  const server = fastify({
    logger: false,
    serverFactory,
    routerOptions: { maxParamLength: LONGEST_NAME },
    // A path that does not decode comes this way.
    frameworkErrors: (error, _request, reply) => void fail(error, reply),
  });
  server.addHook('preClose', async () => tls?.endHandshakes());
  prepareTenants(server);
  server.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS);
    boundArrival(request.raw, context.clock);
    const admission = await access.admit(shownBy(request.raw), '');
    if (admission.kind === 'admitted') return takeTenant(context, admission.principal, request, reply);
    metrics.count('request_refused', admission.reason);
    if (admission.status === 401) reply.header('WWW-Authenticate', 'Bearer');
    if (admission.retryAfter !== undefined) reply.header('Retry-After', admission.retryAfter);
    await reply.code(admission.status).send({ error: admission.reason, message: admission.message });
  });
  server.setErrorHandler(async (error, _request, reply) => fail(error, reply));
  server.setNotFoundHandler(async (_request, reply) => notFound(reply, 'no such resource'));
  deviceRoutes(server, context);
  requestRoutes(server, context);
  enrolmentRoutes(server, context);
  credentialRoutes(server, context, (request) => findDevice(context, request));
  transferRoutes(server, context, (request) => findDevice(context, request));
  mapRoutes(server, context, (request) => findDevice(context, request));
  fileRoutes(server, context.files, context.store.images);
  templateRoutes(server, context.templates);
  return server;
}

function deviceRoutes(server: FastifyInstance, context: ApiContext): void {
  const { store, room, clock, version } = context;

  server.get('/api/v1', async () => ({ name: 'causeway', version }));

  server.get('/api/v1/devices', async (request, reply) => {
    const page = readPage(request.query);
    if (!page.ok) return reply.code(400).send({ error: 'bad-request', message: page.message });
    const devices = await store.devices.listDevices(request.tenant, page.after, page.limit);
    const last = devices.length === page.limit ? devices.at(-1)?.key.device : undefined;
    return { devices: devices.map((device) => describeDevice(device, clock.now())), next: last ?? null };
  });

  server.get<Id>('/api/v1/devices/:id', async (request, reply) => {
    const device = await findDevice(context, request);
    return device === undefined ? notFound(reply, 'no such device') : describeDevice(device, clock.now());
  });

  server.post<Id>('/api/v1/devices/:id/doctor', async (request, reply) => {
    const device = await findDevice(context, request);
    return device === undefined ? notFound(reply, 'no such device') : examine(device, room, clock, context.hasStun);
  });

  server.post<Id>('/api/v1/devices/:id/release', async (request, reply) => {
    const device = await findDevice(context, request);
    if (device === undefined) return notFound(reply, 'no such device');
    const read = readReleaseOrder(request.body);
    if (!read.ok) return reply.code(400).send({ error: 'bad-request', message: read.message });
    const payload = JSON.stringify(read.order);
    const entry = { kind: RELEASE, payload, origin: undefined, returnPath: undefined };
    const submitted = await room.submit(device.key, entry, device);
    if (submitted.kind !== 'refused') {
      return reply.code(202).send({ request: requestName(device.key, submitted.id) });
    }
    return reply.code(503).send({ error: submitted.reason, message: 'the device takes no further request now' });
  });
}

function requestRoutes(server: FastifyInstance, context: ApiContext): void {
  const { store } = context;

  server.get<Id>('/api/v1/devices/:id/requests', async (request, reply) => {
    const device = await findDevice(context, request);
    if (device === undefined) return notFound(reply, 'no such device');
    const requests = await store.mailbox.listRequests(device.key, REQUESTS_LISTED);
    return { requests: requests.map((one) => summarizeRequest(device.key, one)) };
  });

  server.get<Id>('/api/v1/requests/:id', async (request, reply) => {
    for (const name of namesIn(request.url, request.params.id)) {
      const parsed = parseRequestName(name);
      if (parsed === undefined) continue;
      const key = { tenant: request.tenant, device: parsed.device };
      const found = await store.mailbox.readRequest(key, parsed.id);
      if (found !== undefined) return describeRequest(key, found);
    }
    return notFound(reply, 'no such request; outcomes are kept for 10 minutes');
  });
}

async function findDevice(
  { store }: ApiContext,
  { url, params, tenant }: FastifyRequest<Id>,
): Promise<DeviceRecord | undefined> {
  for (const device of namesIn(url, params.id)) {
    const found = isDeviceId(device) ? await store.devices.readDevice({ tenant, device }) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
