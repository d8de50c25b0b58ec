// One open CWMP session with its effects: it runs the pure machine of session.ts, writes to the CPE's pending POST, arms
// one timer, and is the Link of the device room.
import type { CallOutcome, Link, LossReason } from '../device/link.ts';
import type { DeviceSession } from '../device/session.ts';
import type { Clock, Timer } from '../operate/clock.ts';
import { type Deferred, deferred } from '../operate/deferred.ts';
import type { Log } from '../operate/log.ts';
import type { Metrics } from '../operate/metrics.ts';
import type { AcsMethodName, AcsResponse, CpeMethodName, CpeRequest } from '../rpc/methods.ts';
import { ACS_METHODS } from '../rpc/methods.ts';
import type { Envelope } from '../soap/envelope.ts';
import type { EnvelopeStyle } from '../soap/style.ts';
import { writeAcsResponse, writeCpeRequest, writeFault } from '../soap/write-envelope.ts';
import {
  type CallResult,
  type SessionEffect,
  type SessionEndReason,
  type SessionInput,
  type SessionSettings,
  type SessionState,
  startSession,
  step,
} from './session.ts';

/** A CPE's POST that waits for its response. */
export interface PendingPost {
  /** Milliseconds since the epoch. */
  readonly arrivedAt: number;
  /** 200 with a SOAP body. */
  respond(text: string, cookie?: string): void;
  /** 204: the session is over (quirk 5: never 200 without a body). */
  finish(): void;
  refuse(status: number, reason: string): void;
  /** The socket that it came on, for telling whether a session uses several. */
  readonly socket: object;
}

export interface ExchangeContext {
  readonly clock: Clock;
  readonly settings: SessionSettings;
  readonly log: Log;
  readonly metrics: Metrics;
  /** The session is over: nobody finds it any more. */
  readonly over: (exchange: Exchange) => void;
}

interface OpenCall {
  readonly method: CpeMethodName;
  readonly outcome: Deferred<CallOutcome<CpeMethodName>>;
}

const METHOD_NOT_SUPPORTED = 8000;

const LOSS: Readonly<Record<Exclude<SessionEndReason, 'done'>, LossReason>> = {
  'hung-up': 'closed',
  closed: 'closed',
  silent: 'timeout',
  'rpc-timeout': 'timeout',
  malformed: 'malformed',
  'wrong-response': 'wrong-response',
  displaced: 'displaced',
  'too-many-rpcs': 'cap',
  'too-long': 'cap',
  'store-away': 'ended',
};

export class Exchange implements Link {
  readonly name: string;
  readonly device: DeviceSession;
  /** OUI and product class, for what is counted by model. */
  readonly model: string;
  readonly #context: ExchangeContext;
  readonly #style: EnvelopeStyle;
  #state: SessionState;
  #pending: PendingPost | undefined;
  #call: OpenCall | undefined;
  /** Value of the response that is being handled. */
  #value: unknown;
  /** ID of the CPE's own request that is being answered. */
  #requestId: string | undefined;
  #timer: Timer | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #nextId = 1;
  #socket: object;
  #onlyOneSocket = true;
  heldSince = 0;

  constructor(
    context: ExchangeContext,
    name: string,
    device: DeviceSession,
    style: EnvelopeStyle,
    model: string,
    socket: object,
  ) {
    this.#context = context;
    this.name = name;
    this.device = device;
    this.model = model;
    this.#style = style;
    this.#socket = socket;
    this.#state = startSession(context.clock.now(), context.settings);
    this.#arm();
  }

  get over(): boolean {
    return this.#state.phase.kind === 'ended';
  }

  /** True while the CPE has nothing to do but wait for us. */
  get holding(): boolean {
    return this.#state.phase.kind === 'turn';
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
    if (message.kind === 'request') {
      if (message.method === 'Inform') return;
      this.#requestId = id;
      this.#input({ kind: 'post', message });
      return;
    }
    if (message.kind === 'response') this.#value = message.value;
    if (message.kind === 'unknown') this.#requestId = id;
    this.#input({ kind: 'post', message });
    this.#value = undefined;
  }

  malformed(pending: PendingPost): void {
    this.#take(pending);
    this.#input({ kind: 'malformed-post' });
  }

  displaced(): void {
    this.#input({ kind: 'displaced' });
  }

  /** A connection that this session used has closed. */
  closed(socket: object): void {
    if (socket !== this.#socket) return;
    if (this.#pending?.socket === socket) this.#pending = undefined;
    this.#input({ kind: 'closed', onlyOne: this.#onlyOneSocket });
  }

  #take(pending: PendingPost): void {
    // A second POST while one is held: the first connection is dead, or the CPE has given it up.
    this.#pending?.finish();
    this.#pending = pending;
    this.heldSince = pending.arrivedAt;
    if (pending.socket !== this.#socket) {
      this.#socket = pending.socket;
      this.#onlyOneSocket = false;
    }
  }

  #input(input: SessionInput): void {
    const { state, effects } = step(this.#state, input, this.#context.clock.now(), this.#context.settings);
    this.#state = state;
    for (const effect of effects) this.#do(effect);
    this.#arm();
  }

  #do(effect: SessionEffect): void {
    switch (effect.kind) {
      case 'ready':
        void this.device.serve(this);
        return;
      case 'report':
        void this.#report(effect.method, effect.value);
        return;
      case 'answer-report':
      case 'write-nothing':
      case 'write':
      case 'write-status':
      case 'unknown-method':
        this.#write(effect);
        return;
      case 'settle':
        this.#settle(effect.result);
        return;
      case 'unsolicited':
        this.#context.metrics.count('cwmp_refused', 'unsolicited-answer');
        return;
      case 'end':
        this.#ended(effect.reason, effect.heldMs);
    }
  }

  #write(
    effect: Extract<SessionEffect, { readonly kind: `write${string}` | 'unknown-method' | 'answer-report' }>,
  ): void {
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending === undefined) return;
    if (effect.kind === 'write') pending.respond(effect.text);
    else if (effect.kind === 'write-nothing') pending.finish();
    else if (effect.kind === 'write-status')
      pending.refuse(effect.status, effect.status === 503 ? 'store-away' : 'malformed');
    else if (effect.kind === 'unknown-method') {
      this.#context.metrics.count('cwmp_refused', 'unknown-method');
      this.#respond(pending, writeFault(this.#style, this.#requestId, unknownMethod(effect.name)));
    } else pending.finish();
  }

  #respond(pending: PendingPost, written: ReturnType<typeof writeFault>): void {
    if (written.ok) pending.respond(written.text);
    else pending.refuse(400, written.reason);
  }

  async #report(method: AcsMethodName, value: unknown): Promise<void> {
    const { metrics, log } = this.#context;
    let saved = false;
    try {
      saved = method === 'GetRPCMethods' || (await this.device.report(method, value)) !== 'stale';
    } catch (error) {
      metrics.count('failure', 'report');
      log.error(
        { device: this.device.key.device, method, err: error },
        'a report could not be saved; the CPE repeats it',
      );
    }
    const pending = this.#pending;
    const wanted = this.#state.phase.kind === 'reporting';
    if (saved && wanted && pending !== undefined) {
      this.#pending = undefined;
      this.#respond(pending, writeAcsResponse(this.#style, this.#requestId, method, reportResponse(method)));
    }
    this.#input({ kind: 'reported', saved });
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
    void this.device.ended({ reason: reason === 'done' ? 'done' : LOSS[reason], heldMs });
  }

  #arm(): void {
    const { deadline } = this.#state;
    if (deadline === this.#timerAt) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#timerAt = deadline;
    if (!Number.isFinite(deadline)) return;
    this.#timer = this.#context.clock.after(Math.max(0, deadline - this.#context.clock.now()), () => {
      this.#timerAt = Number.POSITIVE_INFINITY;
      this.#input({ kind: 'tick' });
    });
  }
}

const unknownMethod = (name: string): Parameters<typeof writeFault>[2] => ({
  FaultCode: METHOD_NOT_SUPPORTED,
  FaultString: `Method not supported: ${name}`,
  SetParameterValuesFault: [],
});

/** What each request of a CPE is answered with, beyond being saved. */
function reportResponse(method: AcsMethodName): AcsResponse<AcsMethodName> {
  switch (method) {
    case 'GetRPCMethods':
      return { MethodList: Object.keys(ACS_METHODS) };
    case 'Kicked':
      return { NextURL: '' };
    case 'Inform':
      return { MaxEnvelopes: 1 };
    default:
      return {};
  }
}
