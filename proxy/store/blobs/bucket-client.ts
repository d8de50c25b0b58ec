// Requests to one bucket of an S3-compatible server: signed (SigV4), bounded in time, tried again where that helps. The
// secret key never leaves here; what is thrown names settings and what the server said.
import { setTimeout as wait } from 'node:timers/promises';
import { AwsV4Signer } from 'aws4fetch';
import { CausewayError } from '../../errors.ts';
import { chance, type Clock, type Randomness } from '../../operate/clock.ts';
import { readErrorCode } from './bucket-xml.ts';

export interface BucketAddress {
  /** Scheme, host and port, without a slash at its end. */
  readonly endpoint: string;
  readonly bucket: string;
  /** '' or ending with a slash. */
  readonly prefix: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}
export interface BucketEffects {
  readonly clock: Clock;
  readonly randomness: Randomness;
}
export interface BucketRequest {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Without the prefix; '' asks the bucket itself. */
  readonly key: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
}
export interface BucketAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}
/** A body that is still coming: whoever has it iterates it, or it stays open until it is collected. */
export interface BucketStream {
  readonly status: number;
  readonly body: AsyncIterable<Uint8Array>;
}

/** The time that one request has. */
interface Watch {
  readonly controller: AbortController;
  /** Counts anew, after a pause. */
  start(): void;
  pause(): void;
  end(): void;
}

const ATTEMPTS = 3;
const PAUSE_MS = 200;
/** A page of a listing has a thousand keys. */
const LONGEST_TEXT = 4 << 20;
const AGAIN = new Set([408, 429, 500, 502, 503, 504]);

/** What an operator can do about an error, by its code. */
const CREDENTIALS = 'check files.accessKey, files.secretKey and what they may do';
const ADVICE: Readonly<Record<string, string>> = {
  NoSuchBucket: 'check files.bucket',
  InvalidAccessKeyId: CREDENTIALS,
  SignatureDoesNotMatch: CREDENTIALS,
  AccessDenied: CREDENTIALS,
  AuthorizationHeaderMalformed: 'check files.region',
  PermanentRedirect: 'check files.bucket and files.region',
  RequestTimeTooSkewed: "check this machine's clock",
};

export class BucketClient {
  readonly prefix: string;
  readonly #address: BucketAddress;
  readonly #effects: BucketEffects;
  readonly #timeoutMs: number;
  /** Signing keys, by day. */
  readonly #keys = new Map<string, ArrayBuffer>();
  readonly #running = new Set<AbortController>();
  #closed = false;

  /** `timeoutMs`: of a request with all its attempts, and of a body that stands still. */
  constructor(address: BucketAddress, effects: BucketEffects, timeoutMs: number) {
    this.#address = address;
    this.prefix = address.prefix;
    this.#effects = effects;
    this.#timeoutMs = timeoutMs;
  }

  /** Whatever the status is. Rejects with CAUSEWAY_STORE_AWAY or CAUSEWAY_STORE_TIMEOUT where there is none. */
  async ask(request: BucketRequest): Promise<BucketAnswer> {
    const watch = this.#watch();
    try {
      return await this.#attempts(request, watch.controller, async (response) => ({
        status: response.status,
        headers: response.headers,
        text: await textOf(response),
      }));
    } finally {
      watch.end();
    }
  }

  /** As `ask`; of an answer that is not 200 or 206 the body is empty. */
  async stream(request: BucketRequest): Promise<BucketStream> {
    const watch = this.#watch();
    try {
      const response = await this.#attempts(request, watch.controller, async (response) => response);
      watch.pause();
      if (response.status === 200 || response.status === 206) {
        return { status: response.status, body: this.#carry(response, watch) };
      }
      const text = await textOf(response);
      watch.end();
      if (response.status === 404) return { status: 404, body: empty() };
      throw this.failed(request, { status: response.status, text });
    } catch (error) {
      watch.end();
      throw error;
    }
  }

  /** What to throw of an answer that is not what was wanted. */
  failed(request: BucketRequest, { status, text }: Pick<BucketAnswer, 'status' | 'text'>): CausewayError {
    const code = readErrorCode(text);
    const advice = ADVICE[code] ?? (status === 401 || status === 403 ? CREDENTIALS : '');
    const said = [`${request.method} was answered with ${status}`, code, advice].filter((part) => part !== '');
    return this.#away(said.join(': '));
  }

  /** Ends everything that runs. */
  close(): void {
    this.#closed = true;
    for (const controller of this.#running) controller.abort();
  }

  #watch(): Watch {
    const controller = new AbortController();
    if (this.#closed) controller.abort();
    this.#running.add(controller);
    const { clock } = this.#effects;
    const arm = () => clock.after(this.#timeoutMs, () => controller.abort(TIMED_OUT));
    let timer = arm();
    return {
      controller,
      start: () => (timer = arm()),
      pause: () => timer.cancel(),
      end: () => {
        timer.cancel();
        this.#running.delete(controller);
      },
    };
  }

  async #attempts<T>(
    request: BucketRequest,
    { signal }: AbortController,
    read: (response: Response) => Promise<T>,
  ): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const isLast = attempt === ATTEMPTS;
      try {
        const response = await this.#fetch(request, signal);
        if (isLast || !AGAIN.has(response.status)) return await read(response);
        await response.body?.cancel();
      } catch (error) {
        if (isLast || signal.aborted) throw this.#unanswered(error, signal);
      }
      await this.#pause(attempt, signal);
    }
  }

  async #fetch({ method, key, query = {}, headers = {}, body }: BucketRequest, signal: AbortSignal): Promise<Response> {
    const { endpoint, bucket, prefix, region, accessKeyId, secretAccessKey } = this.#address;
    const url = new URL(`${endpoint}/${bucket}${key === '' ? '' : `/${prefix}${key}`}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    // Signed with what it is of, so that what arrives is what was sent, over plain HTTP too.
    const hash = Buffer.from(await crypto.subtle.digest('SHA-256', body ?? new Uint8Array())).toString('hex');
    const signed = await new AwsV4Signer({
      method,
      url: url.href,
      headers: { ...headers, 'X-Amz-Content-Sha256': hash },
      service: 's3',
      region,
      accessKeyId,
      secretAccessKey,
      cache: this.#keys,
      datetime: new Date(this.#effects.clock.now()).toISOString().replace(/[:-]|\.\d{3}/g, ''),
    }).sign();
    return fetch(signed.url, {
      method,
      headers: signed.headers,
      redirect: 'manual',
      signal,
      ...(body !== undefined && { body }),
    });
  }

  /** Longer each time, and by chance, so that nodes that failed together do not come again together. */
  async #pause(attempt: number, signal: AbortSignal): Promise<void> {
    // It keeps the process alive: before there are listeners nothing else does.
    await wait(PAUSE_MS * attempt * (0.5 + chance(this.#effects.randomness)), undefined, { signal }).catch(
      () => undefined,
    );
  }

  /** The next chunk is asked for when its reader asks: what it does not take stays in the socket, and so with the server. */
  async *#carry(response: Response, watch: Watch): AsyncGenerator<Uint8Array, void> {
    const { controller } = watch;
    try {
      const chunks = (response.body ?? empty())[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
      for (;;) {
        watch.start();
        const next = await chunks.next().catch((error: unknown) => {
          throw this.#unanswered(error, controller.signal);
        });
        watch.pause();
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      watch.end();
      controller.abort();
    }
  }

  #unanswered(error: unknown, signal: AbortSignal): CausewayError {
    if (error instanceof CausewayError) return error;
    if (signal.reason === TIMED_OUT) {
      return new CausewayError('CAUSEWAY_STORE_TIMEOUT', `files.bucket: ${this.#name} did not answer in time`);
    }
    return this.#away(`no answer (${reasonOf(error)})`, error);
  }

  #away(what: string, cause?: unknown): CausewayError {
    return new CausewayError('CAUSEWAY_STORE_AWAY', `files.bucket: ${this.#name}: ${what}`, { cause });
  }

  get #name(): string {
    return `${this.#address.endpoint}/${this.#address.bucket}`;
  }
}

const TIMED_OUT = new Error('timed out');

/** Fetch says "fetch failed"; what failed is its cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  return 'code' in cause ? String(cause.code) : cause.message;
}

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? empty()) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > LONGEST_TEXT) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

async function* empty(): AsyncGenerator<Uint8Array, void> {
  // Nothing.
}
