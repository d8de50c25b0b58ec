// Where CPEs open their sessions: HTTP in, sessions found by cookie or socket, the Inform authenticated. Whatever comes,
// it ends at most its own session (promise 3), and every refusal is counted with its reason.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import type { DeviceRoom } from '../device/room.ts';
import { type Clock, randomName, type Randomness } from '../operate/clock.ts';
import type { Log } from '../operate/log.ts';
import type { Metrics } from '../operate/metrics.ts';
import { decodeBody } from '../soap/charset.ts';
import type { Envelope, RequestMessage } from '../soap/envelope.ts';
import type { RefusalReason } from '../soap/refusal.ts';
import type { Store } from '../store/store.ts';
import { authenticate, type CpeAuthenticationSettings } from './authentication/cpe-authentication.ts';
import { ACCEPTED_CODINGS, type Body, codingOf, readBody } from './body.ts';
import { cookieValue, sessionLength, setCookie } from './cookie.ts';
import { Exchange, type ExchangeContext } from './exchange.ts';
import { HttpPost, retryAfter } from './http-post.ts';
import { InformLimit } from './inform-limit.ts';
import { openSession } from './inform.ts';
import { createListener } from './listener.ts';
import { answerBadHttp } from './not-http.ts';
import { readMessage } from './read-message.ts';
import type { SessionSettings } from './session-state.ts';
import { type Found, Sessions } from './sessions.ts';
import { type SourceSettings, Sources } from './source-address.ts';
import type { CpePost } from './upstream/acs-connection.ts';
import { Chain, type ChainSettings } from './upstream/chain.ts';

export interface CwmpSettings extends SourceSettings {
  readonly auth: CpeAuthenticationSettings['mode'];
  readonly username: string;
  readonly password: string;
  readonly realm: string;
  readonly nonceValidityMs: number;
  readonly keepAliveMs: number;
  /** Connections from trusted proxies begin with a PROXY header. */
  readonly proxyProtocol: boolean;
  /** A POST that nothing else tells of belongs to the one session that is open at its address. */
  readonly identifyByAddress: boolean;
  readonly bodyBeforeAuthentication: number;
  readonly body: number;
  readonly sessionCap: number;
  readonly informsPerMinute: number;
  readonly session: SessionSettings;
  /** The ACS that Causeway stands before; undefined: there is none. */
  readonly upstream: ChainSettings | undefined;
}

export interface CwmpContext {
  readonly room: DeviceRoom;
  readonly store: Store;
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

type Inform = Extract<RequestMessage, { readonly method: 'Inform' }>['value'];

/** An Inform that was let in, before its device is known. */
interface Arrived {
  readonly request: IncomingMessage;
  readonly post: HttpPost;
  readonly carried: CpePost;
  readonly envelope: Envelope;
  readonly inform: Inform;
  readonly username: string;
}

/** The session that a broken POST ends: not one of which nothing but the address speaks, since others share that. */
const ownerOf = (found: Found): Exchange | undefined =>
  found.kind === 'open' && found.by !== 'address' ? found.exchange : undefined;

export class CwmpServer {
  readonly #context: CwmpContext;
  readonly #sources: Sources;
  readonly #sessions: Sessions;
  readonly #informLimit: InformLimit;
  readonly #exchangeContext: ExchangeContext;
  readonly #chain: Chain | undefined;
  /** Connections that a refusal ends. */
  readonly #broken = new WeakSet<Socket>();
  readonly server: FastifyInstance;
  #stopping = false;

  constructor(context: CwmpContext) {
    this.#context = context;
    const { clock, settings, log, metrics, cookieKey, incarnation } = context;
    this.#sources = new Sources(settings);
    const shares = (socket: Socket): boolean => this.#sources.shares(socket);
    this.#sessions = new Sessions({ cookieKey, incarnation, shares, identifyByAddress: settings.identifyByAddress });
    this.#informLimit = new InformLimit(settings.informsPerMinute);
    this.#exchangeContext = {
      clock,
      settings: settings.session,
      log,
      metrics,
      over: (exchange) => this.#sessions.remove(exchange),
    };
    const { upstream } = settings;
    const authenticates = settings.auth !== 'none';
    this.#chain = upstream && new Chain({ ...context, settings: upstream, authenticates });
    this.server = fastify({
      logger: false,
      // Node may close what nobody speaks on; a held CPE is answered before (the device room sees to it).
      forceCloseConnections: 'idle',
      serverFactory: () => this.#createServer(),
      clientErrorHandler: (error, socket) => {
        const reason = answerBadHttp(error, socket);
        if (reason !== undefined) this.#breaks(socket, reason);
      },
    });
  }

  /**
   * Every request is ours, whatever its path and method, and its body is read by our own hand since its cap depends on
   * whose it is: none passes fastify's router, which only opens and closes the listener.
   */
  #createServer(): Server {
    const { settings } = this.#context;
    const { keepAliveMs, proxyProtocol, session } = settings;
    return createListener(
      { keepAliveMs, proxyProtocol, idleMs: session.idleMs },
      this.#sources,
      (request, response) => this.#take(request, response),
      (socket, reason) => this.#breaks(socket, reason),
    );
  }

  get sessions(): number {
    return this.#sessions.size;
  }

  /** No new session begins; those that are open are ended by the device room. */
  stop(): void {
    this.#stopping = true;
    this.#sessions.stop();
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    const { clock, randomness, metrics, log } = this.#context;
    const post = new HttpPost(request, response, clock.now(), () => retryAfter(randomness));
    if (request.method !== 'POST') {
      this.#abort(post, 405, 'not-a-post', { Allow: 'POST' });
      return;
    }
    this.#handle(request, post).catch((error: unknown) => {
      metrics.count('failure', 'post');
      log.error({ err: error }, 'a POST of a CPE could not be handled');
      post.refuseForNow('internal');
    });
  }

  async #handle(request: IncomingMessage, post: HttpPost): Promise<void> {
    const { settings } = this.#context;
    const coding = codingOf(request.headers['content-encoding']);
    if (coding === undefined) {
      this.#abort(post, 415, 'content-encoding', { 'Accept-Encoding': ACCEPTED_CODINGS });
      return;
    }
    const found = this.#sessions.find(request.socket, request.headers.cookie, () => this.#sources.addressOf(request));
    const body = await readBody(
      request,
      coding,
      found.kind === 'open' ? settings.body : settings.bodyBeforeAuthentication,
    );
    if (body.kind !== 'whole') {
      this.#refuseBody(found, post, body);
      return;
    }
    // Nothing of a stranger's is parsed before it is known who it is; a session's POSTs are not asked again (quirk 6). A
    // CPE that fishes for the challenge may do so on the connection of its last session: only a cookie tells a late POST.
    const late = found.kind === 'over' && found.by === 'cookie' && request.headers.authorization === undefined;
    const username = found.kind === 'open' || late ? undefined : await this.#authenticate(request, post);
    if (username === null) return;
    const carried: CpePost = { target: request.url ?? '/', headers: request.headers, body: body.bytes };
    const text = decodeBody(body.bytes, request.headers['content-type']);
    if (text.trim() === '') {
      const challenge =
        found.kind === 'none' ? await this.#chain?.challenge(carried, this.#ownSocket(request)) : undefined;
      if (challenge === undefined) this.#post(found, post, carried, undefined);
      else post.pass(challenge);
      return;
    }
    const exchange = ownerOf(found);
    const read = readMessage(text, exchange?.model);
    if (!read.ok) {
      // What we cannot read the ACS behind us may understand.
      if (exchange?.relay?.isOpen === true) this.#post(found, post, carried, undefined);
      else this.#malformed(exchange, post, read.reason);
      return;
    }
    if (read.mended !== undefined) this.#context.metrics.count('cwmp_lenient', read.mended);
    const { message } = read.envelope;
    if (message.kind !== 'request' || message.method !== 'Inform') {
      this.#post(found, post, carried, read.envelope);
      return;
    }
    // An Inform always starts anew, on whatever socket it comes (quirk 13), and is authenticated (quirk 6).
    const known = username ?? (await this.#authenticate(request, post));
    if (known === null) return;
    await this.#begin({ request, post, carried, envelope: read.envelope, inform: message.value, username: known });
  }

  /** A POST that is no Inform goes to its session; a late one is told that the session is over. */
  #post(found: Found, post: HttpPost, carried: CpePost, envelope: Envelope | undefined): void {
    const { metrics } = this.#context;
    if (found.kind === 'open') {
      const { exchange } = found;
      if (found.by === 'address') this.#sessions.carries(post.socket, exchange);
      // A proxy closes what it does not need just now; only where it waits for an answer has the CPE gone.
      if (this.#sources.shares(post.socket)) post.onGone(() => exchange.closed(post.socket));
      post.forgetHeaders();
      if (exchange.relay?.takes(envelope) === true) void exchange.relay.post(exchange, post, carried, envelope);
      else exchange.post(post, envelope);
    } else if (found.kind === 'over' && envelope?.message.kind !== 'request') {
      metrics.count('cwmp_refused', 'session-over');
      post.finish();
    } else this.#refuse(post, 400, found.kind === 'over' ? 'session-over' : found.reason);
  }

  async #begin({ request, post, carried, envelope, inform, username }: Arrived): Promise<void> {
    const { settings, incarnation, randomness, cookieKey, room, metrics } = this.#context;
    const { socket } = request;
    if (this.#stopping || this.#sessions.size >= settings.sessionCap) {
      this.#refuseForNow(post, this.#stopping ? 'stopping' : 'sessions-full');
      return;
    }
    const sourceAddress = this.#sources.addressOf(request);
    if (!this.#informLimit.allows(inform, sourceAddress, username, post.arrivedAt)) {
      this.#refuseForNow(post, 'inform-flood');
      return;
    }
    const informing = { inform, envelope, sourceAddress, username };
    const opened = await (this.#chain?.open(informing, carried, this.#ownSocket(request)) ??
      openSession(room, informing));
    if (opened.kind === 'refused') {
      metrics.count('cwmp_refused', opened.reason);
      post.respond(opened.fault);
      return;
    }
    if (opened.kind === 'passed') {
      post.pass(opened.answer);
      return;
    }
    if (opened.kind !== 'open') {
      this.#refuseForNow(post, opened.kind);
      return;
    }
    const name = randomName(randomness, sessionLength);
    const cookie = cookieValue(cookieKey, { incarnation, session: name });
    const model = `${inform.DeviceId.OUI} ${inform.DeviceId.ProductClass}`;
    const { device, relay, passed } = opened;
    const { style } = envelope;
    const exchange = new Exchange(this.#exchangeContext, { name, cookie, device, style, model, post, relay });
    this.#sessions.add(exchange, socket, sourceAddress);
    metrics.count('cwmp_informs', inform.Event[0]?.EventCode.slice(0, 32) ?? 'none');
    if (passed === undefined) post.respond(opened.response, setCookie(cookie));
    else post.pass(passed, setCookie(cookie));
  }

  /** Undefined where several CPEs may share it. */
  #ownSocket({ socket }: IncomingMessage): Socket | undefined {
    return this.#sources.shares(socket) ? undefined : socket;
  }

  /** The user name, '' where nobody is asked; null when the CPE has been challenged. */
  async #authenticate(request: IncomingMessage, post: HttpPost): Promise<string | null> {
    const { settings, nonceKey, clock, log } = this.#context;
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
    if (result.kind === 'accepted') {
      // Recorded and not enforced: CPEs in the field send the same count for ever (quirk 7).
      if (result.scheme === 'digest')
        log.debug({ username: result.username, nc: result.nc }, 'a CPE was authenticated');
      return result.username ?? '';
    }
    // Why is for the operator: who guesses is not told whether it was the name or the password.
    this.#context.metrics.count('cwmp_refused', result.reason);
    post.refuse(401, 'unauthorized', { 'WWW-Authenticate': result.header });
    return null;
  }

  #malformed(exchange: Exchange | undefined, post: HttpPost, reason: RefusalReason): void {
    if (exchange === undefined) {
      this.#abort(post, 400, reason);
      return;
    }
    this.#breaks(post.socket, reason);
    exchange.malformed(post);
  }

  #refuseBody(found: Found, post: HttpPost, body: Exclude<Body, { readonly kind: 'whole' }>): void {
    if (body.kind === 'cut-off') {
      // The CPE may bring it once more on another connection.
      this.#breaks(post.socket, body.kind);
      return;
    }
    this.#abort(post, body.kind === 'too-large' ? 413 : 400, body.kind);
    ownerOf(found)?.malformed(undefined);
  }

  #refuse(post: HttpPost, status: number, reason: string, headers?: Readonly<Record<string, string>>): void {
    this.#context.metrics.count('cwmp_refused', reason);
    post.refuse(status, reason, headers);
  }

  #refuseForNow(post: HttpPost, reason: string): void {
    this.#context.metrics.count('cwmp_refused', reason);
    post.refuseForNow(reason);
  }

  #abort(post: HttpPost, status: number, reason: string, headers?: Readonly<Record<string, string>>): void {
    this.#breaks(post.socket, reason);
    post.abort(status, reason, headers);
  }

  /** Counts what ends a connection, once: what follows is of the same cause, as the rest of a body cut short. */
  #breaks(socket: Socket, reason: string): void {
    if (this.#broken.has(socket)) return;
    this.#broken.add(socket);
    this.#context.metrics.count('cwmp_refused', reason);
  }
}
