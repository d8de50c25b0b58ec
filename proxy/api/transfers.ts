// Transfers by REST: asked for, listed, looked at, cancelled. Each is long work: the answer to a POST tells its key, and
// a GET by that key how it stands.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { faultOf } from '../device/transfers/order.ts';
import type { TransferCancelled } from '../device/transfers/transfers.ts';
import type { DeviceRecord } from '../store/device-steps.ts';
import type { ApiContext } from './api.ts';
import { requestName } from './describe-request.ts';
import { describeTransfer } from './describe-transfer.ts';
import { type Id, notFound } from './replies.ts';
import { readTransferBody } from './transfer-body.ts';

/** A ScheduleDownload with all its fields at their longest is a few KiB. */
const LARGEST_BODY = 16 * 1024;

type Key = { readonly Params: { readonly id: string; readonly key: string } };
type FindDevice = (request: FastifyRequest<Id>) => Promise<DeviceRecord | undefined>;

const NO_DEVICE = 'no such device';
const NO_TRANSFER = 'no such transfer; of those that ended, the last 16 are kept for 7 days';

export function transferRoutes(server: FastifyInstance, { transfers, clock }: ApiContext, find: FindDevice): void {
  const refuse = (reply: FastifyReply, status: number, error: string, message: string): FastifyReply =>
    reply.code(status).send({ error, message });

  server.post<Id>('/api/v1/devices/:id/transfers', { bodyLimit: LARGEST_BODY }, async (request, reply) => {
    const device = await find(request);
    if (device === undefined) return notFound(reply, NO_DEVICE);
    const body = readTransferBody(request.body);
    if (!body.ok) return refuse(reply, 400, 'bad-request', body.message);
    const fault = faultOf(body.order, body.secrets, transfers.keepMs);
    if (fault !== undefined) return refuse(reply, 400, 'bad-request', fault);
    const begun = await transfers.begin(device.key, body.order, body.secrets);
    if (begun.kind === 'begun') return reply.code(202).send(describeTransfer(begun.transfer, device, clock.now()));
    if (begun.reason === 'unknown-device') return notFound(reply, NO_DEVICE);
    return refuse(reply, 409, 'too-many-transfers', 'as many transfers as transfer.cap allows have not ended');
  });

  server.get<Id>('/api/v1/devices/:id/transfers', async (request, reply) => {
    const device = await find(request);
    if (device === undefined) return notFound(reply, NO_DEVICE);
    const listed = await transfers.list(device.key);
    return { transfers: listed.map((transfer) => describeTransfer(transfer, device, clock.now())) };
  });

  server.get<Key>('/api/v1/devices/:id/transfers/:key', async (request, reply) => {
    const device = await find(request);
    if (device === undefined) return notFound(reply, NO_DEVICE);
    const found = (await transfers.list(device.key)).find(({ CommandKey }) => CommandKey === request.params.key);
    return found === undefined ? notFound(reply, NO_TRANSFER) : describeTransfer(found, device, clock.now());
  });

  server.delete<Key>('/api/v1/devices/:id/transfers/:key', async (request, reply) => {
    const device = await find(request);
    if (device === undefined) return notFound(reply, NO_DEVICE);
    const cancelled = await transfers.cancel(device.key, request.params.key);
    if (cancelled.kind === 'cancelled') return { state: 'cancelled', request: null };
    if (cancelled.kind === 'asking') {
      return reply.code(202).send({ state: 'cancelling', request: requestName(device.key, cancelled.request) });
    }
    if (cancelled.kind === 'refused' && cancelled.reason === 'unknown') return notFound(reply, NO_TRANSFER);
    return refuse(reply, 409, cancelled.kind === 'ended' ? 'ended' : cancelled.reason, whyNot(cancelled));
  });
}

function whyNot(cancelled: Extract<TransferCancelled, { readonly kind: 'ended' | 'refused' }>): string {
  if (cancelled.kind === 'ended') return `the transfer has ended: ${cancelled.state}`;
  return cancelled.reason === 'full'
    ? 'the mailbox of the device is full; try again'
    : 'a ChangeDUState that was asked for cannot be cancelled: CWMP has no way to';
}
