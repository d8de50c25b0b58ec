// What a server of S3 may do that the real one of the other tests never does.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Test } from 'tap';
import t from 'tap';
import type { BucketAddress } from '../../../proxy/store/blobs/bucket-client.ts';
import { openBucket } from './bucket-scene.ts';
import { ABOUT, bodyOf, store } from './folder.ts';

const ID = 'ABCDEFGHIJKLMNOPQRST';
const MIB = 1 << 20;

/** A method, a path with its query, and the body's length. */
type Asked = string;
interface Server {
  readonly address: BucketAddress;
  readonly asked: readonly Asked[];
}

const listing = (...objects: readonly string[]): string => `<ListBucketResult>${objects.join('')}</ListBucketResult>`;
const object = (key: string, modified: string): string =>
  `<Contents><Key>${key}</Key><Size>1</Size><LastModified>${modified}</LastModified></Contents>`;

/** `answer` says what to answer; undefined: as an empty bucket does. Closed with the test. */
async function startServer(
  t: Test,
  answer: (asked: Asked, response: ServerResponse) => readonly [number, string] | 'answered' | undefined,
): Promise<Server> {
  const asked: Asked[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let length = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) length += chunk.length;
    const what = `${request.method ?? ''} ${decodeURIComponent(request.url ?? '')}${length > 0 ? ` ${length}` : ''}`;
    asked.push(what);
    const said = answer(what, response) ?? usual(what);
    if (said === 'answered') return;
    response.writeHead(said[0], { ETag: '"e"' }).end(said[1]);
  };
  const server = createServer((request, response) => void take(request, response).catch(() => response.destroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('no port');
  const endpoint = `http://127.0.0.1:${bound.port}`;
  const keys = { accessKeyId: 'key', secretAccessKey: 'secret' };
  return { address: { endpoint, bucket: 'b', prefix: 'p/', region: 'r', ...keys }, asked };
}

function usual(asked: Asked): readonly [number, string] {
  if (asked.startsWith('GET /b?list-type')) return [200, listing()];
  if (asked.startsWith('GET')) return [404, ''];
  if (/^POST \S+\?uploads=/.test(asked)) {
    return [200, '<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>'];
  }
  if (asked.startsWith('POST')) return [200, '<CompleteMultipartUploadResult/>'];
  return [asked.startsWith('DELETE') ? 204 : 200, ''];
}

const writes = ({ asked }: Server): readonly string[] =>
  asked.filter((what) => !what.startsWith('GET')).map((what) => what.replace(/[A-Z2-7]{20}/, 'ID'));

t.test('a multipart upload that is cut off is aborted', async (t) => {
  const server = await startServer(t, () => undefined);
  const blobs = await openBucket(t, server.address);
  t.same(await blobs.put(bodyOf(Buffer.alloc(9 * MIB), new Error('gone')), ABOUT), { kind: 'cut-off' });
  t.same(writes(server), [
    'POST /b/p/ID?uploads=',
    `PUT /b/p/ID?partNumber=1&uploadId=u1 ${8 * MIB}`,
    'DELETE /b/p/ID?uploadId=u1',
    'DELETE /b/p/ID',
  ]);
});

t.test('a wrong secret key ends the start, and is not told', async (t) => {
  const server = await startServer(t, () => [403, '<Error><Code>SignatureDoesNotMatch</Code></Error>']);
  const wrong = { ...server.address, secretAccessKey: 'very-secret' };
  const refused: unknown = await openBucket(t, wrong).catch((error: unknown) => error);
  t.match(refused, { code: 'CAUSEWAY_CONFIG_INVALID', message: /SignatureDoesNotMatch: check .*files\.secretKey/ });
  t.notMatch(String(refused), /very-secret/);
});

t.test('a completion that fails with status 200 stores nothing', async (t) => {
  const server = await startServer(t, (asked) =>
    /^POST \S+\?uploadId/.test(asked) ? [200, '<Error><Code>InternalError</Code></Error>'] : undefined,
  );
  const blobs = await openBucket(t, server.address);
  await t.rejects(blobs.put(bodyOf(Buffer.alloc(9 * MIB)), ABOUT), {
    code: 'CAUSEWAY_STORE_AWAY',
    message: /InternalError/,
  });
  t.ok(writes(server).includes('DELETE /b/p/ID?uploadId=u1'));
  t.notOk(writes(server).some((what) => what.startsWith('PUT /b/p/ID.json')));
});

t.test('a server that is busy is asked again, three times in all', async (t) => {
  let busy = 2;
  const server = await startServer(t, (asked) => {
    if (!asked.startsWith('PUT')) return undefined;
    busy -= 1;
    return busy >= 0 ? [503, '<Error><Code>SlowDown</Code></Error>'] : undefined;
  });
  const blobs = await openBucket(t, server.address);
  await store(blobs, Buffer.from('x'));
  busy = 3;
  await t.rejects(blobs.put(bodyOf(Buffer.from('x')), ABOUT), { code: 'CAUSEWAY_STORE_AWAY', message: /SlowDown/ });
});

t.test('a bucket that is full is a refusal', async (t) => {
  const full = [403, '<Error><Code>QuotaExceeded</Code></Error>'] as const;
  const server = await startServer(t, (asked) => (asked.startsWith('PUT') ? full : undefined));
  const blobs = await openBucket(t, server.address);
  for (const size of [1, 9 * MIB]) {
    t.same(await blobs.put(bodyOf(Buffer.alloc(size)), ABOUT), { kind: 'refused', reason: 'disk-full' });
  }
});

t.test('a server that says nothing is given up', async (t) => {
  let silent = false;
  const server = await startServer(t, () => (silent ? 'answered' : undefined));
  const blobs = await openBucket(t, server.address, { timeoutMs: 200 });
  silent = true;
  await t.rejects(blobs.find(ID), { code: 'CAUSEWAY_STORE_TIMEOUT', message: /files\.bucket/ });
});

t.test('a body that stands still is given up, and one that nobody reads is ended', async (t) => {
  const document = { v: 1, id: ID, ...ABOUT, size: 64 * MIB, checksums: {}, storedAt: 1 };
  let closed: Promise<unknown> = Promise.resolve();
  let whole = false;
  let written = 0;
  const server = await startServer(t, (asked, response) => {
    if (asked.startsWith(`GET /b/p/${ID}.json`)) return [200, JSON.stringify(document)];
    if (!asked.startsWith(`GET /b/p/${ID}`)) return undefined;
    closed = once(response, 'close');
    response.writeHead(206);
    response.write(Buffer.alloc(MIB));
    const more = (): void => {
      while (whole && written < document.size && response.write(Buffer.alloc(MIB))) written += MIB;
    };
    response.on('drain', more);
    more();
    return 'answered';
  });
  const blobs = await openBucket(t, server.address, { timeoutMs: 300 });
  const read = async (): Promise<void> => {
    for await (const chunk of (await blobs.read(ID, 0, document.size)) ?? []) t.ok(chunk.length > 0);
  };
  await t.rejects(read(), { code: 'CAUSEWAY_STORE_TIMEOUT' });
  await closed;
  whole = true;
  for await (const chunk of (await blobs.read(ID, 0, document.size)) ?? []) {
    t.ok(chunk.length > 0);
    // Far longer than a server on this machine needs to send all of it to one that reads ahead.
    await new Promise((resolve) => setTimeout(resolve, 200));
    break;
  }
  await closed;
  t.ok(written < document.size / 2, `${written} bytes were sent to a reader of one chunk`);
});

t.test('what dead nodes left is removed after a day, and nothing else', async (t) => {
  const [old, now] = ['2020-01-01T00:00:00.000Z', new Date().toISOString()];
  const [A, B, C] = ['A', 'B', 'C'].map((letter) => letter.repeat(20));
  const upload = (key: string, id: string, at: string): string =>
    `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${at}</Initiated></Upload>`;
  const uploads = [upload(`p/${A}`, 'u1', old), upload(`p/${B}`, 'u2', now), upload('p/theirs', 'u3', old)];
  const objects = [
    object(`p/${A}`, old),
    object(`p/${B}`, now),
    object(`p/${C}`, old),
    object(`p/${C}.json`, old),
    object('p/README', old),
  ];
  const server = await startServer(t, (asked) => {
    if (asked.startsWith('GET /b?list-type')) return [200, listing(...objects)];
    if (!asked.startsWith('GET /b?uploads')) return undefined;
    return [200, `<ListMultipartUploadsResult>${uploads.join('')}</ListMultipartUploadsResult>`];
  });
  const told: unknown[] = [];
  await new Promise<void>((resolve, reject) => {
    const onEvent = (event: unknown): void => {
      told.push(event);
      resolve();
    };
    openBucket(t, server.address, { onEvent }).catch(reject);
  });
  t.same(told, [{ kind: 'halves removed', count: 2 }]);
  t.same(
    server.asked.filter((what) => what.startsWith('DELETE')),
    [`DELETE /b/p/${A}`, `DELETE /b/p/${A}?uploadId=u1`],
  );
});
