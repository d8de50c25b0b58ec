// The HTTP side of one session with the ACS: cookies, credentials, redirects and the connection, in the habits of a
// dialect. A session asks it to post; it answers with what the ACS said in the end.
import type * as http from 'node:http';
import { deflateSync, gzipSync } from 'node:zlib';
import type { Clock } from './clock.ts';
import { createCookieJar } from './cookies.ts';
import type { HttpDialect } from './dialect.ts';
import { algorithmOf, basicHeader, digestHeader, parseAuthHeader, type Credentials } from './digest.ts';
import { createAgent, exchange, headerValues, type Answer, type ExchangeResult } from './http-exchange.ts';
import { randomHex, type Random } from './random.ts';

export interface HttpClientOptions {
  readonly url: URL;
  readonly dialect: HttpDialect;
  readonly credentials: Credentials;
  readonly heldLimit: number;
  readonly compression: 'none' | 'gzip' | 'deflate';
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
  /** Told of every request and its answer, those with a 401 included. */
  readonly onPost: (post: PostRecord) => void;
}

export interface PostRecord {
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
  readonly result: ExchangeResult;
}

/** `text` '' is an empty POST; `method` is the RPC's name when the body is a request of our own. */
export interface Post {
  readonly text: string;
  readonly method: string;
  /** Part of an Inform: it opens the session. */
  readonly opens: boolean;
  readonly cutAfter?: number;
}
export type PostResult =
  | Exclude<ExchangeResult, { kind: 'closed' }>
  | { readonly kind: 'closed'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string };

export interface HttpClient {
  post(post: Post): Promise<PostResult>;
  /** Sends one empty POST only to be told how to authenticate (quirk 6). */
  fishForChallenge(): Promise<void>;
  /** Resolves when the ACS closes the connection, or the session is stopped. */
  untilClosed(): Promise<void>;
  close(): void;
}

/** RFC 7231 §6.4 leaves the limit to the client; TR-069 §3.4.6 asks for at least five. */
const MOST_REDIRECTS = 5;

interface Challenge {
  readonly scheme: 'basic' | 'digest';
  readonly parameters: ReadonlyMap<string, string>;
  /** How often it was answered: the nonce count. */
  uses: number;
}

export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { dialect, clock, random, signal } = options;
  const jar = createCookieJar(dialect.cookies);
  let { url } = options;
  let agent = newAgent();
  let challenge: Challenge | undefined;
  let lastAnswer: Answer | undefined;

  function newAgent(): http.Agent | undefined {
    return dialect.connections === 'per-post' ? undefined : createAgent(url);
  }

  const authorization = (opens: boolean): string => {
    if (challenge === undefined) return dialect.opening === 'preemptive-basic' ? basicHeader(options.credentials) : '';
    if (dialect.authorizes === 'inform-only' && !opens) return '';
    if (challenge.scheme === 'basic') return basicHeader(options.credentials);
    challenge.uses += 1;
    return digestHeader(challenge.parameters, {
      ...options.credentials,
      method: 'POST',
      uri: dialect.digest.uri === 'empty' ? '' : url.pathname + url.search,
      cnonce: randomHex(random, 16),
      nc: (dialect.digest.nonceCount === 'stuck' ? 1 : challenge.uses).toString(16).padStart(8, '0'),
      qop: dialect.digest.qop,
    });
  };

  const send = async (post: Post): Promise<ExchangeResult> => {
    const body = compress(Buffer.from(post.text), post.text === '' ? 'none' : options.compression);
    const cookie = jar.header();
    const headers = headersFor(post, { dialect, url, cookie, authorization: authorization(post.opens), body, options });
    const once = async (): Promise<ExchangeResult> =>
      await exchange({
        method: 'POST',
        url,
        headers,
        body,
        agent,
        clock,
        signal,
        heldLimit: options.heldLimit,
        ...(dialect.chunkSize !== undefined && body.length > 0 && { chunkSize: dialect.chunkSize }),
        ...(post.cutAfter !== undefined && { cutAfter: post.cutAfter }),
      });
    let result = await once();
    if (dialect.resends && result.kind === 'closed' && result.reused && post.cutAfter === undefined)
      result = await once();
    options.onPost({ url: url.href, headers, body: post.text, result });
    if (result.kind === 'answer') {
      lastAnswer = result;
      jar.take(headerValues(result.rawHeaders, 'Set-Cookie'));
    }
    return result;
  };

  const post = async (what: Post): Promise<PostResult> => {
    let challenged = false;
    for (let redirects = 0; ;) {
      const result = await send(what);
      if (result.kind !== 'answer')
        return result.kind === 'closed' ? { kind: 'closed', reason: result.reason } : result;
      if (result.status === 401) {
        const next = challengeOf(result);
        if (challenged || next === undefined)
          return { kind: 'refused', reason: 'the ACS does not take our credentials' };
        challenged = true;
        challenge = next;
        if (dialect.connections === 'new-after-challenge') {
          agent?.destroy();
          agent = newAgent();
        }
        continue;
      }
      const [location] = headerValues(result.rawHeaders, 'Location');
      if ([301, 302, 307, 308].includes(result.status) && location !== undefined) {
        redirects += 1;
        if (redirects > MOST_REDIRECTS) return { kind: 'refused', reason: 'too many redirects' };
        if (!URL.canParse(location, url.href)) return { kind: 'refused', reason: `redirected to "${location}"` };
        url = new URL(location, url);
        agent?.destroy();
        agent = newAgent();
        challenge = undefined;
        challenged = false;
        continue;
      }
      return result;
    }
  };

  return {
    post,
    fishForChallenge: async () => {
      const result = await send({ text: '', method: '', opens: false });
      if (result.kind === 'answer' && result.status === 401) challenge = challengeOf(result);
    },
    untilClosed: async () => {
      const socket = lastAnswer?.socket;
      await new Promise<void>((resolve) => {
        if (socket === undefined || socket.destroyed || signal.aborted) {
          resolve();
          return;
        }
        socket.once('close', () => resolve());
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    },
    close: () => agent?.destroy(),
  };
}

function challengeOf(answer: Answer): Challenge | undefined {
  const challenges = headerValues(answer.rawHeaders, 'WWW-Authenticate').map(parseAuthHeader);
  for (const { scheme, parameters } of challenges) {
    if (scheme === 'digest' && algorithmOf(parameters) !== undefined) return { scheme, parameters, uses: 0 };
  }
  return challenges.some(({ scheme }) => scheme === 'basic')
    ? { scheme: 'basic', parameters: new Map(), uses: 0 }
    : undefined;
}

interface HeaderSource {
  readonly dialect: HttpDialect;
  readonly url: URL;
  readonly cookie: string;
  readonly authorization: string;
  readonly body: Buffer;
  readonly options: HttpClientOptions;
}

function headersFor(post: Post, source: HeaderSource): (readonly [string, string])[] {
  const { dialect, body } = source;
  const chunked = dialect.chunkSize !== undefined && body.length > 0;
  const length = dialect.lengthInCharacters === true ? post.text.length : body.length;
  const filled: Readonly<Record<string, string>> = {
    Host: source.url.host,
    'Content-Length': chunked ? '' : String(length),
    Cookie: source.cookie,
    Authorization: source.authorization,
  };
  const headers: (readonly [string, string])[] = [];
  for (const [name, value] of dialect.headers) {
    const content = filled[name];
    if (content === '' || (post.text === '' && dialect.onlyWithBody.includes(name))) continue;
    headers.push([name, content ?? value.replace('{method}', post.method === '' ? '' : `cwmp:${post.method}`)]);
  }
  if (chunked) headers.push(['Transfer-Encoding', 'chunked']);
  if (body.length > 0 && source.options.compression !== 'none')
    headers.push(['Content-Encoding', source.options.compression]);
  if (dialect.connections === 'per-post') headers.push(['Connection', 'close']);
  return headers;
}

function compress(body: Buffer, how: HttpClientOptions['compression']): Buffer {
  if (how === 'none') return body;
  return how === 'gzip' ? gzipSync(body) : deflateSync(body);
}
