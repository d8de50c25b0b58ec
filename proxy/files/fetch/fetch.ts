// Files that the gateway itself fetches: images that a Controller names and a CPE is to load later, from our own file
// server, so that they can be checked first and kept until they are wanted (facts: cwmp-usp-translation §8.2).
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../operate/clock.ts';
import type { Log } from '../../operate/log.ts';
import type { Metrics } from '../../operate/metrics.ts';
import type { Blob, BlobAbout, Blobs, PutRefusal } from '../../store/blobs/blobs.ts';
import type { Headers } from '../headers.ts';
import { watchPace } from '../pace.ts';
import { type BrokenPromise, brokenPromise, type Promised } from './promise.ts';
import { type RequestContext, type RequestFailure, requestFile } from './request.ts';
import { isSameServer, type SourceFault, sourceOf } from './source.ts';
import { conditionFor, type FileTag, tagOf } from './tag.ts';

export interface FetchOrder extends Promised {
  readonly url: string;
  /** Basic, where one is given; never sent to another server that the first leads to. */
  readonly username: string;
  readonly password: string;
  readonly about: BlobAbout;
  /** What the URL led to before and is kept still: where its server says that it has the same, nothing is fetched. */
  readonly known?: FileTag | undefined;
  /** Told once the server has begun to answer with the file. */
  readonly answered?: () => void;
  /** Nobody wants it any more: it ends as `cut-off`. */
  readonly signal: AbortSignal;
}

export type FetchFailure =
  | SourceFault
  | RequestFailure
  | PutRefusal
  /** An answer other than 200, or 304 to what is known. */
  | 'status'
  | 'too-many-redirections'
  /** It moves too slowly. */
  | 'too-slow'
  | 'cut-off'
  | BrokenPromise['reason']
  | 'too-many-fetches';

export type Fetched =
  | { readonly kind: 'stored'; readonly blob: Blob; readonly tag: FileTag | undefined }
  /** As `known` has it. */
  | { readonly kind: 'same' }
  /** Nothing is left of it. `detail` is for a person. */
  | { readonly kind: 'failed'; readonly reason: FetchFailure; readonly detail: string };

export interface FetchContext extends RequestContext {
  readonly blobs: Blobs;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** In which 64 KiB must pass. */
  readonly idleMs: number;
  /** On this node at once. */
  readonly most: number;
}

const MOST_REDIRECTIONS = 3;
const REDIRECTIONS: ReadonlySet<number | undefined> = new Set([301, 302, 303, 307, 308]);

const failed = (reason: FetchFailure, detail: string): Fetched => ({ kind: 'failed', reason, detail });

export class FileFetcher {
  readonly #context: FetchContext;
  #running = 0;

  constructor(context: FetchContext) {
    this.#context = context;
  }

  /** Why nothing may be fetched from there, for a person; undefined where it may. */
  refusal(url: string): string | undefined {
    const source = sourceOf(url, this.#context.policy);
    return source.ok ? undefined : describeSource(source.reason);
  }

  /** Rejects with a CAUSEWAY_STORE_* error where what holds the files is away. */
  async fetch(order: FetchOrder): Promise<Fetched> {
    const { most, metrics, log } = this.#context;
    if (this.#running >= most) return failed('too-many-fetches', `${most} files are being fetched already`);
    this.#running += 1;
    try {
      const fetched = await this.#follow(order);
      const outcome = fetched.kind === 'failed' ? fetched.reason : fetched.kind;
      metrics.count('files_fetched', outcome);
      // The URL may hold a secret in its query.
      const host = URL.canParse(order.url) ? new URL(order.url).host : '';
      if (fetched.kind === 'failed') log.info({ host, outcome, detail: fetched.detail }, 'a file was not fetched');
      return fetched;
    } finally {
      this.#running -= 1;
    }
  }

  async #follow(order: FetchOrder): Promise<Fetched> {
    const { policy } = this.#context;
    const { username, password } = order;
    const credentials =
      username === '' && password === ''
        ? undefined
        : `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    let first: URL | undefined;
    let last: URL | undefined;
    let next = order.url;
    for (let hops = 0; hops <= MOST_REDIRECTIONS; hops += 1) {
      const source = sourceOf(next, policy, last);
      if (!source.ok) return failed(source.reason, describeSource(source.reason));
      const { url } = source;
      first ??= url;
      const authorization = isSameServer(first, url) ? credentials : undefined;
      const condition = conditionFor(url, order.known);
      const headers: Headers = { ...(authorization !== undefined && { Authorization: authorization }), ...condition };
      const requested = await requestFile(this.#context, url, headers, order.signal);
      if (!requested.ok) return failed(requested.reason, requested.detail);
      const { response } = requested;
      const { statusCode } = response;
      if (statusCode === 200) {
        order.answered?.();
        return this.#take(order, response, url);
      }
      response.destroy();
      if (statusCode === 304 && condition !== undefined) return { kind: 'same' };
      const { location } = response.headers;
      if (!REDIRECTIONS.has(statusCode) || location === undefined)
        return failed('status', `the server answered ${statusCode ?? 0}`);
      last = url;
      next = location;
    }
    return failed('too-many-redirections', `more than ${MOST_REDIRECTIONS} redirections`);
  }

  async #take(order: FetchOrder, response: IncomingMessage, url: URL): Promise<Fetched> {
    const { blobs, clock, idleMs } = this.#context;
    const declared = Number(response.headers['content-length'] ?? 0);
    const refusal = wrongSize(order, declared) ?? (await blobs.refusal(declared));
    if (refusal !== undefined) {
      response.destroy();
      return failed(refusal, `${declared} bytes`);
    }
    const state = { isTooSlow: false };
    const pace = watchPace(clock, idleMs, () => {
      state.isTooSlow = true;
      response.destroy();
    });
    const put = await blobs
      .put(
        counted(response, (bytes) => pace.moved(bytes)),
        order.about,
      )
      .finally(() => pace.stop());
    if (put.kind === 'refused') return failed(put.reason, `${declared} bytes`);
    if (put.kind === 'cut-off')
      return state.isTooSlow
        ? failed('too-slow', `less than 64 KiB in ${idleMs} ms`)
        : failed('cut-off', 'the server ended the connection before the end of the file');
    const broken = brokenPromise(order, put.blob);
    if (broken === undefined) return { kind: 'stored', blob: put.blob, tag: tagOf(url, response.headers) };
    await blobs.remove(put.blob.id);
    return failed(broken.reason, broken.detail);
  }
}

async function* counted(
  response: IncomingMessage,
  moved: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    moved(chunk.length);
    yield chunk;
  }
}

/** What the server says before it sends anything. */
const wrongSize = ({ size }: FetchOrder, declared: number): FetchFailure | undefined =>
  size !== undefined && declared > 0 && declared !== size ? 'wrong-size' : undefined;

const describeSource = (reason: SourceFault): string =>
  reason === 'bad-url'
    ? 'not a URL of http or https'
    : reason === 'credentials-in-url'
      ? 'credentials are given beside the URL, not in it'
      : 'not among the hosts of files.sources';
