// Where CPEs open their sessions: HTTP in, sessions found by cookie or socket, the Inform authenticated. Whatever comes,
// it ends at most its own session (promise 3), and every refusal is counted with its reason.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { OwnCredentials } from '../device/credentials/own-credentials.ts';
import type { DeviceRoom } from '../device/room.ts';
import { isStoreError } from '../errors.ts';
import { type Clock, randomName, type Randomness } from '../operate/clock.ts';
import type { Log } from '../operate/log.ts';
import type { Metrics } from '../operate/metrics.ts';
import type { Behaviour, ProfileSubject } from '../profile/profile.ts';
import { decodeBody } from '../soap/charset.ts';
import type { Envelope, RequestMessage } from '../soap/envelope.ts';
import type { RefusalReason } from '../soap/refusal.ts';
import type { Store } from '../store/store.ts';
import { ACCEPTED_CODINGS, type Body, codingOf, readBody } from './body.ts';
import { cookieValue, sessionLength, setCookie } from './cookie.ts';
import { type CwmpListener, type CwmpListenerSettings, openListener } from './cwmp-listener.ts';
import { Exchange, type ExchangeContext } from './exchange.ts';
import { HttpPost, retryAfter } from './http-post.ts';
import { InformAuthentication, type InformAuthenticationSettings, type Known } from './inform-authentication.ts';
import { InformLimit } from './inform-limit.ts';
import { openSession } from './inform.ts';
import { readMessage } from './read-message.ts';
import type { SessionSettings } from './session-state.ts';
import { type Found, Sessions } from './sessions.ts';
import type { CpePost } from './upstream/acs-connection.ts';
import { Chain, type ChainSettings } from './upstream/chain.ts';

export interface CwmpSettings extends InformAuthenticationSettings {
  readonly listeners: readonly CwmpListenerSettings[];
  readonly keepAliveMs: number;
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
  readonly ownCredentials?: OwnCredentials | undefined;
  readonly behaviourOf: (subject: ProfileSubject) => Behaviour;
  readonly log: Log;
  readonly metrics: Metrics;
}

type Inform = Extract<RequestMessage, { readonly method: 'Inform' }>['value'];

/** An Inform that was let in, before its device is known. */
interface Arrived {
  readonly listener: CwmpListener;
  readonly request: IncomingMessage;
  readonly post: HttpPost;
  readonly carried: CpePost;
  readonly envelope: Envelope;
  readonly inform: Inform;
  readonly username: Known['username'];
  readonly shown: Known['shown'];
  readonly identified: boolean;
}

/** The session that a broken POST ends: not one of which nothing but the address speaks, since others share that. */
const ownerOf = (found: Found): Exchange | undefined =>
  found.kind === 'open' && found.by !== 'address' ? found.exchange : undefined;

/** Undefined where several CPEs may share it. */
const ownSocket = ({ sources }: CwmpListener, { socket }: IncomingMessage): Socket | undefined =>
  sources.shares(socket) ? undefined : socket;

export class CwmpServer {
  readonly #context: CwmpContext;
  readonly #sessions: Sessions;
  readonly #authentication: InformAuthentication;
  readonly #informLimit: InformLimit;
  readonly #exchangeContext: ExchangeContext;
  readonly #chain: Chain | undefined;
  /** Connections that a refusal ends. */
  readonly #broken = new WeakSet<Socket>();
  /** In the order of the settings. */
  readonly listeners: readonly CwmpListener[];
  #stopping = false;

  constructor(context: CwmpContext) {
    this.#context = context;
    const { clock, settings, log, metrics, cookieKey, incarnation } = context;
    this.#sessions = new Sessions({ cookieKey, incarnation, identifyByAddress: settings.identifyByAddress });
    this.#authentication = new InformAuthentication(context);
    this.#informLimit = new InformLimit(settings.informsPerMinute);
    this.#exchangeContext = {
      clock,
      settings: settings.session,
      log,
      metrics,
      over: (exchange) => this.#sessions.remove(exchange),
    };
    const hands = {
      keepAliveMs: settings.keepAliveMs,
      idleMs: settings.session.idleMs,
      take: this.#take.bind(this),
      breaks: this.#breaks.bind(this),
    };
    this.listeners = settings.listeners.map((listener) => openListener(listener, hands));
    const { upstream } = settings;
    const authenticates = this.listeners.every((listener) => listener.settings.auth !== 'none');
    this.#chain = upstream && new Chain({ ...context, settings: upstream, authenticates });
  }

  get servers(): readonly FastifyInstance[] {
    return this.listeners.map(({ server }) => server);
  }

  get sessions(): number {
    return this.#sessions.size;
  }

  /** No new session begins; those that are open are ended by the device room. */
  stop(): void {
    this.#stopping = true;
    this.#sessions.stop();
  }

  #take(listener: CwmpListener, request: IncomingMessage, response: ServerResponse): void {
    const { clock, randomness, metrics, log } = this.#context;
    const post = new HttpPost(request, response, clock.now(), () => retryAfter(randomness));
    if (request.method !== 'POST') {
      this.#abort(post, 405, 'not-a-post', { Allow: 'POST' });
      return;
    }
    this.#handle(listener, request, post).catch((error: unknown) => {
      metrics.count('failure', 'post');
      log.error({ err: error }, 'a POST of a CPE could not be handled');
      post.refuseForNow('internal');
    });
  }

  async #handle(listener: CwmpListener, request: IncomingMessage, post: HttpPost): Promise<void> {
    const { settings } = this.#context;
    const coding = codingOf(request.headers['content-encoding']);
    if (coding === undefined) {
      this.#abort(post, 415, 'content-encoding', { 'Accept-Encoding': ACCEPTED_CODINGS });
      return;
    }
    const { socket, headers } = request;
    const found = this.#sessions.find({
      socket,
      cookies: headers.cookie,
      shared: listener.sources.shares(socket),
      channel: listener.channelOf(request),
      address: () => listener.sources.addressOf(request),
    });
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
    const asked = found.kind !== 'open' && !late;
    const known = asked ? await this.#ask(listener, request, post) : undefined;
    if (asked && known === undefined) return;
    const carried: CpePost = { target: request.url ?? '/', headers: request.headers, body: body.bytes };
    const text = decodeBody(body.bytes, request.headers['content-type']);
    if (text.trim() === '') {
      const fishes = this.#chain !== undefined && found.kind === 'none';
      const challenge = fishes ? await this.#chain.challenge(carried, ownSocket(listener, request)) : undefined;
      if (challenge === undefined) this.#post(listener, found, post, carried, undefined);
      else post.pass(challenge);
      return;
    }
    const exchange = ownerOf(found);
    const read = readMessage(text, exchange?.model);
    if (!read.ok) {
      // What we cannot read the ACS behind us may understand.
      if (exchange?.relay?.isOpen === true) this.#post(listener, found, post, carried, undefined);
      else this.#malformed(exchange, post, read.reason);
      return;
    }
    if (read.mended !== undefined) this.#context.metrics.count('cwmp_lenient', read.mended);
    const { message } = read.envelope;
    if (message.kind !== 'request' || message.method !== 'Inform') {
      this.#post(listener, found, post, carried, read.envelope);
      return;
    }
    // An Inform always starts anew, on whatever socket it comes (quirk 13), and is authenticated (quirk 6).
    const who = known ?? (await this.#ask(listener, request, post));
    const admitted = who === undefined ? undefined : this.#authentication.admit(listener, who, message.value, post);
    if (admitted === undefined) return;
    const { envelope } = read;
    await this.#begin({ listener, request, post, carried, envelope, inform: message.value, ...admitted });
  }

  /** Undefined when the CPE has been refused, be it only because nobody can tell who it is. */
  async #ask(listener: CwmpListener, request: IncomingMessage, post: HttpPost): Promise<Known | undefined> {
    try {
      return await this.#authentication.ask(listener, request, post);
    } catch (error) {
      if (!isStoreError(error)) throw error;
      this.#refuseForNow(post, 'store-away');
      return undefined;
    }
  }

  /** A POST that is no Inform goes to its session; a late one is told that the session is over. */
  #post(listener: CwmpListener, found: Found, post: HttpPost, carried: CpePost, envelope: Envelope | undefined): void {
    const { metrics } = this.#context;
    if (found.kind === 'open') {
      const { exchange } = found;
      const shared = listener.sources.shares(post.socket);
      if (found.by === 'address' && !shared) this.#sessions.carries(post.socket, exchange);
      // A proxy closes what it does not need just now; only where it waits for an answer has the CPE gone.
      if (shared) post.onGone(() => exchange.closed(post.socket));
      post.forgetHeaders();
      if (exchange.relay?.takes(envelope) === true) void exchange.relay.post(exchange, post, carried, envelope);
      else exchange.post(post, envelope);
    } else if (found.kind === 'over' && envelope?.message.kind !== 'request') {
      metrics.count('cwmp_refused', 'session-over');
      post.finish();
    } else this.#refuse(post, 400, found.kind === 'over' ? 'session-over' : found.reason);
  }

  async #begin(arrived: Arrived): Promise<void> {
    const { listener, request, post, carried, envelope, inform, username, shown, identified } = arrived;
    const { settings, incarnation, randomness, cookieKey, room, metrics } = this.#context;
    const { socket } = request;
    if (this.#stopping || this.#sessions.size >= settings.sessionCap) {
      this.#refuseForNow(post, this.#stopping ? 'stopping' : 'sessions-full');
      return;
    }
    const sourceAddress = listener.sources.addressOf(request);
    if (!this.#informLimit.allows(inform, sourceAddress, username, post.arrivedAt)) {
      this.#refuseForNow(post, 'inform-flood');
      return;
    }
    const { tenant } = listener.settings;
    const informing = { inform, envelope, sourceAddress, tenant, username, shown };
    const opened = await (this.#chain?.open(informing, carried, ownSocket(listener, request)) ??
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
    this.#sessions.add(exchange, {
      identified,
      socket,
      shared: listener.sources.shares(socket),
      channel: listener.channelOf(request),
      address: () => sourceAddress,
    });
    metrics.count('cwmp_informs', inform.Event[0]?.EventCode.slice(0, 32) ?? 'none');
    if (passed === undefined) post.respond(opened.response, setCookie(cookie));
    else post.pass(passed, setCookie(cookie));
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
