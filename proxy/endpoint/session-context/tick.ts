// What time brings to a context: its beginning is said again, a Record that is missing is asked for, segments that do not
// come are given up (R-E2E.10, R-E2E.11). Pure.
import { fail, waitOf } from './begin.ts';
import { type Context, type Effect, isExpired, type Moment, MOST_ASKED, type Rules, type Step } from './context.ts';
import { NOTHING } from './segments.ts';
import { append, recordOf } from './outgoing.ts';

/** At `wakeAt`, or whenever; earlier it does nothing. */
export function tick(context: Context, rules: Rules, moment: Moment): Step {
  const { now } = moment;
  const still: Step = { context, effects: [] };
  if (context.kind === 'none') return still;
  if (context.parts !== undefined && now >= context.parts.until) return fail(context, 'segments', rules, moment);
  const { again } = context;
  if (again === undefined || now < again.at) return still;
  const tries = again.tries + 1;
  const next = { ...context, again: { at: waitOf(tries + 1, rules, moment), tries } };
  if (!context.heard) {
    // Nobody has answered, and by now nobody will (R-E2E.11): what is sent next begins another.
    if (isExpired(context, rules, now)) return { context: { ...context, again: undefined }, effects: [] };
    const [first] = context.sent;
    const send: readonly Effect[] =
      first === undefined
        ? []
        : [{ kind: 'send', record: recordOf(context, first.sequence, first.carried) }, { kind: 'resent' }];
    return { context: next, effects: send };
  }
  if (context.ahead.size === 0) {
    // Theirs has come while ours was on its way (beginTheirs).
    const quiet = { ...context, again: undefined };
    return context.next === 1n ? append(quiet, [NOTHING], now) : { context: quiet, effects: [] };
  }
  if (tries > MOST_ASKED) return fail(context, 'gap', rules, moment);
  const asked = append(next, [NOTHING], now, context.expected);
  return { context: asked.context, effects: [...asked.effects, { kind: 'asked-again' }] };
}
