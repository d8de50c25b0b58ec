// How a context begins, by whichever side, and how it ends when something went wrong in it (R-E2E.3 to R-E2E.14,
// R-E2E.21). Pure.
import type { Randomness } from '../../operate/clock.ts';
import { retryWait } from '../retry.ts';
import {
  type Context,
  type Effect,
  type Failure,
  LATE_MS,
  MOST_PAST,
  type Moment,
  type NoContext,
  type OpenContext,
  type Past,
  type Rules,
  type Step,
} from './context.ts';
import { NOTHING } from './segments.ts';
import { append } from './outgoing.ts';

type Ended = Extract<Effect, { readonly kind: 'over' }>['why'];

/** Of a context, when it is over: what the next one must know. */
function pastOf(context: Context, now: number): Past {
  const { failures, mayFailAt } = context;
  if (context.kind === 'none') return { past: context.past, failures, mayFailAt };
  const last = { id: context.id, until: now + LATE_MS, own: context.own };
  return { past: [last, ...context.past].slice(0, MOST_PAST), failures, mayFailAt };
}

const over = (context: Context, why: Ended): readonly Effect[] =>
  context.kind === 'none' ? [] : [{ kind: 'over', why, unacknowledged: context.sent.length }];

const opened = (past: Past, id: bigint, own: boolean, now: number): OpenContext => ({
  ...past,
  kind: 'open',
  id,
  own,
  crossed: false,
  heard: false,
  next: 1n,
  expected: 1n,
  sent: [],
  sentBytes: 0,
  ahead: new Map(),
  aheadBytes: 0,
  parts: undefined,
  activeAt: now,
  again: undefined,
});

/** Greater than 1 (R-E2E.3), and exact in a peer that counts in doubles. */
const newId = (randomness: Randomness): bigint => 2n + BigInt(Buffer.from(randomness(6)).readUIntBE(0, 6));

/** A random number in [0, 1) for the one formula. */
export const fraction = (randomness: Randomness): number => Buffer.from(randomness(4)).readUInt32BE() / 2 ** 32;

export const waitOf = (tries: number, { retry }: Rules, { now, randomness }: Moment): number =>
  now + retryWait(retry, tries, fraction(randomness));

/** A context of ours, in which nothing has been sent yet; until something is heard its first Record is tried again. */
export function beginOwn(context: Context, why: Ended, rules: Rules, moment: Moment): Step<OpenContext> {
  const { now, randomness } = moment;
  const fresh = opened(pastOf(context, now), newId(randomness), true, now);
  return {
    context: { ...fresh, again: { at: waitOf(1, rules, moment), tries: 0 } },
    effects: [...over(context, why), { kind: 'begun', by: 'agent' }],
  };
}

/** The same, and it is said at once, by a Record without a payload. */
export function announce(context: Context, why: Ended, rules: Rules, moment: Moment): Step<OpenContext> {
  const begun = beginOwn(context, why, rules, moment);
  const said = append(begun.context, [NOTHING], moment.now);
  return { context: said.context, effects: [...begun.effects, ...said.effects] };
}

/** A context of the other side's, by its first Record (R-E2E.4, R-E2E.6). */
export function beginTheirs(context: Context, id: bigint, rules: Rules, moment: Moment): Step<OpenContext> {
  const begun: OpenContext = { ...opened(pastOf(context, moment.now), id, false, moment.now), heard: true };
  const effects: readonly Effect[] = [...over(context, 'controller'), { kind: 'begun', by: 'controller' }];
  if (context.kind === 'none' || context.heard) return { context: begun, effects };
  // Both have begun one at once. What we say in theirs makes it the one for both: an answer, or else a Record for that alone.
  const again = { at: waitOf(1, rules, moment), tries: 0 };
  return { context: { ...begun, crossed: true, again }, effects };
}

/** Nothing is to be heard of it any more. */
export const lose = (context: Context, why: Ended, now: number): Step => {
  const none: NoContext = { ...pastOf(context, now), kind: 'none', lost: true };
  return { context: none, effects: over(context, why) };
};

/**
 * R-E2E.21, R-E2E.24: what cannot be processed begins the context anew. When that fails again before anything good has come,
 * no further one is begun until the formula says so (R-E2E.10): else the two sides would go on for ever.
 */
export function fail(context: Context, why: Failure, rules: Rules, moment: Moment): Step {
  const { now } = moment;
  if (now < context.mayFailAt) return lose(context, why, now);
  const failures = context.failures + 1;
  const failed = { ...context, failures, mayFailAt: waitOf(failures, rules, moment) };
  return announce(failed, why, rules, moment);
}
