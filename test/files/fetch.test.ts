// Files that the gateway itself fetches, from real servers that do what servers do.
import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import t, { type Test } from 'tap';
import { parseHosts } from '../../proxy/access/hosts.ts';
import { systemResolve } from '../../proxy/access/names.ts';
import { type FetchOrder, FileFetcher } from '../../proxy/files/fetch/fetch.ts';
import { systemClock } from '../../proxy/operate/clock.ts';
import type { Blobs } from '../../proxy/store/blobs/blobs.ts';
import { createMetrics } from '../../proxy/operate/metrics.ts';
import { createLog } from '../../proxy/operate/log.ts';
import { blobFolder } from '../store/blobs/folder.ts';

const IMAGE = randomBytes(300_000);
const SHA256 = createHash('sha256').update(IMAGE).digest('hex');

interface Source {
  readonly url: string;
  readonly port: number;
  readonly requests: IncomingMessage[];
}

async function serve(t: Test, answer: RequestListener): Promise<Source> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  }).listen(0, '127.0.0.1');
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/image.bin`, port, requests };
}

interface Fetching {
  readonly fetcher: FileFetcher;
  readonly blobs: Blobs;
  readonly counted: string[];
}

async function fetching(
  t: Test,
  hosts: readonly string[],
  more: Partial<{ answerMs: number; maxBytes: number }> = {},
): Promise<Fetching> {
  const parsed = parseHosts(hosts);
  if (!parsed.ok) throw new Error(parsed.entry);
  const blobs = await blobFolder(t).open({ maxBytes: more.maxBytes ?? 1_000_000 });
  const counted: string[] = [];
  const fetcher = new FileFetcher({
    blobs,
    clock: systemClock,
    log: createLog('silent'),
    metrics: { ...createMetrics(), count: (_name, value) => void counted.push(value) },
    policy: parsed.policy,
    resolve: systemResolve,
    answerMs: more.answerMs ?? 5000,
    idleMs: 5000,
    most: 2,
  });
  return { fetcher, blobs, counted };
}

const order = (url: string, more: Partial<FetchOrder> = {}): FetchOrder => ({
  url,
  username: '',
  password: '',
  about: { name: 'image.bin', fileType: '', vendor: '', model: '', version: '', device: '' },
  size: undefined,
  checksum: undefined,
  signal: new AbortController().signal,
  ...more,
});

const LOOPBACK = ['127.0.0.1'];
const image: RequestListener = (_request, response) => void response.end(IMAGE);

t.test('an image with the promised size and checksum is kept', async (t) => {
  const source = await serve(t, image);
  const { fetcher, blobs, counted } = await fetching(t, LOOPBACK);
  const fetched = await fetcher.fetch(
    order(source.url, {
      username: 'user',
      password: 'secret',
      size: IMAGE.length,
      checksum: { algorithm: 'SHA-256', value: SHA256.toUpperCase() },
    }),
  );
  t.match(fetched, { kind: 'stored', blob: { size: IMAGE.length, name: 'image.bin' } });
  t.equal((await blobs.list()).length, 1);
  t.equal(source.requests[0]?.headers.authorization, `Basic ${Buffer.from('user:secret').toString('base64')}`);
  t.equal(source.requests[0]?.headers['accept-encoding'], 'identity');
  t.same(counted, ['stored']);
});

t.test('what is not what was promised is not kept', async (t) => {
  const source = await serve(t, image);
  const { fetcher, blobs } = await fetching(t, LOOPBACK);
  const wrong = { algorithm: 'SHA-256', value: SHA256.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) } as const;
  t.match(await fetcher.fetch(order(source.url, { checksum: wrong })), { kind: 'failed', reason: 'wrong-checksum' });
  t.match(await fetcher.fetch(order(source.url, { size: 7 })), { kind: 'failed', reason: 'wrong-size' });
  t.same(await blobs.list(), []);
});

t.test('only hosts that are listed are asked', async (t) => {
  const source = await serve(t, image);
  const off = await fetching(t, []);
  t.match(off.fetcher.refusal(source.url), /files.sources/);
  const { fetcher } = await fetching(t, ['localhost', `127.0.0.2:${source.port}`]);
  const cases = [
    [source.url, 'host-not-allowed'],
    [`http://localhost:${source.port}/image.bin`, 'address-not-allowed'],
    ['ftp://127.0.0.2/image.bin', 'bad-url'],
    ['image.bin', 'bad-url'],
    [`http://me:secret@127.0.0.2:${source.port}/`, 'credentials-in-url'],
  ] as const;
  for (const [url, reason] of cases) t.match(await fetcher.fetch(order(url)), { kind: 'failed', reason }, url);
  t.equal(source.requests.length, 0);
});

t.test('redirections are judged each, and credentials stay with their server', async (t) => {
  const target = await serve(t, image);
  const source = await serve(t, (request, response) => {
    const location = request.url === '/away' ? 'http://192.0.2.1/image.bin' : target.url;
    response.writeHead(302, { Location: request.url === '/round' ? '/round' : location }).end();
  });
  const { fetcher } = await fetching(t, LOOPBACK);
  t.match(await fetcher.fetch(order(source.url, { username: 'user', password: 'secret' })), { kind: 'stored' });
  t.equal(target.requests[0]?.headers.authorization, undefined);
  const at = (path: string): string => new URL(path, source.url).href;
  t.match(await fetcher.fetch(order(at('/away'))), { kind: 'failed', reason: 'host-not-allowed' });
  t.match(await fetcher.fetch(order(at('/round'))), { kind: 'failed', reason: 'too-many-redirections' });
});

t.test('servers that do not give the file leave nothing behind', async (t) => {
  const { fetcher, blobs } = await fetching(t, LOOPBACK, { answerMs: 100, maxBytes: 200_000 });
  const gone = await serve(t, (_request, response) => void response.writeHead(404).end('no such file'));
  t.match(await fetcher.fetch(order(gone.url)), { kind: 'failed', reason: 'status', detail: /404/ });
  const silent = await serve(t, () => undefined);
  t.match(await fetcher.fetch(order(silent.url)), { kind: 'failed', reason: 'no-answer' });
  const large = await serve(t, image);
  t.match(await fetcher.fetch(order(large.url)), { kind: 'failed', reason: 'file-too-large' });
  const cut = await serve(t, (_request, response) => {
    response.writeHead(200, { 'Content-Length': 100_000 });
    response.write(IMAGE.subarray(0, 1000), () => response.destroy());
  });
  t.match(await fetcher.fetch(order(cut.url)), { kind: 'failed', reason: 'cut-off' });
  const closed = await serve(t, image);
  t.match(await fetcher.fetch(order(closed.url.replace(/:\d+/, ':1'))), { kind: 'failed', reason: 'not-reached' });
  t.same(await blobs.list(), []);
});

t.test('more than so many at once are refused', async (t) => {
  const waiting: (() => void)[] = [];
  const source = await serve(t, (_request, response) => void waiting.push(() => response.end(IMAGE)));
  const { fetcher } = await fetching(t, LOOPBACK);
  const running = [fetcher.fetch(order(source.url)), fetcher.fetch(order(source.url))];
  t.match(await fetcher.fetch(order(source.url)), { kind: 'failed', reason: 'too-many-fetches' });
  while (waiting.length < 2) await new Promise((resolve) => setImmediate(resolve));
  for (const answer of waiting) answer();
  t.match(await Promise.all(running), [{ kind: 'stored' }, { kind: 'stored' }]);
});
