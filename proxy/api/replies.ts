// What the routes of the API share: how a device stands in a path, and how they say that there is no such thing.
import type { FastifyReply } from 'fastify';

export type Id = { readonly Params: { readonly id: string } };

export const notFound = (reply: FastifyReply, message: string): FastifyReply =>
  reply.code(404).send({ error: 'not-found', message });
