// A Msg that goes out in a context, in segments where one Record would be too large. Pure.
import { beginOwn } from './begin.ts';
import { type Context, EXHAUSTED, isExpired, type Moment, type OpenContext, type Rules, type Step } from './context.ts';
import { append } from './outgoing.ts';
import { segment } from './segments.ts';

/**
 * Sends a Msg. Where there is no context, or its time is over (R-E2E.7) or its numbers are (R-E2E.9), the Msg begins one.
 * `capacity`: bytes of it that one Record may carry; undefined: all.
 */
export function send(
  context: Context,
  payload: Uint8Array,
  capacity: number | undefined,
  rules: Rules,
  moment: Moment,
): Step<OpenContext> {
  const { now } = moment;
  const records = segment(payload, capacity);
  if (context.kind === 'open' && !isExpired(context, rules, now) && context.next < EXHAUSTED) {
    return append(context, records, now);
  }
  const begun = beginOwn(context, 'idle', rules, moment);
  const { context: open, effects } = append(begun.context, records, now);
  return { context: open, effects: [...begun.effects, ...effects] };
}
