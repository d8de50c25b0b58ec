// How the model of a device is shown: GET …/devices/<id>/map?path=Device.WiFi.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Explain } from '../mapping/explain.ts';
import type { DeviceRecord } from '../store/device-steps.ts';
import { type Id, notFound } from './replies.ts';

type FindDevice = (request: FastifyRequest<Id>) => Promise<DeviceRecord | undefined>;

const WANTED = 'path wants a path of Device:2 without wildcards: Device.WiFi.SSID.1.SSID, Device.WiFi.';

function pathIn(query: unknown): string | undefined {
  const path = typeof query === 'object' && query !== null && 'path' in query ? query.path : undefined;
  return typeof path === 'string' && /^Device\.[\w.-]*$/.test(path) ? path : undefined;
}

export function mapRoutes(server: FastifyInstance, explain: Explain, findDevice: FindDevice): void {
  server.get<Id>('/api/v1/devices/:id/map', async (request, reply) => {
    const path = pathIn(request.query);
    if (path === undefined) return reply.code(400).send({ error: 'bad-request', message: WANTED });
    const device = await findDevice(request);
    if (device === undefined) return notFound(reply, 'no such device');
    const explained = await explain(device, path);
    if (explained === undefined) return notFound(reply, 'nothing is known of the model of this device yet');
    if (explained.parameters.length === 0) return notFound(reply, `the device has nothing at ${path}`);
    const { root, parameters, cut } = explained;
    const described = parameters.map(({ path, rules, cpeNames }) => ({ path, rules, parameters: cpeNames }));
    return { path, root, parameters: described, more: cut };
  });
}
