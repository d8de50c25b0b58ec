// Enrolments: which devices may come, where cwmp.enrolment is allow-list. A device need not have come before.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Tenancy } from '../device/tenancy.ts';
import type { Clock } from '../operate/clock.ts';
import type { Store } from '../store/store.ts';
import type { Enrolment } from '../store/enrolment-steps.ts';
import { isDeviceId } from '../usp/device-id.ts';
import { namesIn } from './names.ts';
import { readPage } from './page.ts';

export interface EnrolmentContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly tenancy: Pick<Tenancy, 'several'>;
}

type Id = { readonly Params: { readonly id: string } };

const describe = ({ device, at }: Enrolment): { readonly device: string; readonly enrolledAt: string } => ({
  device,
  enrolledAt: new Date(at).toISOString(),
});

/** An OUI is upper-case in every device id, whatever a person types. */
function deviceIn({ url, params }: FastifyRequest<Id>): string | undefined {
  const named = namesIn(url, params.id).find(isDeviceId);
  return named?.replace(/^[^-]*/, (oui) => oui.toUpperCase());
}

const noId = (reply: FastifyReply): FastifyReply =>
  reply.code(400).send({ error: 'bad-request', message: 'a device id is OUI-ProductClass-SerialNumber' });

export function enrolmentRoutes(server: FastifyInstance, { store, clock, tenancy }: EnrolmentContext): void {
  server.get('/api/v1/enrolments', async (request, reply) => {
    const page = readPage(request.query);
    if (!page.ok) return reply.code(400).send({ error: 'bad-request', message: page.message });
    const enrolments = await store.enrolments.listEnrolled(request.tenant, page.after, page.limit);
    const last = enrolments.length === page.limit ? enrolments.at(-1)?.device : undefined;
    return { enrolments: enrolments.map(describe), next: last ?? null };
  });

  server.put<Id>('/api/v1/enrolments/:id', async (request, reply) => {
    const device = deviceIn(request);
    if (device === undefined) return noId(reply);
    const outcome = await store.enrolments.enrol({ tenant: request.tenant, device }, clock.now(), tenancy.several);
    if (outcome !== 'elsewhere') return { device, outcome };
    return reply.code(409).send({ error: 'other-tenant', message: 'the device belongs to another tenant' });
  });

  server.delete<Id>('/api/v1/enrolments/:id', async (request, reply) => {
    const device = deviceIn(request);
    if (device === undefined) return noId(reply);
    return { device, outcome: await store.enrolments.revoke({ tenant: request.tenant, device }) };
  });
}
