// Whose devices a request is about: every route takes the tenant from here, `?tenant=` included, and from nowhere else.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '../access/access.ts';
import { chooseTenant } from '../access/tenant-choice.ts';
import type { Tenancy } from '../device/tenancy.ts';
import type { Metrics } from '../operate/metrics.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Of whoever asks, or the one that the operator named. */
    tenant: string;
  }
}

export interface TenantContext {
  readonly tenancy: Pick<Tenancy, 'has'>;
  readonly metrics: Metrics;
}

/** Before any request has a tenant. */
export function prepareTenants(server: FastifyInstance): void {
  server.decorateRequest('tenant', '');
}

/** The request has its tenant, or has been refused. */
export async function takeTenant(
  { tenancy, metrics }: TenantContext,
  principal: Principal,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const { tenant: asked, ...query } = request.query as Readonly<Record<string, unknown>>;
  // A name that stands twice is no name.
  const named = typeof asked === 'string' || asked === undefined ? asked : '';
  const choice = chooseTenant(principal, named, (tenant) => tenancy.has(tenant));
  if (choice.ok) {
    request.tenant = choice.tenant;
    // The routes refuse names in a query that they do not know.
    request.query = query;
    return;
  }
  metrics.count('request_refused', choice.reason);
  await reply.code(choice.status).send({ error: choice.reason, message: choice.message });
}
