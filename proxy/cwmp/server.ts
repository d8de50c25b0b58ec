// Where CPEs open their sessions: HTTP in, sessions found by cookie or socket, the Inform authenticated. Whatever comes,
// it ends at most its own session (promise 3), and every refusal is counted with its reason.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import type { DeviceRoom } from '../device/room.ts';
import { type Clock, randomName, type Randomness } from '../operate/clock.ts';
import type { Log } from '../operate/log.ts';
import type { Metrics } from '../operate/metrics.ts';
import type { DeviceKey } from '../store/store.ts';
import { decodeBody } from '../soap/charset.ts';
import type { Envelope } from '../soap/envelope.ts';
import { readLeniently } from '../soap/lenient.ts';
import { readEnvelope } from '../soap/read-envelope.ts';
import type { RefusalReason } from '../soap/refusal.ts';
import { authenticate, type CpeAuthenticationSettings } from './authentication/cpe-authentication.ts';
import { type Body, readBody } from './body.ts';
import { readCookie, sessionLength, setCookie } from './cookie.ts';
import { Exchange, type ExchangeContext, type PendingPost } from './exchange.ts';
import { HttpPost } from './http-post.ts';
import { openSession } from './inform.ts';
import type { SessionSettings } from './session.ts';

export interface CwmpSettings {
  readonly auth: CpeAuthenticationSettings['mode'];
  readonly username: string;
  readonly password: string;
  readonly realm: string;
  readonly nonceValidityMs: number;
  readonly keepAliveMs: number;
  readonly bodyBeforeAuthentication: number;
  readonly body: number;
  readonly sessionCap: number;
  readonly session: SessionSettings;
}

export interface CwmpContext {
  readonly room: DeviceRoom;
  readonly incarnation: string;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly settings: CwmpSettings;
  /** Shared by all nodes: cookies and nonces of one are good on another. */
  readonly cookieKey: Uint8Array;
  readonly nonceKey: Uint8Array;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** What may still be read leniently: all of it can be mended beyond doubt. */
const MENDABLE: ReadonlySet<RefusalReason> = new Set([
  'illegal-character',
  'illegal-reference',
  'unknown-entity',
  'trailing-bytes',
]);

const nameOf = (key: DeviceKey): string => `${key.tenant}/${key.device}`;

type Peer = { readonly kind: 'accepted'; readonly username: string } | { readonly kind: 'refused' };

/** A CPE that may come later is told when. */
const RETRY_AFTER_S = 30;

export class CwmpServer {
  readonly #context: CwmpContext;
  readonly #sessions = new Map<string, Exchange>();
  readonly #byDevice = new Map<string, Exchange>();
  /** The session of a socket that carried no other: for CPEs that return no cookie (quirk 3). */
  readonly #bySocket = new WeakMap<Socket, Exchange | 'several'>();
  readonly #exchangeContext: ExchangeContext;
  readonly server: FastifyInstance;
  #stopping = false;

  constructor(context: CwmpContext) {
    this.#context = context;
    const { clock, settings, log, metrics } = context;
    this.#exchangeContext = {
      clock,
      settings: settings.session,
      log,
      metrics,
      over: (exchange) => this.#forget(exchange),
    };
    this.server = fastify({
      logger: false,
      keepAliveTimeout: settings.keepAliveMs,
      // A CPE may send its Inform drop by drop; a whole request must still arrive in a time of its own.
      requestTimeout: settings.session.idleMs,
      http: { headersTimeout: settings.session.idleMs },
    });
    this.#routes();
  }

  get sessions(): number {
    return this.#sessions.size;
  }

  /** No new session begins; those that are open are ended by the device room. */
  stop(): void {
    this.#stopping = true;
  }

  #routes(): void {
    // Bodies are read by our own hand: the cap depends on whose they are.
    this.server.removeAllContentTypeParsers();
    this.server.addContentTypeParser('*', (_request, _payload, done) => done(null));
    this.server.post('/*', (request, reply) => {
      reply.hijack();
      this.#post(request.raw, reply.raw);
    });
    this.server.setNotFoundHandler((_request, reply) => {
      this.#context.metrics.count('cwmp_refused', 'not-a-post');
      return reply.code(405).header('Allow', 'POST').send();
    });
    this.server.server.on('clientError', () => this.#context.metrics.count('cwmp_refused', 'not-http'));
  }

  #post(request: IncomingMessage, response: ServerResponse): void {
    const post = new HttpPost(response, request.socket, this.#context.clock.now());
    this.#handle(request, post).catch((error: unknown) => {
      this.#context.metrics.count('failure', 'post');
      this.#context.log.error({ err: error }, 'a POST of a CPE could not be handled');
      post.refuse(503, 'internal');
    });
  }

  async #handle(request: IncomingMessage, post: HttpPost): Promise<void> {
    const { settings } = this.#context;
    const exchange = this.#find(request);
    const peer = exchange === undefined ? await this.#authenticate(request, post) : undefined;
    if (peer?.kind === 'refused') return;
    const cap = exchange === undefined ? settings.bodyBeforeAuthentication : settings.body;
    const body = await readBody(request, cap);
    if (body.kind !== 'whole') {
      this.#refuseBody(exchange, post, body);
      return;
    }
    const text = decodeBody(body.bytes, request.headers['content-type']);
    if (text.trim() === '') {
      if (exchange === undefined) this.#refuse(post, 400, 'no-session');
      else exchange.post(post, undefined);
      return;
    }
    const envelope = this.#read(text, exchange);
    if ('reason' in envelope) {
      this.#malformed(exchange, post, envelope.reason);
      return;
    }
    const { message } = envelope;
    const isInform = message.kind === 'request' && message.method === 'Inform';
    if (!isInform) {
      if (exchange === undefined) this.#refuse(post, 400, 'no-session');
      else exchange.post(post, envelope);
      return;
    }
    // An Inform always starts anew, on whatever socket it comes (quirk 13), and is authenticated (quirk 6).
    const known = peer ?? (await this.#authenticate(request, post));
    if (known.kind === 'accepted') await this.#begin(request, post, envelope, message.value, known.username);
  }

  async #begin(
    request: IncomingMessage,
    post: HttpPost,
    envelope: Envelope,
    inform: Parameters<typeof openSession>[1]['inform'],
    username: string,
  ): Promise<void> {
    const { settings, incarnation, randomness, cookieKey, room } = this.#context;
    if (this.#stopping || this.#sessions.size >= settings.sessionCap) {
      this.#refuse(post, 503, this.#stopping ? 'stopping' : 'sessions-full', { 'Retry-After': String(RETRY_AFTER_S) });
      return;
    }
    const opened = await openSession(room, {
      inform,
      envelope,
      sourceAddress: request.socket.remoteAddress ?? '',
      username,
    });
    if (opened.kind === 'refused') {
      this.#context.metrics.count('cwmp_refused', opened.reason);
      post.respond(opened.fault);
      return;
    }
    if (opened.kind === 'store-away') {
      this.#refuse(post, 503, 'store-away', { 'Retry-After': String(RETRY_AFTER_S) });
      return;
    }
    const { device } = opened;
    this.#byDevice.get(nameOf(device.key))?.displaced();
    const name = randomName(randomness, sessionLength);
    const model = `${inform.DeviceId.OUI} ${inform.DeviceId.ProductClass}`;
    const exchange = new Exchange(this.#exchangeContext, name, device, envelope.style, model, request.socket);
    this.#sessions.set(name, exchange);
    this.#byDevice.set(nameOf(device.key), exchange);
    this.#remember(request.socket, exchange);
    this.#context.metrics.count('cwmp_informs', inform.Event[0]?.EventCode.slice(0, 32) ?? 'none');
    post.respond(opened.response, setCookie(cookieKey, { incarnation, session: name }));
  }

  #forget(exchange: Exchange): void {
    this.#sessions.delete(exchange.name);
    const name = nameOf(exchange.device.key);
    if (this.#byDevice.get(name) === exchange) this.#byDevice.delete(name);
  }

  /** The session of a POST: by its cookie, or by its socket when that has carried one device only. */
  #find(request: IncomingMessage): Exchange | undefined {
    const { cookieKey, incarnation } = this.#context;
    const cookie = readCookie(cookieKey, request.headers.cookie);
    if (cookie !== undefined) {
      const exchange = cookie.incarnation === incarnation ? this.#sessions.get(cookie.session) : undefined;
      if (exchange !== undefined) this.#watch(request.socket, exchange);
      return exchange;
    }
    const bySocket = this.#bySocket.get(request.socket);
    return bySocket === undefined || bySocket === 'several' || bySocket.over ? undefined : bySocket;
  }

  #remember(socket: Socket, exchange: Exchange): void {
    const before = this.#bySocket.get(socket);
    const several =
      before === 'several' || (before !== undefined && nameOf(before.device.key) !== nameOf(exchange.device.key));
    this.#watch(socket, exchange);
    this.#bySocket.set(socket, several ? 'several' : exchange);
  }

  /** Tells a session of the end of each socket that it uses. */
  #watch(socket: Socket, exchange: Exchange): void {
    if (this.#bySocket.get(socket) === exchange) return;
    this.#bySocket.set(socket, exchange);
    socket.once('close', () => exchange.closed(socket));
  }

  /** Who the CPE is; `refused` when the challenge has been sent. */
  async #authenticate(request: IncomingMessage, post: HttpPost): Promise<Peer> {
    const { settings, nonceKey, clock } = this.#context;
    const result = await authenticate({
      mode: settings.auth,
      realm: settings.realm,
      key: nonceKey,
      method: request.method ?? 'POST',
      authorization: request.headers.authorization,
      nowMs: clock.now(),
      nonceValidityMs: settings.nonceValidityMs,
      credentials: (username) => (username === settings.username ? { password: settings.password } : undefined),
    });
    // '' where nobody is asked.
    if (result.kind === 'accepted') return { kind: 'accepted', username: result.username ?? '' };
    this.#refuse(post, 401, result.reason, { 'WWW-Authenticate': result.header });
    return { kind: 'refused' };
  }

  #read(text: string, exchange: Exchange | undefined): Envelope | { readonly reason: RefusalReason } {
    const strict = readEnvelope(text);
    if (strict.ok) return strict.envelope;
    const lenient = MENDABLE.has(strict.reason) ? readLeniently(text) : undefined;
    if (lenient?.ok !== true) return { reason: strict.reason };
    const { message } = lenient.envelope;
    // Only an Inform, which is authenticated, or what belongs to its session.
    const inform = message.kind === 'request' && message.method === 'Inform' ? message.value : undefined;
    if (exchange === undefined && inform === undefined) return { reason: strict.reason };
    const model = exchange?.model ?? `${inform?.DeviceId.OUI ?? ''} ${inform?.DeviceId.ProductClass ?? ''}`;
    this.#context.metrics.count('cwmp_lenient', model);
    return lenient.envelope;
  }

  #malformed(exchange: Exchange | undefined, post: HttpPost, reason: RefusalReason): void {
    if (exchange === undefined) {
      this.#refuse(post, 400, reason);
      return;
    }
    this.#context.metrics.count('cwmp_refused', reason);
    exchange.malformed(post);
  }

  #refuseBody(exchange: Exchange | undefined, post: HttpPost, body: Exclude<Body, { readonly kind: 'whole' }>): void {
    this.#context.metrics.count('cwmp_refused', body.kind);
    if (exchange !== undefined) exchange.malformed(post);
    if (body.kind === 'too-large') post.abort(413, body.kind);
  }

  #refuse(
    post: PendingPost & HttpPost,
    status: number,
    reason: string,
    headers?: Readonly<Record<string, string>>,
  ): void {
    this.#context.metrics.count('cwmp_refused', reason);
    post.refuse(status, reason, headers);
  }
}
