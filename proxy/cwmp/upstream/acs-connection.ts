// One CPE's way to the ACS: a connection of its own, as if it were the CPE's, with the ACS's cookies, redirects and, where
// Causeway has credentials for it, the answers to its challenges. What the ACS says comes back as it is.
import * as http from 'node:http';
import * as https from 'node:https';
import { randomName, type Randomness } from '../../operate/clock.ts';
import { parseAuthenticationHeaders } from '../authentication/authentication-header.ts';
import { answerDigestChallenge, readDigestChallenge, utf8ByteString } from '../authentication/digest.ts';
import { Cookies } from './cookies.ts';

export interface AcsSettings {
  readonly url: string;
  /** '': the ACS's challenges are for the CPE. */
  readonly username: string;
  readonly password: string;
  readonly timeoutMs: number;
  /** Largest answer that is taken. */
  readonly body: number;
}

/** What the CPE said, as far as it is passed on. */
export interface CpePost {
  /** Path and query that the CPE posted to. */
  readonly target: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface AcsAnswer {
  readonly kind: 'answer';
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}
export type AcsFailure = 'unreachable' | 'timeout' | 'too-large' | 'redirects' | 'credentials';
export type AcsOutcome = AcsAnswer | { readonly kind: 'failed'; readonly reason: AcsFailure };

/** RFC 9110 §15.4 leaves the limit to the client; TR-069 §3.4.6 asks for at least five. */
const MOST_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 307, 308]);
/** Headers of the CPE's that mean something to an ACS. */
const FROM_CPE = ['content-type', 'soapaction', 'user-agent'] as const;
/** Headers of the ACS's that mean something to a CPE; names in canonical case (quirk 25). */
const TO_CPE = ['Content-Type', 'Content-Encoding', 'WWW-Authenticate', 'Retry-After'] as const;
const CNONCE_LENGTH = 16;

type Raw = AcsAnswer & { readonly location: string | undefined };

export class AcsConnection {
  readonly #settings: AcsSettings;
  readonly #randomness: Randomness;
  readonly #cookies = new Cookies();
  #url: URL;
  #agent: http.Agent;

  constructor(settings: AcsSettings, randomness: Randomness) {
    this.#settings = settings;
    this.#randomness = randomness;
    this.#url = new URL(settings.url);
    this.#agent = agentFor(this.#url);
  }

  /** Never rejects. */
  async post(post: CpePost): Promise<AcsOutcome> {
    let authorization = this.#settings.username === '' ? post.headers.authorization : undefined;
    let challenged = false;
    for (let redirects = 0; ;) {
      const answer = await this.#send(post, authorization);
      if (answer.kind === 'failed') return answer;
      if (answer.status === 401 && this.#settings.username !== '') {
        const next = challenged ? undefined : this.#answerTo(answer, post);
        if (next === undefined) return { kind: 'failed', reason: 'credentials' };
        challenged = true;
        authorization = next;
        continue;
      }
      const { location, ...said } = answer;
      if (!REDIRECTS.has(answer.status) || location === undefined || !URL.canParse(location, this.#url.href))
        return said;
      redirects += 1;
      if (redirects > MOST_REDIRECTS) return { kind: 'failed', reason: 'redirects' };
      // For the rest of the session (TR-069 §3.4.6).
      this.#moveTo(new URL(location, this.#url));
      challenged = false;
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  #moveTo(url: URL): void {
    if (url.protocol !== 'http:' && url.protocol !== 'https:') return;
    this.#agent.destroy();
    this.#url = url;
    this.#agent = agentFor(url);
  }

  /** An ACS configured without a path takes any: the CPE's own then, over which it computes its digests. */
  #target({ target }: CpePost): string {
    const { pathname, search } = this.#url;
    return pathname === '/' && search === '' && target.startsWith('/') ? target : pathname + search;
  }

  #answerTo(answer: AcsAnswer, post: CpePost): string | undefined {
    const { username, password } = this.#settings;
    const offered = parseAuthenticationHeaders([answer.headers['WWW-Authenticate'] ?? []].flat());
    for (const { scheme, parameters } of offered) {
      if (scheme !== 'digest') continue;
      const read = readDigestChallenge(parameters);
      if (!read.ok) continue;
      const cnonce = randomName(this.#randomness, CNONCE_LENGTH);
      return answerDigestChallenge(read.challenge, {
        username,
        password,
        method: 'POST',
        uri: this.#target(post),
        cnonce,
      });
    }
    // A password in the clear goes through TLS only.
    if (this.#url.protocol !== 'https:' || !offered.some(({ scheme }) => scheme === 'basic')) return undefined;
    return `Basic ${Buffer.from(utf8ByteString(`${username}:${password}`), 'latin1').toString('base64')}`;
  }

  /** An idle connection that the ACS closed in the same moment has not carried the POST: once more, on a new one. */
  async #send(
    post: CpePost,
    authorization: string | undefined,
  ): Promise<Raw | Extract<AcsOutcome, { kind: 'failed' }>> {
    const first = await this.#sendOnce(post, authorization);
    return first === 'stale-connection' ? this.#sendOnce(post, authorization).then(unlessStale) : first;
  }

  #sendOnce(
    post: CpePost,
    authorization: string | undefined,
  ): Promise<Raw | Extract<AcsOutcome, { kind: 'failed' }> | 'stale-connection'> {
    const { timeoutMs, body: cap } = this.#settings;
    const { request: send } = this.#url.protocol === 'https:' ? https : http;
    return new Promise((resolve) => {
      const fail = (reason: AcsFailure): void => resolve({ kind: 'failed', reason });
      const request = send(
        this.#url,
        {
          method: 'POST',
          path: this.#target(post),
          agent: this.#agent,
          headers: headersFor(post, this.#cookies.header, authorization),
        },
        (response) => {
          const chunks: Buffer[] = [];
          let length = 0;
          response.on('data', (chunk: Buffer) => {
            length += chunk.length;
            chunks.push(chunk);
            if (length <= cap) return;
            fail('too-large');
            response.destroy();
          });
          response.on('error', () => fail('unreachable'));
          response.on('end', () => {
            clearTimeout(timer);
            this.#cookies.take(response.headers['set-cookie'] ?? []);
            resolve(answerOf(response, Buffer.concat(chunks, length)));
          });
        },
      );
      const timer = setTimeout(() => {
        fail('timeout');
        request.destroy();
      }, timeoutMs);
      timer.unref();
      request.on('error', (error: NodeJS.ErrnoException) => {
        clearTimeout(timer);
        if (request.reusedSocket && error.code === 'ECONNRESET') resolve('stale-connection');
        else fail('unreachable');
      });
      request.end(post.body);
    });
  }
}

const agentFor = (url: URL): http.Agent =>
  url.protocol === 'https:'
    ? new https.Agent({ keepAlive: true, maxSockets: 1 })
    : new http.Agent({ keepAlive: true, maxSockets: 1 });

const unlessStale = <T>(
  outcome: T | 'stale-connection',
): T | { readonly kind: 'failed'; readonly reason: AcsFailure } =>
  outcome === 'stale-connection' ? { kind: 'failed', reason: 'unreachable' } : outcome;

function headersFor(
  { headers, body }: CpePost,
  cookie: string | undefined,
  authorization: string | undefined,
): http.OutgoingHttpHeaders {
  const sent: http.OutgoingHttpHeaders = { 'Content-Length': body.length };
  for (const name of FROM_CPE) {
    const value = headers[name];
    if (value !== undefined) sent[CANONICAL[name]] = value;
  }
  if (cookie !== undefined) sent['Cookie'] = cookie;
  if (authorization !== undefined) sent['Authorization'] = authorization;
  return sent;
}
const CANONICAL = { 'content-type': 'Content-Type', soapaction: 'SOAPAction', 'user-agent': 'User-Agent' } as const;

function answerOf(response: http.IncomingMessage, body: Buffer): Raw {
  const headers: Record<string, string | readonly string[]> = {};
  for (const name of TO_CPE) {
    // Several challenges stand in one header, with commas between them, which some CPEs cannot take apart.
    const values = response.headersDistinct[name.toLowerCase()] ?? [];
    const [value] = values;
    if (value !== undefined) headers[name] = name === 'WWW-Authenticate' ? values : value;
  }
  return { kind: 'answer', status: response.statusCode ?? 0, headers, body, location: response.headers.location };
}
