// The template of a tenant: what every Agent of it starts from. Its version is its ETag; a change under If-Match of another
// one is refused with 412.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Template, TemplateOutcome, Templates } from '../agent/template/templates.ts';
import { readChanges, readIfMatch, readObjects } from './template-body.ts';

const PATH = '/api/v1/template';

export function templateRoutes(server: FastifyInstance, templates: Templates): void {
  server.get(PATH, async ({ tenant }, reply) => answer(reply, tenant, await templates.read(tenant)));

  server.put(PATH, async (request, reply) => {
    const body = readObjects(request.body);
    if (!body.ok) return badRequest(reply, body.message);
    return change(request, reply, (version) => templates.replace(request.tenant, version, body.value));
  });

  server.patch(PATH, async (request, reply) => {
    const body = readChanges(request.body);
    if (!body.ok) return badRequest(reply, body.message);
    return change(request, reply, (version) => templates.change(request.tenant, version, body.value));
  });
}

async function change(
  request: FastifyRequest,
  reply: FastifyReply,
  edit: (version: number | undefined) => Promise<TemplateOutcome>,
): Promise<FastifyReply> {
  const match = readIfMatch(request.headers['if-match']);
  if (!match.ok) return badRequest(reply, match.message);
  const outcome = await edit(match.value);
  if (outcome.kind === 'changed') return answer(reply, request.tenant, outcome.template, outcome.created);
  if (outcome.kind === 'conflict') {
    const message = `the template is of version ${outcome.version} now`;
    return reply.code(412).header('ETag', tagOf(outcome)).send({ error: 'other-version', message });
  }
  const { path, code, why } = outcome;
  return reply.code(400).send({ error: 'bad-template', message: `${path}: ${why}`, path, code });
}

const tagOf = ({ version }: { readonly version: number }): string => `"${version}"`;

const answer = (reply: FastifyReply, tenant: string, template: Template, created?: readonly string[]): FastifyReply =>
  reply.header('ETag', tagOf(template)).send({ tenant, ...template, ...(created === undefined ? {} : { created }) });

const badRequest = (reply: FastifyReply, message: string): FastifyReply =>
  reply.code(400).send({ error: 'bad-request', message });
