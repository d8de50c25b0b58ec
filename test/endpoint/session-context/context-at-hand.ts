// One machine and what a test says to it; what came out is kept by kind.
import type { Context, Effect, OpenContext, Rules, Step } from '../../../proxy/endpoint/session-context/context.ts';
import { NO_CONTEXT } from '../../../proxy/endpoint/session-context/context.ts';
import { receive } from '../../../proxy/endpoint/session-context/receive.ts';
import { send } from '../../../proxy/endpoint/session-context/send.ts';
import { tick } from '../../../proxy/endpoint/session-context/tick.ts';
import type { SessionContextRecord } from '../../../proxy/usp/record.ts';
import { countingRandomness, RULES } from './two-ends.ts';

type Fields = Partial<Omit<SessionContextRecord, 'kind' | 'payload'>> & { readonly payload?: readonly string[] };

export class ContextAtHand {
  context: Context;
  rules: Rules;
  now = 1_000_000;
  #effects: readonly Effect[] = [];
  readonly #randomness = countingRandomness();

  constructor(rules: Partial<Rules> = {}, context: Context = NO_CONTEXT) {
    this.rules = { ...RULES, ...rules };
    this.context = context;
  }

  get open(): OpenContext {
    if (this.context.kind !== 'open') throw new Error('there is no context');
    return this.context;
  }

  /** A Record of the other side, with what matters to a test: by default the first of context 7, with a payload. */
  receive({ payload = ['msg'], ...fields }: Fields = {}): this {
    const record: SessionContextRecord = {
      kind: 'session_context',
      session_id: 7n,
      sequence_id: 1n,
      expected_id: 1n,
      retransmit_id: 0n,
      payload_sar_state: 'NONE',
      payloadrec_sar_state: 'NONE',
      ...fields,
      payload: payload.map((text) => Buffer.from(text)),
    };
    return this.#commit(receive(this.context, record, this.rules, this.#moment));
  }

  send(text: string, capacity?: number): this {
    return this.#commit(send(this.context, Buffer.from(text), capacity, this.rules, this.#moment));
  }

  pass(ms: number): this {
    this.now += ms;
    return this.#commit(tick(this.context, this.rules, this.#moment));
  }

  /** What the last step brought about: `kind what`. */
  get effects(): readonly string[] {
    return this.#effects.map((effect) => {
      switch (effect.kind) {
        case 'send':
          return `send ${effect.record.sequence_id} ${textOf(effect.record)}`.trimEnd();
        case 'deliver':
          return `deliver ${Buffer.from(effect.payload).toString()}`;
        case 'drop':
          return `drop ${effect.reason}`;
        case 'begun':
          return `begun by ${effect.by}`;
        case 'over':
          return `over ${effect.why} ${effect.unacknowledged}`;
        default:
          return effect.kind;
      }
    });
  }

  /** Records of the last step. */
  get sent(): readonly SessionContextRecord[] {
    return this.#effects.flatMap((effect) => (effect.kind === 'send' ? [effect.record] : []));
  }

  get #moment() {
    return { now: this.now, randomness: this.#randomness };
  }

  #commit({ context, effects }: Step): this {
    this.context = context;
    this.#effects = effects;
    return this;
  }
}

const textOf = ({ payload }: SessionContextRecord): string =>
  payload.map((bytes) => Buffer.from(bytes).toString()).join('+');
