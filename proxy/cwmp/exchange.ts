// One open CWMP session with its effects: it runs the pure machine of session.ts, writes to the CPE's pending POST, arms
// one timer, and is the Link of the device room.
import type { CallOutcome, Link } from '../device/link.ts';
import type { DeviceSession } from '../device/session.ts';
import { isStoreError } from '../errors.ts';
import type { Clock, Timer } from '../operate/clock.ts';
import { type Deferred, deferred } from '../operate/deferred.ts';
import type { Log } from '../operate/log.ts';
import type { Metrics } from '../operate/metrics.ts';
import type { CpeMethodName, CpeRequest } from '../rpc/methods.ts';
import type { Envelope } from '../soap/envelope.ts';
import type { EnvelopeStyle } from '../soap/style.ts';
import { writeCpeRequest } from '../soap/write-envelope.ts';
import { type Asked, writeAnswer, writeTooLarge, writeUnknownMethod } from './answers.ts';
import { type PassedAnswer, type PendingPost, respond } from './http-post.ts';
import { step } from './session.ts';
import type { Relay } from './upstream/relay.ts';
import {
  type CallResult,
  lossOf,
  type ReportMessage,
  type ReportOutcome,
  type SessionEffect,
  type SessionEndReason,
  type SessionInput,
  type SessionSettings,
  type SessionState,
  startSession,
  type WriteEffect,
} from './session-state.ts';

export interface ExchangeContext {
  readonly clock: Clock;
  readonly settings: SessionSettings;
  readonly log: Log;
  readonly metrics: Metrics;
  /** The session is over: nobody finds it any more. */
  readonly over: (exchange: Exchange) => void;
}

/** What its Inform said of a session. */
export interface ExchangeStart {
  readonly name: string;
  /** The value of its cookie. */
  readonly cookie: string;
  readonly device: DeviceSession;
  readonly style: EnvelopeStyle;
  /** OUI and product class, for what is counted by model. */
  readonly model: string;
  /** The Inform's own POST. */
  readonly post: PendingPost;
  /** Chain mode: the CPE's session with the ACS behind us. */
  readonly relay?: Relay | undefined;
}

interface OpenCall {
  readonly method: CpeMethodName;
  readonly outcome: Deferred<CallOutcome<CpeMethodName>>;
}

export class Exchange implements Link {
  readonly name: string;
  readonly cookie: string;
  readonly device: DeviceSession;
  readonly model: string;
  readonly relay: Relay | undefined;
  readonly #context: ExchangeContext;
  readonly #style: EnvelopeStyle;
  #state: SessionState;
  #pending: PendingPost | undefined;
  #call: OpenCall | undefined;
  /** Value of the response that is being handled. */
  #value: unknown;
  /** ID of the message that is being handled. */
  #messageId: string | undefined;
  /** The report that is being answered. */
  #reported: Asked | undefined;
  #timer: Timer | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #nextId = 1;
  /** What the ACS behind us answered, while it is being written. */
  #passed: PassedAnswer | undefined;
  #socket: object;
  /** The CPE uses one connection for everything, and neither side has said that it ends. */
  #onlyOneSocket: boolean;
  heldSince = 0;
  mayHold = true;

  constructor(context: ExchangeContext, { name, cookie, device, style, model, post, relay }: ExchangeStart) {
    this.#context = context;
    this.name = name;
    this.cookie = cookie;
    this.device = device;
    this.model = model;
    this.relay = relay;
    this.#style = style;
    this.#socket = post.socket;
    this.#onlyOneSocket = post.keepsAlive;
    this.#state = startSession(context.clock.now(), context.settings);
    this.#arm();
  }

  get over(): boolean {
    return this.#state.phase.kind === 'ended';
  }

  call<N extends CpeMethodName>(method: N, request: CpeRequest<N>, timeoutMs: number): Promise<CallOutcome<N>> {
    if (this.#call !== undefined) return Promise.resolve({ kind: 'lost', written: false, reason: 'ended' });
    const written = writeCpeRequest(this.#style, String(this.#nextId), method, request);
    if (!written.ok) return Promise.resolve({ kind: 'lost', written: false, reason: 'unwritable' });
    this.#nextId += 1;
    const outcome = deferred<CallOutcome<CpeMethodName>>();
    this.#call = { method, outcome };
    this.#input({ kind: 'call', call: { method, text: written.text, timeoutMs } });
    // The machine settles a call with the response of its own method only.
    return outcome.promise as Promise<CallOutcome<N>>;
  }

  end(): void {
    this.#input({ kind: 'end' });
  }

  /** A POST of this session that is not an Inform; `envelope` undefined: it was empty. */
  post(pending: PendingPost, envelope: Envelope | undefined): void {
    this.#take(pending);
    if (envelope === undefined) {
      this.#input({ kind: 'empty-post' });
      return;
    }
    const { message, id } = envelope;
    if (message.kind === 'request' && message.method === 'Inform') return;
    this.#messageId = id;
    this.#value = message.kind === 'response' ? message.value : undefined;
    this.#input({ kind: 'post', message });
    this.#value = undefined;
    // A piece of the message would keep all of it while the CPE is held.
    this.#messageId = undefined;
  }

  /** A POST that cannot be read; undefined: it has been answered already. */
  malformed(pending: PendingPost | undefined): void {
    if (pending !== undefined) this.#take(pending);
    this.#input({ kind: 'malformed-post' });
  }

  /** Chain mode: a POST goes to the ACS; false when the session is over and the CPE has been told so. */
  relaying(pending: PendingPost): boolean {
    this.#take(pending);
    this.#input({ kind: 'relay' });
    return !this.over;
  }

  /** The ACS's answer; undefined: it failed, and the CPE is to come again. */
  relayed(answer: PassedAnswer | undefined): void {
    this.#passed = answer;
    this.#input({ kind: answer === undefined ? 'relay-failed' : 'relayed' });
    this.#passed = undefined;
  }

  /** The ACS has nothing more to say: the POST that it had is ours. */
  handedOver(): void {
    this.#input({ kind: 'empty-post' });
  }

  displaced(): void {
    this.#input({ kind: 'displaced' });
  }

  /** The gateway stops: the CPE is let go when the device room says so, and not waited for when it is gone. */
  stopping(): void {
    this.#input({ kind: 'stopping' });
  }

  /**
   * The CPE has closed its half of a connection that this session used: it still hears what its POST waits for, if that
   * comes soon. One that is held has given up.
   */
  halfClosed(socket: object): void {
    if (socket !== this.#socket) return;
    this.mayHold = false;
    if (this.#pending === undefined || this.device.idle) this.#gone();
  }

  /** A connection that this session used is gone. */
  closed(socket: object): void {
    if (this.#pending?.socket === socket) this.#pending = undefined;
    if (socket === this.#socket) this.#gone();
  }

  #gone(): void {
    this.#input({ kind: 'closed', onlyOne: this.#onlyOneSocket });
  }

  #take(pending: PendingPost): void {
    // A second POST while one is held: the first connection is dead, or the CPE has given it up.
    this.#pending?.finish();
    this.#pending = pending;
    this.heldSince = pending.arrivedAt;
    if (pending.socket !== this.#socket || !pending.keepsAlive) this.#onlyOneSocket = false;
    this.#socket = pending.socket;
    this.mayHold = pending.isWhole;
  }

  /** One step of the machine. */
  #input(input: SessionInput): void {
    const { state, effects } = step(this.#state, input, this.#context.clock.now(), this.#context.settings);
    this.#state = state;
    for (const effect of effects) this.#attempt(effect);
    this.#arm();
  }

  /** An error ends this session and nothing else (promise 3); the other effects of the step still happen. */
  #attempt(effect: SessionEffect): void {
    try {
      this.#do(effect);
    } catch (error) {
      this.#context.metrics.count('failure', 'session');
      this.#context.log.error({ device: this.device.key.device, err: error }, 'a CWMP session failed by a bug');
      this.#input({ kind: 'failed' });
    }
  }

  #do(effect: SessionEffect): void {
    switch (effect.kind) {
      case 'ready':
        void this.device.serve(this);
        return;
      case 'report':
        void this.#report(effect.report, { message: effect.message, id: this.#messageId });
        return;
      case 'settle':
        this.#settle(effect.result);
        return;
      case 'unsolicited':
        this.#context.metrics.count('cwmp_refused', 'unsolicited-answer');
        return;
      case 'end':
        this.#ended(effect.reason, effect.heldMs);
        return;
      default: {
        const pending = this.#pending;
        this.#pending = undefined;
        if (pending !== undefined) this.#write(pending, effect);
      }
    }
  }

  #write(pending: PendingPost, effect: WriteEffect): void {
    const { metrics } = this.#context;
    switch (effect.kind) {
      case 'write':
        pending.respond(effect.text);
        return;
      case 'write-nothing':
        pending.finish();
        return;
      case 'write-passed':
        if (this.#passed !== undefined) pending.pass(this.#passed);
        return;
      case 'write-malformed':
        pending.abort(400, 'malformed');
        return;
      case 'write-later':
        metrics.count('cwmp_refused', effect.reason);
        pending.refuseForNow(effect.reason);
        return;
      case 'unknown-method':
        metrics.count('cwmp_refused', 'unknown-method');
        respond(pending, writeUnknownMethod(this.#style, this.#messageId, effect.name));
        return;
      case 'answer-report':
        if (this.#reported !== undefined) respond(pending, writeAnswer(this.#style, this.#reported));
        return;
      case 'refuse-report':
        metrics.count('cwmp_refused', 'report-too-large');
        if (this.#reported !== undefined) respond(pending, writeTooLarge(this.#style, this.#reported));
    }
  }

  async #report(report: number, asked: Asked): Promise<void> {
    const outcome = asked.message.method === 'GetRPCMethods' ? 'saved' : await this.#save(asked.message);
    this.#reported = asked;
    this.#input({ kind: 'reported', report, outcome });
    this.#reported = undefined;
  }

  async #save({ method, value }: ReportMessage): Promise<ReportOutcome> {
    const { metrics, log } = this.#context;
    try {
      const reported = await this.device.report(method, value);
      if (reported === 'too-large') return reported;
      return reported === 'stale' ? 'displaced' : 'saved';
    } catch (error) {
      if (isStoreError(error)) return 'store-away';
      metrics.count('failure', 'report');
      const { device } = this.device.key;
      log.error({ device, method, err: error }, 'a report could not be saved; the CPE repeats it');
      return 'failed';
    }
  }

  #settle(result: CallResult): void {
    const call = this.#call;
    if (call === undefined) return;
    this.#call = undefined;
    call.outcome.resolve(
      result.kind === 'response' ? ({ kind: 'response', value: this.#value } as CallOutcome<CpeMethodName>) : result,
    );
  }

  #ended(reason: SessionEndReason, heldMs: number | undefined): void {
    const { metrics, over, log, clock } = this.#context;
    metrics.count('cwmp_session_end', reason);
    const { rpcs, startedAt } = this.#state;
    log.debug(
      { device: this.device.key.device, reason, rpcs, ms: clock.now() - startedAt },
      'a CWMP session has ended',
    );
    over(this);
    this.relay?.close();
    void this.device.ended({ reason: reason === 'done' ? 'done' : lossOf(reason), heldMs });
  }

  #arm(): void {
    const { at } = this.#state.deadline;
    if (at === this.#timerAt) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#timerAt = at;
    if (!Number.isFinite(at)) return;
    this.#timer = this.#context.clock.after(Math.max(0, at - this.#context.clock.now()), () => {
      this.#timerAt = Number.POSITIVE_INFINITY;
      this.#input({ kind: 'tick' });
    });
  }
}
