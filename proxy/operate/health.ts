// The operator's own listener: /livez, /readyz and /metrics, and nothing else.
import fastify, { type FastifyInstance } from 'fastify';
import type { Metrics } from './metrics.ts';

/** Why the node is not ready, in words; empty when it is. */
export type ReadyCheck = () => Promise<readonly string[]>;

export function createHealthServer(metrics: Metrics, ready: ReadyCheck): FastifyInstance {
  const server = fastify({ logger: false });
  server.get('/livez', async (_request, reply) => reply.type('text/plain').send('alive\n'));
  server.get('/readyz', async (_request, reply) => {
    const reasons = await ready();
    return reply
      .code(reasons.length === 0 ? 200 : 503)
      .type('text/plain')
      .send(reasons.length === 0 ? 'ready\n' : `${reasons.join('\n')}\n`);
  });
  server.get('/metrics', async (_request, reply) => reply.type('text/plain; version=0.0.4').send(await metrics.text()));
  return server;
}
