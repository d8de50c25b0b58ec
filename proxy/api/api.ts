// The REST API, version 1: devices, their requests, and the doctor. JSON in and out; errors are `{ error, message }`.
import type { IncomingHttpHeaders } from 'node:http';
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { type AccessSettings, admit, type Shown } from '../access/access.ts';
import type { DeviceRoom } from '../device/room.ts';
import type { Clock } from '../operate/clock.ts';
import type { Metrics } from '../operate/metrics.ts';
import type { Store } from '../store/store.ts';
import { describeDevice } from './describe-device.ts';
import { examine } from './doctor.ts';
import { describeRequest, parseRequestName } from './describe-request.ts';

export interface ApiContext {
  readonly store: Store;
  readonly room: DeviceRoom;
  readonly clock: Clock;
  readonly access: AccessSettings;
  readonly metrics: Metrics;
  readonly version: string;
}

const PAGE = 100;
const LARGEST_PAGE = 1000;
const REQUESTS_LISTED = 64;

const notFound = (reply: FastifyReply, message: string): FastifyReply =>
  reply.code(404).send({ error: 'not-found', message });

const shown = ({ authorization, origin }: IncomingHttpHeaders): Shown => ({ authorization, origin });

export function createApi(context: ApiContext): FastifyInstance {
  const server = fastify({ logger: false, routerOptions: { maxParamLength: 600 } });
  server.addHook('onRequest', async (request, reply) => {
    const admission = admit(context.access, shown(request.headers), '');
    if (admission.kind === 'admitted') return;
    context.metrics.count('request_refused', admission.reason);
    await reply
      .code(401)
      .header('WWW-Authenticate', 'Bearer')
      .send({ error: admission.reason, message: 'a Bearer token is wanted (setting http.token)' });
  });
  server.setErrorHandler(async (error, _request, reply) => {
    const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
    if (status >= 500) context.metrics.count('failure', 'api');
    const message = status < 500 && error instanceof Error ? error.message : 'internal error';
    return reply.code(status).send({ error: status < 500 ? 'bad-request' : 'internal', message });
  });
  server.setNotFoundHandler(async (_request, reply) => notFound(reply, 'no such resource'));
  deviceRoutes(server, context);
  return server;
}

function deviceRoutes(server: FastifyInstance, { store, room, clock, access, version }: ApiContext): void {
  const { tenant } = access;

  server.get('/api/v1', async () => ({ name: 'causeway', version }));

  server.get<{ Querystring: { after?: string; limit?: string } }>('/api/v1/devices', async (request) => {
    const asked = Number(request.query.limit ?? PAGE);
    const limit = Math.min(LARGEST_PAGE, Math.max(1, Number.isInteger(asked) ? asked : PAGE));
    const devices = await store.devices.listDevices(tenant, request.query.after ?? '', limit);
    const last = devices.length === limit ? devices.at(-1)?.key.device : undefined;
    return { devices: devices.map((device) => describeDevice(device, clock.now())), next: last ?? null };
  });

  server.get<{ Params: { id: string } }>('/api/v1/devices/:id', async (request, reply) => {
    const device = await store.devices.readDevice({ tenant, device: request.params.id });
    return device === undefined ? notFound(reply, 'no such device') : describeDevice(device, clock.now());
  });

  server.get<{ Params: { id: string } }>('/api/v1/devices/:id/requests', async (request, reply) => {
    const key = { tenant, device: request.params.id };
    if ((await store.devices.readDevice(key)) === undefined) return notFound(reply, 'no such device');
    const requests = await store.mailbox.listRequests(key, REQUESTS_LISTED);
    return { requests: requests.map((one) => describeRequest(key, one)) };
  });

  server.get<{ Params: { id: string } }>('/api/v1/requests/:id', async (request, reply) => {
    const name = parseRequestName(request.params.id);
    const key = name === undefined ? undefined : { tenant, device: name.device };
    const found = key === undefined || name === undefined ? undefined : await store.mailbox.readRequest(key, name.id);
    return found === undefined || key === undefined
      ? notFound(reply, 'no such request; outcomes are kept for 10 minutes')
      : describeRequest(key, found);
  });

  server.post<{ Params: { id: string } }>('/api/v1/devices/:id/doctor', async (request, reply) => {
    const device = await store.devices.readDevice({ tenant, device: request.params.id });
    return device === undefined ? notFound(reply, 'no such device') : examine(device, room, clock);
  });
}
