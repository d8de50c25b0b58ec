// Two machines, joined by a channel that does what a test says with each Record; and what came of each payload.
import type { Context, Effect, Moment, Rules, Step } from '../../../proxy/endpoint/session-context/context.ts';
import { LATE_MS, NO_CONTEXT, wakeAt } from '../../../proxy/endpoint/session-context/context.ts';
import { receive } from '../../../proxy/endpoint/session-context/receive.ts';
import { send } from '../../../proxy/endpoint/session-context/send.ts';
import { tick } from '../../../proxy/endpoint/session-context/tick.ts';
import type { SessionContextRecord } from '../../../proxy/usp/record.ts';

export const RULES: Rules = { expirationMs: 0, maxRetransmits: 3, retry: { minimumMs: 5000, multiplier: 2000 } };

/** The same numbers every time, none of them twice. */
export function countingRandomness(): (length: number) => Uint8Array {
  let count = 0;
  return (length) => {
    count += 1;
    const bytes = Buffer.alloc(length);
    bytes.writeUInt32BE(count, length - 4);
    return bytes;
  };
}

interface InFlight {
  readonly record: SessionContextRecord;
  readonly sentAt: number;
}

export type Side = 'agent' | 'controller';
export const otherOf = (side: Side): Side => (side === 'agent' ? 'controller' : 'agent');

interface End {
  context: Context;
  /** On their way from here. */
  readonly out: InFlight[];
  /** Labels of what it has sent, by context. */
  readonly said: Map<bigint, string[]>;
  /** Labels of what was delivered to it, by context. */
  readonly heard: Map<bigint, string[]>;
  /** Records that a context which is over may have lost, by its own word. */
  readonly lost: Map<bigint, number>;
  readonly effects: Effect[];
}

const newEnd = (): End => ({
  context: NO_CONTEXT,
  out: [],
  said: new Map(),
  heard: new Map(),
  lost: new Map(),
  effects: [],
});

const into = (map: Map<bigint, string[]>, id: bigint, label: string): void =>
  void map.set(id, [...(map.get(id) ?? []), label]);
export const idOf = (context: Context): bigint => (context.kind === 'open' ? context.id : 0n);

export class TwoEnds {
  readonly ends: Readonly<Record<Side, End>> = { agent: newEnd(), controller: newEnd() };
  readonly #rules: Rules;
  readonly #randomness = countingRandomness();
  now = 1_000_000;

  constructor(rules: Rules = RULES) {
    this.#rules = rules;
  }

  get #moment(): Moment {
    return { now: this.now, randomness: this.#randomness };
  }

  send(side: Side, label: string, capacity?: number): void {
    const end = this.ends[side];
    const step = send(end.context, Buffer.from(label), capacity, this.#rules, this.#moment);
    this.#commit(side, step);
    into(end.said, idOf(end.context), label);
  }

  /** The Record at `index` of those on their way from `side` arrives; `keeps`: and is still on its way. */
  arrive(side: Side, index: number, keeps = false): void {
    const { out } = this.ends[side];
    const flying = out[index % Math.max(1, out.length)];
    if (flying === undefined) return;
    if (!keeps) out.splice(out.indexOf(flying), 1);
    // No network keeps a packet for ever.
    if (this.now - flying.sentAt >= LATE_MS) return;
    const to = otherOf(side);
    this.#commit(
      to,
      receive(this.ends[to].context, flying.record, this.#rules, this.#moment),
      flying.record.session_id,
    );
  }

  lose(side: Side, index: number): void {
    const { out } = this.ends[side];
    out.splice(index % Math.max(1, out.length), 1);
  }

  pass(ms: number): void {
    this.now += ms;
    for (const side of ['agent', 'controller'] as const) {
      const { context } = this.ends[side];
      if ((wakeAt(context) ?? Number.POSITIVE_INFINITY) <= this.now) {
        this.#commit(side, tick(context, this.#rules, this.#moment));
      }
    }
  }

  /** All that is on its way arrives, in order, and what it brings about. */
  settle(): void {
    while (this.ends.agent.out.length + this.ends.controller.out.length > 0) {
      this.arrive('agent', 0);
      this.arrive('controller', 0);
    }
  }

  #commit(side: Side, { context, effects }: Step, of = 0n): void {
    const end = this.ends[side];
    const before = end.context;
    end.context = context;
    end.effects.push(...effects);
    for (const effect of effects) {
      if (effect.kind === 'send') end.out.push({ record: effect.record, sentAt: this.now });
      else if (effect.kind === 'deliver') into(end.heard, of, Buffer.from(effect.payload).toString());
      else if (effect.kind === 'over')
        end.lost.set(idOf(before), (end.lost.get(idOf(before)) ?? 0) + effect.unacknowledged);
    }
  }
}
