// The Session Contexts of this node: one for each Agent and Controller (R-E2E.5), in memory and in no socket. A Controller
// that is back on another connection goes on in it; one that finds it gone, with its node or forgotten here, is told so by a
// new one (R-E2E.4, R-E2E.24). The steps are the machine's; here are time, chance, Records and what is counted.
import type { SessionPolicy } from '../../agent/local-agent/controller/e2e-session.ts';
import type { Clock, Randomness, Timer } from '../../operate/clock.ts';
import type { Metrics } from '../../operate/metrics.ts';
import { codes } from '../../usp/codes.ts';
import { encodeRecord, plainRecord, type SessionContextRecord } from '../../usp/record.ts';
import type { Connection } from '../connection.ts';
import type { Connections } from '../connections.ts';
import { announce, fail, lose } from './begin.ts';
import {
  bytesOf,
  type Context,
  type Effect,
  type Failure,
  isExpired,
  type Moment,
  NO_CONTEXT,
  type Step,
  wakeAt,
} from './context.ts';
import { receive } from './receive.ts';
import { NOTHING } from './segments.ts';
import { send } from './send.ts';
import { tick } from './tick.ts';

/** Endpoint IDs. */
export interface Pair {
  readonly tenant: string;
  readonly controller: string;
  readonly agent: string;
}

export interface ContextsContext {
  readonly connections: Connections;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly metrics: Metrics;
  readonly caps?: Caps;
}

/** Of a node. */
interface Caps {
  readonly contexts: number;
  /** Of Records that all of them keep. */
  readonly bytes: number;
}

/** An idle context takes some 500 bytes, so 50 MB; one alone may keep three times 4 MiB of Records. */
const CAPS: Caps = { contexts: 100_000, bytes: 256 * 1024 * 1024 };

const TERMINATED = {
  reason: 'the session context is terminated: it is not allowed any more',
  reason_code: codes.sessionContextTerminated,
} as const;

interface Kept {
  readonly pair: Pair;
  policy: SessionPolicy;
  context: Context;
  timer: Timer | undefined;
}

export class SessionContexts {
  readonly #context: ContextsContext;
  /** Least recently used first. */
  readonly #kept = new Map<string, Kept>();
  #bytes = 0;

  constructor(context: ContextsContext) {
    this.#context = context;
  }

  get size(): number {
    return this.#kept.size;
  }

  /** Whether what the Agent sends goes in a context: there is one, or was one whose time is over (R-E2E.7) or which failed. */
  has(pair: Pair): boolean {
    const kept = this.#kept.get(nameOf(pair));
    return kept !== undefined && (kept.context.kind === 'open' || kept.context.lost);
  }

  /** By the policy that counted last. */
  isRequired(pair: Pair): boolean {
    return this.#kept.get(nameOf(pair))?.policy.mode === 'Require';
  }

  /** Takes a Record; answers the Msgs that are whole with it, in their order. What goes back goes by `connection`. */
  receive(
    pair: Pair,
    connection: Connection,
    record: SessionContextRecord,
    policy: SessionPolicy,
  ): readonly Uint8Array[] {
    const kept = this.#of(pair, policy);
    return this.#commit(kept, receive(kept.context, record, policy, this.#moment()), connection);
  }

  /**
   * Sends a Msg in the context; where there is none it begins one. Without a `policy` the one that counted last does. False
   * when the connection is over: then nothing has happened.
   */
  send(pair: Pair, connection: Connection, payload: Uint8Array, policy?: SessionPolicy): boolean {
    const counts = policy ?? this.#kept.get(nameOf(pair))?.policy;
    if (counts === undefined) return false;
    const kept = this.#of(pair, counts);
    const capacity = counts.maxRecordBytes === 0 ? undefined : capacityOf(pair, counts.maxRecordBytes);
    const step = send(kept.context, payload, capacity, counts, this.#moment());
    const [first, ...more] = step.effects.filter((effect) => effect.kind === 'send');
    if (first === undefined || !this.#write(pair, connection, first.record)) return false;
    const others = step.effects.filter((effect) => effect.kind !== 'send');
    this.#commit(kept, { context: step.context, effects: [...others, ...more] }, connection);
    return true;
  }

  /** What the Agent says by itself: in the context where there is one, or has to be. False as for `send`. */
  tell(pair: Pair, connection: Connection, payload: Uint8Array, policy: SessionPolicy): boolean {
    if (policy.mode === 'Forbid') this.end(pair, connection);
    if (policy.mode === 'Require' || this.has(pair)) return this.send(pair, connection, payload, policy);
    return this.#context.connections.send(connection, pair.agent, { kind: 'no_session_context', payload });
  }

  /** Something is wrong that the machine cannot see; a pair without a context has none to begin anew. */
  fail(pair: Pair, connection: Connection, why: Failure): void {
    const kept = this.#kept.get(nameOf(pair));
    if (kept?.context.kind !== 'open') return;
    this.#commit(kept, fail(kept.context, why, kept.policy, this.#moment()), connection);
  }

  /** Begins a context, whatever there was. */
  begin(pair: Pair, connection: Connection, policy: SessionPolicy): void {
    const kept = this.#of(pair, policy);
    this.#commit(kept, announce(kept.context, 'idle', policy, this.#moment()), connection);
  }

  /** Ends the context of a pair that has one, and says so (R-E2E.6b). */
  end(pair: Pair, connection: Connection): void {
    if (!this.forget(pair)) return;
    const { connections, metrics } = this.#context;
    metrics.count('session_context', 'ended');
    connections.send(connection, pair.agent, { kind: 'disconnect', ...TERMINATED });
    connections.disconnected(connection, pair.agent);
  }

  /** Nothing is known of it any more (R-MTP.7). True when there was one. */
  forget(pair: Pair): boolean {
    const kept = this.#kept.get(nameOf(pair));
    if (kept === undefined) return false;
    this.#remove(kept);
    return kept.context.kind === 'open';
  }

  statusOf(pair: Pair): 'Up' | 'Negotiating' | 'Down' {
    const kept = this.#kept.get(nameOf(pair));
    if (kept?.context.kind !== 'open' || isExpired(kept.context, kept.policy, this.#context.clock.now())) return 'Down';
    return kept.context.heard ? 'Up' : 'Negotiating';
  }

  retriesOf(pair: Pair): number {
    const context = this.#kept.get(nameOf(pair))?.context;
    return context?.kind === 'open' && !context.heard ? (context.again?.tries ?? 0) : 0;
  }

  #moment(): Moment {
    return { now: this.#context.clock.now(), randomness: this.#context.randomness };
  }

  /** What is kept of the pair, the most recently used from now on. */
  #of(pair: Pair, policy: SessionPolicy): Kept {
    const name = nameOf(pair);
    const known = this.#kept.get(name);
    const kept = known ?? { pair, policy, context: NO_CONTEXT, timer: undefined };
    if (known !== undefined) this.#kept.delete(name);
    kept.policy = policy;
    this.#kept.set(name, kept);
    return kept;
  }

  /** Makes a step true; answers what is to be delivered. */
  #commit(kept: Kept, { context, effects }: Step, connection: Connection | undefined): readonly Uint8Array[] {
    this.#bytes += bytesOf(context) - bytesOf(kept.context);
    kept.context = context;
    const delivered: Uint8Array[] = [];
    for (const effect of effects) {
      if (effect.kind === 'deliver') delivered.push(effect.payload);
      else if (effect.kind !== 'send') this.#count(effect);
      // What finds no way is kept: it will be missed, and asked for.
      else if (connection !== undefined) this.#write(kept.pair, connection, effect.record);
    }
    this.#arm(kept);
    this.#bound();
    return delivered;
  }

  #write({ agent }: Pair, connection: Connection, record: SessionContextRecord): boolean {
    const sent = this.#context.connections.send(connection, agent, record);
    this.#context.metrics.count('record', sent ? 'sent' : 'answer-without-way');
    return sent;
  }

  #count(effect: Exclude<Effect, { readonly kind: 'send' | 'deliver' }>): void {
    const { metrics } = this.#context;
    switch (effect.kind) {
      case 'drop':
        metrics.count('record_dropped', effect.reason);
        return;
      case 'begun':
        metrics.count('session_context', `begun-by-${effect.by}`);
        return;
      case 'over':
        metrics.count('session_context', `over-${effect.why}`);
        return;
      default:
        metrics.count('session_context', effect.kind);
    }
  }

  #arm(kept: Kept): void {
    const { clock } = this.#context;
    kept.timer?.cancel();
    const at = wakeAt(kept.context);
    kept.timer = at === undefined ? undefined : clock.after(Math.max(0, at - clock.now()), () => this.#wake(kept));
  }

  #wake(kept: Kept): void {
    const { pair, context, policy } = kept;
    const way = this.#context.connections.wayTo(pair.tenant, pair.controller, pair.agent);
    const moment = this.#moment();
    // One that nobody has answered begins anew when there is something to say to somebody.
    const isGone = way === undefined && context.kind === 'open' && !context.heard;
    this.#commit(kept, isGone ? lose(context, 'idle', moment.now) : tick(context, policy, moment), way);
  }

  #bound(): void {
    const { contexts, bytes } = this.#context.caps ?? CAPS;
    for (const oldest of this.#kept.values()) {
      if (this.#kept.size <= contexts && this.#bytes <= bytes) return;
      this.#remove(oldest);
      this.#context.metrics.count('session_context', 'forgotten');
    }
  }

  #remove(kept: Kept): void {
    kept.timer?.cancel();
    this.#bytes -= bytesOf(kept.context);
    this.#kept.delete(nameOf(kept.pair));
  }
}

const nameOf = ({ tenant, controller, agent }: Pair): string => `${tenant} ${controller} ${agent}`;

const LARGEST = 2n ** 64n - 1n;
/** The lengths of the payload and of what it is in: a byte each in an empty Record, up to five in any other. */
const LONGER_LENGTHS = 8;

/** Bytes of a Msg that fit into a Record of this size, whatever its numbers are. */
function capacityOf({ controller, agent }: Pair, recordBytes: number): number {
  const empty = encodeRecord(
    plainRecord(controller, agent, {
      kind: 'session_context',
      session_id: LARGEST,
      sequence_id: LARGEST,
      expected_id: LARGEST,
      retransmit_id: LARGEST,
      ...NOTHING,
      payload: [new Uint8Array()],
      payload_sar_state: 'COMPLETE',
      payloadrec_sar_state: 'COMPLETE',
    }),
  );
  return Math.max(1, recordBytes - empty.length - LONGER_LENGTHS);
}
