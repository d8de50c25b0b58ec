// Shared images between a real server that they come from, a real folder and a real store.
import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';
import { parseHosts } from '../../../proxy/access/hosts.ts';
import { systemResolve } from '../../../proxy/access/names.ts';
import { FileFetcher } from '../../../proxy/files/fetch/fetch.ts';
import { type ImageGot, SharedImages, type WantedImage } from '../../../proxy/files/images/shared-images.ts';
import { type Clock, systemClock } from '../../../proxy/operate/clock.ts';
import { createLog } from '../../../proxy/operate/log.ts';
import { createMetrics } from '../../../proxy/operate/metrics.ts';
import type { Blobs } from '../../../proxy/store/blobs/blobs.ts';
import { createEmbeddedStore } from '../../../proxy/store/embedded/embedded.ts';
import { openLog } from '../../../proxy/store/log/log.ts';
import type { Store } from '../../../proxy/store/store.ts';
import { temporaryFolder } from '../../gateway/harness.ts';
import { blobFolder } from '../../store/blobs/folder.ts';
import { keyOf, START } from '../../store/contract/samples.ts';

/** What the server has: a test changes it. */
export interface Origin {
  readonly url: string;
  content: string;
  /** '' where it gives none. */
  etag: string;
  /** Where its files are; '' where each URL has its own. */
  leadsTo: string;
  /** Where it wants them: `user:password`. */
  credentials: string;
  /** As they came: `GET`, or with what tag. */
  readonly requests: string[];
  /** Each answer waits for it: before its headers, or, with these sent, before its body. */
  gate: (stage: 'headers' | 'body', request: IncomingMessage) => Promise<void>;
}

async function startOrigin(t: Test): Promise<Origin> {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { authorization, 'if-none-match': known } = request.headers;
    const { url = '' } = request;
    origin.requests.push(`${known ?? 'GET'} ${url}`);
    await origin.gate('headers', request);
    const { content, etag, leadsTo } = origin;
    if (leadsTo !== '' && url !== leadsTo) {
      response.writeHead(302, { Location: leadsTo }).end();
      return;
    }
    const given = Buffer.from(authorization?.split(' ')[1] ?? '', 'base64').toString();
    if (given !== origin.credentials) response.writeHead(401).end();
    else if (etag !== '' && known === etag) response.writeHead(304, { ETag: etag }).end();
    else {
      response.writeHead(200, { 'Content-Length': content.length, ...(etag !== '' && { ETag: etag }) }).flushHeaders();
      await origin.gate('body', request);
      response.end(content);
    }
  };
  const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const origin: Origin = {
    ...{ url: `http://127.0.0.1:${port}/image.bin`, content: 'an image', etag: '"1"', credentials: '', leadsTo: '' },
    requests: [],
    gate: () => Promise.resolve(),
  };
  return origin;
}

export interface ImagesAtHand {
  readonly origin: Origin;
  readonly blobs: Blobs;
  readonly store: Store;
  readonly clock: Clock & { time: number };
  /** `answered`: a node has the headers of an answer. */
  readonly events: EventEmitter;
  /** False: nothing may be fetched any more. */
  readonly hosts: { allowed: boolean };
  /** Of one node; those of one test share files and store, unless a node has its own. */
  readonly node: (own?: { readonly blobs: Blobs; readonly store: Store }) => SharedImages;
  /** Ids of the files that are kept. */
  readonly kept: () => Promise<readonly string[]>;
}

const LOOPBACK = parseHosts(['127.0.0.1']);

export async function imagesAtHand(t: Test): Promise<ImagesAtHand> {
  if (!LOOPBACK.ok) throw new Error('127.0.0.1 is no host');
  const { policy } = LOOPBACK;
  const clock = {
    time: START,
    now: () => clock.time,
    after: (ms: number, run: () => void) => systemClock.after(ms, run),
  };
  const blobs = await blobFolder(t).open({ maxBytes: 1_000_000, now: () => (clock.time += 1) });
  const log = await openLog({ folder: temporaryFolder(t), sync: 'none', clock: () => clock.time });
  const store = createEmbeddedStore(log, () => clock.time);
  t.teardown(() => store.close());
  const events = new EventEmitter();
  const hosts = { allowed: true };
  const effects = { clock, log: createLog('silent'), metrics: createMetrics() };
  const limits = { answerMs: 5000, idleMs: 5000, most: 8 };
  const node: ImagesAtHand['node'] = (own = { blobs, store }) => {
    const { blobs: files, store: its } = own;
    const real = new FileFetcher({ ...effects, ...limits, blobs: files, policy, resolve: systemResolve });
    const refusal: FileFetcher['refusal'] = (url) => (hosts.allowed ? real.refusal(url) : 'not any more');
    const fetch: FileFetcher['fetch'] = async (order) => {
      if (!hosts.allowed) return { kind: 'failed', reason: 'host-not-allowed', detail: '' };
      return real.fetch({
        ...order,
        answered: () => {
          order.answered?.();
          events.emit('answered');
        },
      });
    };
    return new SharedImages({
      ...effects,
      blobs: files,
      fetcher: { fetch, refusal },
      steps: its.images,
      key: Buffer.alloc(32),
    });
  };
  const kept = async (): Promise<readonly string[]> => (await blobs.list()).map(({ id }) => id);
  return { origin: await startOrigin(t), blobs, store, clock, events, hosts, node, kept };
}

export const DEVICES = [keyOf('1'), keyOf('2'), keyOf('3'), keyOf('4')] as const;

export const wanted = (url: string, more: Partial<WantedImage> = {}): WantedImage => ({
  ...{ url, username: '', password: '', name: 'image.bin', by: 1, size: undefined, checksum: undefined },
  signal: new AbortController().signal,
  ...more,
});

/** Id of the file, or why there is none. */
export const idOf = (got: ImageGot): string => (got.kind === 'got' ? got.blob.id : got.reason);
