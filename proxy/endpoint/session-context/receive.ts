// A Record that came in a Session Context: whether it is the next, what it carries, what it acknowledges and what it wants
// again (R-E2E.16 to R-E2E.25). Pure.
import type { SessionContextRecord } from '../../usp/record.ts';
import { announce, beginTheirs, fail, waitOf } from './begin.ts';
import {
  type Context,
  type Effect,
  EXHAUSTED,
  type Failure,
  isExpired,
  type Moment,
  MOST_AHEAD,
  MOST_BYTES,
  type OpenContext,
  type Rules,
  type SessionDrop,
  sizeOf,
  type Step,
} from './context.ts';
import { reassemble } from './segments.ts';
import { acknowledge, recordOf } from './outgoing.ts';

const FIRST = 1n;

const dropped = (context: Context, reason: SessionDrop): Step => ({ context, effects: [{ kind: 'drop', reason }] });

/** The Record is ignored, and its context begins anew. */
function failed(context: Context, why: Failure, rules: Rules, moment: Moment, reason: SessionDrop): Step {
  const step = fail(context, why, rules, moment);
  return { context: step.context, effects: [{ kind: 'drop', reason }, ...step.effects] };
}

/** `context`: what there is of the two endpoints. The caller has verified the Record's signature, where it has one. */
export function receive(context: Context, record: SessionContextRecord, rules: Rules, moment: Moment): Step {
  const { session_id, sequence_id } = record;
  const { now } = moment;
  if (session_id <= 1n || sequence_id < FIRST) {
    // R-E2E.24; where there is no context there is none to begin anew.
    if (context.kind === 'none') return dropped(context, 'session-failed');
    return failed(context, 'value', rules, moment, 'session-failed');
  }
  if (context.kind === 'open' && context.id === session_id) {
    if (!isExpired(context, rules, now)) return within(context, record, rules, moment);
    // R-E2E.7: the Agent begins a new one. That is no failure: whatever was before, it is done at once.
    const fresh = announce(context, 'expired', rules, moment);
    return { context: fresh.context, effects: [{ kind: 'drop', reason: 'session-expired' }, ...fresh.effects] };
  }
  const past = context.past.find(({ id }) => id === session_id);
  if (past?.own === true && context.kind === 'open' && context.crossed) {
    return failed(context, 'crossed', rules, moment, 'session-stale');
  }
  if (past !== undefined && now < past.until && !(past.own && context.kind === 'none')) {
    return dropped(context, 'session-stale');
  }
  // Of a context that this node has never had, or has no more: only its first Record can begin it, and only once, since we
  // should number from 1 again what the other side has had (R-E2E.24).
  if (sequence_id !== FIRST || past !== undefined) {
    return failed(context, 'unknown', rules, moment, 'session-unknown');
  }
  const begun = beginTheirs(context, session_id, rules, moment);
  const step = within(begun.context, record, rules, moment);
  return { context: step.context, effects: [...begun.effects, ...step.effects] };
}

function within(context: OpenContext, record: SessionContextRecord, rules: Rules, moment: Moment): Step {
  const { sequence_id: sequence } = record;
  if (sequence < context.expected || context.ahead.has(sequence)) return dropped(context, 'session-duplicate');
  return sequence > context.expected ? keep(context, record, rules, moment) : drain(context, record, rules, moment);
}

/** R-E2E.20.1: it waits for those before it, which are asked for when they do not come by themselves. */
function keep(context: OpenContext, record: SessionContextRecord, rules: Rules, moment: Moment): Step {
  const aheadBytes = context.aheadBytes + sizeOf(record.payload);
  if (record.sequence_id - context.expected > MOST_AHEAD || aheadBytes > MOST_BYTES) {
    return failed(context, 'window', rules, moment, 'session-failed');
  }
  // What it wants again does not wait with it: two ends that both miss a Record would wait for each other.
  const resent = resend(context, record.retransmit_id, rules);
  if (typeof resent === 'string') return failed(context, resent, rules, moment, 'session-failed');
  // A copy: what came is a view of all that the socket has read at once.
  const payload = record.payload.map((bytes) => new Uint8Array(bytes));
  const kept = { ...record, payload, retransmit_id: 0n };
  const ahead = new Map(context.ahead).set(record.sequence_id, kept);
  const again = context.ahead.size > 0 ? context.again : { at: waitOf(1, rules, moment), tries: 0 };
  const waiting: OpenContext = { ...resent.context, heard: true, ahead, aheadBytes, again, activeAt: moment.now };
  return { context: acknowledge(waiting, record.expected_id), effects: resent.effects };
}

/** R-E2E.20.3: the next Record, and those that have waited for it. */
function drain(context: OpenContext, first: SessionContextRecord, rules: Rules, moment: Moment): Step {
  const effects: Effect[] = [];
  const ahead = new Map(context.ahead);
  let now: OpenContext = context;
  for (let record: SessionContextRecord | undefined = first; record !== undefined; record = ahead.get(now.expected)) {
    ahead.delete(record.sequence_id);
    const taken = take(now, record, rules, moment.now);
    effects.push(...taken.effects);
    now = taken.context;
    if (taken.failure === undefined) continue;
    const step = fail(now, taken.failure, rules, moment);
    return {
      context: step.context,
      effects: [...effects, { kind: 'drop', reason: 'session-failed' }, ...step.effects],
    };
  }
  const aheadBytes = [...ahead.values()].reduce((sum, { payload }) => sum + sizeOf(payload), 0);
  // While we have said nothing in it, that is still to be done.
  const unsaid = now.next === 1n ? now.again : undefined;
  const again = ahead.size === 0 ? unsaid : { at: waitOf(1, rules, moment), tries: 0 };
  return { context: { ...now, ahead, aheadBytes, again }, effects };
}

interface Taken {
  readonly context: OpenContext;
  readonly effects: readonly Effect[];
  readonly failure?: Failure;
}

/** What the Record in turn carries, and what it wants. */
function take(before: OpenContext, record: SessionContextRecord, rules: Rules, now: number): Taken {
  const expected = record.sequence_id + 1n;
  const crossed = before.crossed && record.sequence_id === FIRST;
  const context: OpenContext = { ...before, expected, heard: true, crossed, activeAt: now };
  const whole = reassemble(context.parts, record, now);
  if (!whole.ok) return { context, effects: [], failure: 'segments' };
  const effects: readonly Effect[] = whole.payload === undefined ? [] : [{ kind: 'deliver', payload: whole.payload }];
  const resent = resend({ ...context, parts: whole.parts }, record.retransmit_id, rules);
  if (typeof resent === 'string') return { context, effects, failure: resent };
  if (record.sequence_id >= EXHAUSTED) return { context, effects, failure: 'exhausted' };
  // After that: whoever wants a Record again may say in the same breath that he expects the next.
  const acknowledged = acknowledge(resent.context, record.expected_id);
  // A Record that is good ends a row of failures (R-E2E.12).
  return {
    context: { ...acknowledged, failures: 0, mayFailAt: 0 },
    effects: [...effects, ...resent.effects],
  };
}

/** R-E2E.20.3.2: the Record as it was, but for what is expected by now. */
function resend(context: OpenContext, wanted: bigint, { maxRetransmits }: Rules): Step<OpenContext> | Failure {
  if (wanted === 0n) return { context, effects: [] };
  const found = context.sent.find(({ sequence }) => sequence === wanted);
  if (found === undefined) return 'retransmit-gone';
  if (maxRetransmits >= 0 && found.resent >= maxRetransmits) return 'retransmit-limit';
  const sent = context.sent.map((one) => (one === found ? { ...one, resent: one.resent + 1 } : one));
  const record = recordOf(context, found.sequence, found.carried);
  return { context: { ...context, sent }, effects: [{ kind: 'send', record }, { kind: 'resent' }] };
}
