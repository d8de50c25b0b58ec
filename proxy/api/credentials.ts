// Credentials that devices have of their own: replaced, or forgotten. No route ever shows one.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { OwnCredentials } from '../device/credentials/own-credentials.ts';
import type { DeviceRoom } from '../device/room.ts';
import type { DeviceRecord } from '../store/device-steps.ts';
import type { Store } from '../store/store.ts';
import { requestName } from './describe-request.ts';
import { type Id, notFound } from './replies.ts';

export interface CredentialsAccess {
  readonly store: Pick<Store, 'credentials'>;
  readonly room: Pick<DeviceRoom, 'submit'>;
  readonly ownCredentials: Pick<OwnCredentials, 'provides' | 'submission'>;
}

export function credentialRoutes(
  server: FastifyInstance,
  { store, room, ownCredentials }: CredentialsAccess,
  find: (request: FastifyRequest<Id>) => Promise<DeviceRecord | undefined>,
): void {
  server.post<Id>('/api/v1/devices/:id/credentials/rotate', async (request, reply) => {
    const device = await find(request);
    if (device === undefined) return notFound(reply, 'no such device');
    if (!ownCredentials.provides) return refuse(reply, 409, 'not-provided', 'credentials.provision is not set');
    const submitted = await room.submit(device.key, ownCredentials.submission(device.key.device), device);
    if (submitted.kind === 'refused') {
      return refuse(reply, 503, submitted.reason, 'the device takes no further request now');
    }
    return reply.code(202).send({ request: requestName(device.key, submitted.id) });
  });

  server.delete<Id>('/api/v1/devices/:id/credentials', async (request, reply) => {
    const device = await find(request);
    if (device === undefined) return notFound(reply, 'no such device');
    const outcome = await store.credentials.forgetCredentials(device.key);
    return { device: device.key.device, outcome };
  });
}

const refuse = (reply: FastifyReply, status: number, error: string, message: string): FastifyReply =>
  reply.code(status).send({ error, message });
