// The connection to Redis: one, shared by all steps, made again by itself. Nothing waits for it: while it is down every
// step fails at once, and what its loss cuts off fails too, since nobody can tell whether it happened.
import { createHash } from 'node:crypto';
import { Redis } from 'ioredis';
import { CausewayError } from '../../errors.ts';
import { storeFailure } from './failures.ts';

export type ConnectionEvent =
  | { readonly kind: 'connected' }
  | { readonly kind: 'connection lost' }
  /** The same failure is told once until the connection is there again. */
  | { readonly kind: 'connection failed'; readonly reason: string }
  /** Short of memory, this server throws away devices: `maxmemory-policy` has to be `noeviction`. */
  | { readonly kind: 'server evicts'; readonly policy: string };

export interface ConnectionOptions {
  /** `redis://user:password@host:port/db`, `rediss://` for TLS, or `unix:///path?db=n`. */
  readonly url: string;
  /** How long a command may take, connecting included. */
  readonly timeoutMs: number;
  readonly onEvent: (event: ConnectionEvent) => void;
}

/** Lua that Redis knows by its hash, once it has seen it. */
export interface Script {
  readonly text: string;
  readonly sha: string;
}
export const script = (text: string): Script => ({ text, sha: createHash('sha1').update(text).digest('hex') });

const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 2000;

/** Doubling, with a quarter of chance, so that nodes do not come back as one. */
const retryAfter = (attempt: number): number =>
  Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempt - 1, 10)) * (0.75 + Math.random() / 4);

/** Host and port, or the path: what may be shown of the URL. */
function placeOf(url: string): string {
  if (!URL.canParse(url)) throw new CausewayError('CAUSEWAY_CONFIG_INVALID', 'redis.url is not a URL');
  const { protocol, host, pathname } = new URL(url);
  if (protocol === 'unix:') return pathname;
  if ((protocol === 'redis:' || protocol === 'rediss:') && host !== '') return host;
  throw new CausewayError(
    'CAUSEWAY_CONFIG_INVALID',
    'redis.url wants redis://host:port, rediss://host:port or unix:///path',
  );
}

export class Connection {
  readonly where: string;
  readonly timeoutMs: number;
  readonly #redis: Redis;
  readonly #onEvent: (event: ConnectionEvent) => void;
  #closing: Promise<void> | undefined;
  #gathering = false;

  constructor({ url, timeoutMs, onEvent }: ConnectionOptions) {
    this.where = placeOf(url);
    this.timeoutMs = timeoutMs;
    this.#onEvent = onEvent;
    this.#redis = new Redis(url, {
      protocol: 2,
      lazyConnect: true,
      connectTimeout: timeoutMs,
      commandTimeout: timeoutMs,
      // A server that went without a word is given up and looked for again.
      socketTimeout: 2 * timeoutMs,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      retryStrategy: retryAfter,
      // After a failover the old primary may still hold the connection.
      reconnectOnError: (error) => error.message.startsWith('READONLY'),
    });
    let told = '';
    this.#redis.on('ready', () => {
      told = '';
      onEvent({ kind: 'connected' });
    });
    this.#redis.on('close', () => {
      if (told === '' && this.#closing === undefined) onEvent({ kind: 'connection lost' });
      told ||= ' ';
    });
    this.#redis.on('error', (error: Error) => {
      const reason = storeFailure(error, this.where).message;
      if (reason !== told) onEvent({ kind: 'connection failed', reason });
      told = reason;
    });
  }

  /** Rejects with CAUSEWAY_STORE_AWAY when there is no server that serves; it goes on looking for one all the same. */
  async open(): Promise<void> {
    await this.send((redis) => redis.connect());
    const memory = await this.send((redis) => redis.info('memory'));
    const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1] ?? 'noeviction';
    if (policy !== 'noeviction') this.#onEvent({ kind: 'server evicts', policy });
  }

  /** The reply to a command; rejects with CAUSEWAY_STORE_AWAY, CAUSEWAY_STORE_TIMEOUT and their like. */
  async send<T>(command: (redis: Redis) => Promise<T>): Promise<T> {
    this.#gather();
    try {
      return await command(this.#redis);
    } catch (error) {
      throw storeFailure(error, this.where);
    }
  }

  /** What is sent within one turn of the event loop goes out together: one system call, and one for the replies. */
  #gather(): void {
    if (this.#gathering || this.#redis.status !== 'ready') return;
    const { stream } = this.#redis;
    this.#gathering = true;
    stream.cork();
    process.nextTick(() => {
      this.#gathering = false;
      stream.uncork();
    });
  }

  /** Runs a script: by its hash, and by its text where the server does not know it (any more). */
  run({ text, sha }: Script, keys: readonly string[], values: readonly string[]): Promise<unknown> {
    return this.send(async (redis) => {
      try {
        return await redis.evalsha(sha, keys.length, ...keys, ...values);
      } catch (error) {
        if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
        return redis.eval(text, keys.length, ...keys, ...values);
      }
    });
  }

  /** Waits for the replies that are under way. Repeated, it returns the same promise. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    try {
      await this.#redis.quit();
    } catch {
      // Away: there is nothing to take leave of.
    } finally {
      this.#redis.disconnect();
    }
  }
}
