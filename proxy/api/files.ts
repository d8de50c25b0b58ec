// Files in the API: listed, added, removed, loaded again; and URLs under which CPEs load or bring them.
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Blob, type Blobs, isOf, owned, tenantOf } from '../store/blobs/blobs.ts';
import type { ImageSteps } from '../store/image-steps.ts';
import {
  type FileDescription,
  describeFile,
  describeGrant,
  type GrantWish,
  PUT_REFUSALS,
  readAbout,
  readGrantWish,
} from './describe-file.ts';
import { readPage } from './page.ts';

interface Granted {
  readonly url: string;
  readonly expiresAt: number;
  readonly count: number;
}

/** What the routes need of the file server's room. */
export interface FilesAccess {
  readonly blobs: Blobs;
  readonly grants: {
    /** Undefined where there is no such file. */
    grantDownload(blobId: string, device: string, terms: GrantWish['terms']): Promise<Granted | undefined>;
    grantUpload(
      device: string,
      about: { readonly name: string; readonly fileType: string; readonly tenant?: string },
      terms: GrantWish['terms'],
    ): Promise<Granted>;
  };
}

type Id = { readonly Params: { readonly id: string } };

const notFound = (reply: FastifyReply): FastifyReply =>
  reply.code(404).send({ error: 'not-found', message: 'no such file' });
const badRequest = (reply: FastifyReply, message: string): FastifyReply =>
  reply.code(400).send({ error: 'bad-request', message });

export function fileRoutes(
  server: FastifyInstance,
  { blobs, grants }: FilesAccess,
  images: Pick<ImageSteps, 'countUses'>,
): void {
  const described = async (blob: Blob): Promise<FileDescription> =>
    describeFile(blob, blob.shared === true ? await images.countUses({ tenant: tenantOf(blob), blob: blob.id }) : null);
  const find = async ({ params, tenant }: FastifyRequest<Id>): Promise<Blob | undefined> => {
    const blob = await blobs.find(params.id);
    return blob !== undefined && isOf(tenant, blob) ? blob : undefined;
  };

  server.get('/api/v1/files', async (request, reply) => {
    const page = readPage(request.query);
    if (!page.ok) return badRequest(reply, page.message);
    const all = (await blobs.list()).filter((blob) => isOf(request.tenant, blob));
    const from = page.after === '' ? 0 : all.findIndex(({ id }) => id === page.after) + 1;
    if (page.after !== '' && from === 0) return badRequest(reply, 'after names no file');
    const files = all.slice(from, from + page.limit);
    return {
      files: await Promise.all(files.map(described)),
      next: from + files.length < all.length ? files.at(-1)?.id : null,
    };
  });

  server.get<Id>('/api/v1/files/:id', async (request, reply) => {
    const blob = await find(request);
    return blob === undefined ? notFound(reply) : described(blob);
  });

  server.get<Id>('/api/v1/files/:id/content', async (request, reply) => {
    const blob = await find(request);
    const body = blob === undefined ? undefined : await blobs.read(blob.id, 0, blob.size);
    if (blob === undefined || body === undefined) return notFound(reply);
    reply.type('application/octet-stream').header('Content-Length', blob.size);
    return reply.header('Content-Disposition', 'attachment').send(Readable.from(copies(body)));
  });

  server.delete<Id>('/api/v1/files/:id', async (request, reply) => {
    const blob = await find(request);
    if (blob === undefined) return notFound(reply);
    const description = await described(blob);
    return (await blobs.remove(blob.id)) ? description : notFound(reply);
  });

  server.post<Id>('/api/v1/files/:id/grants', async (request, reply) => {
    const wish = readGrantWish(request.body);
    if (!wish.ok) return badRequest(reply, wish.message);
    const { device, terms, name, fileType } = wish.value;
    if (name !== '' || fileType !== '') return badRequest(reply, 'name and type are of uploads');
    const blob = await find(request);
    const granted = blob && (await grants.grantDownload(blob.id, device, terms));
    return granted === undefined ? notFound(reply) : reply.code(201).send(describeGrant(granted));
  });

  server.post('/api/v1/files/uploads', async ({ body, tenant }, reply) => {
    const wish = readGrantWish(body);
    if (!wish.ok) return badRequest(reply, wish.message);
    const { device, terms, name, fileType } = wish.value;
    const about = { name: name === '' ? 'upload' : name, fileType, ...owned(tenant) };
    return reply.code(201).send(describeGrant(await grants.grantUpload(device, about, terms)));
  });

  // A scope of its own, in which bodies of whatever type stay streams.
  void server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request: FastifyRequest, body: IncomingMessage, done) => done(null, body));
    scope.route({
      method: ['POST', 'PUT'],
      url: '/api/v1/files',
      handler: async (request, reply) => add(blobs, request, reply),
    });
  });
}

async function add(blobs: Blobs, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const about = readAbout(request.query);
  if (!about.ok) return badRequest(reply, about.message);
  const refusal = await blobs.refusal(Number(request.headers['content-length'] ?? 0));
  if (refusal !== undefined) return refusedPut(reply, refusal);
  const body = request.raw.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>;
  const put = await blobs.put(body, { ...about.value, ...owned(request.tenant) });
  if (put.kind === 'refused') return refusedPut(reply, put.reason);
  if (put.kind === 'cut-off') return badRequest(reply, 'the file broke off');
  return reply.code(201).send(describeFile(put.blob, null));
}

function refusedPut(reply: FastifyReply, reason: keyof typeof PUT_REFUSALS): FastifyReply {
  const { status, message } = PUT_REFUSALS[reason];
  return reply.code(status).send({ error: reason, message });
}

/** A stream reads ahead of its reader, when a chunk's memory is used again already. */
async function* copies(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void> {
  for await (const chunk of chunks) yield Buffer.from(chunk);
}
