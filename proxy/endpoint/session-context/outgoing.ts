// The Records of a context that we send: numbered, and kept until they are acknowledged (R-E2E.14 to R-E2E.17). Pure.
import type { SessionContextRecord } from '../../usp/record.ts';
import {
  type Carried,
  type Effect,
  MOST_BYTES,
  MOST_SENT,
  type OpenContext,
  type Sent,
  sizeOf,
  type Step,
} from './context.ts';

/** A Record of the context as it stands: it says what is expected next, whatever it carries (R-E2E.17). */
export const recordOf = (
  { id, expected }: OpenContext,
  sequence: bigint,
  carried: Carried,
  retransmit_id = 0n,
): SessionContextRecord => ({
  kind: 'session_context',
  session_id: id,
  sequence_id: sequence,
  expected_id: expected,
  retransmit_id,
  ...carried,
});

/** Sends Records, one after the other (R-E2E.14, R-E2E.15), and keeps them (R-E2E.16). */
export function append(
  context: OpenContext,
  records: readonly Carried[],
  now: number,
  retransmit = 0n,
): Step<OpenContext> {
  let { next } = context;
  const added: Sent[] = [];
  const effects: Effect[] = [];
  for (const carried of records) {
    added.push({ sequence: next, carried, resent: 0 });
    effects.push({ kind: 'send', record: recordOf(context, next, carried, retransmit) });
    next += 1n;
  }
  const sent = context.sent.concat(added);
  const sentBytes = added.reduce((sum, { carried }) => sum + sizeOf(carried.payload), context.sentBytes);
  return { context: { ...context, next, activeAt: now, ...withinCaps(sent, sentBytes) }, effects };
}

/** A peer that never acknowledges does not hold memory without end: the oldest are not there any more when it asks. */
function withinCaps(sent: readonly Sent[], sentBytes: number): Pick<OpenContext, 'sent' | 'sentBytes'> {
  let bytes = sentBytes;
  let from = 0;
  while (sent.length - from > 1 && (bytes > MOST_BYTES || sent.length - from > MOST_SENT)) {
    bytes -= sizeOf(sent[from]?.carried.payload ?? []);
    from += 1;
  }
  return { sent: from === 0 ? sent : sent.slice(from), sentBytes: bytes };
}

/** Forgets what the other side has (R-E2E.16). It may say that it expects what was never sent: then it has all. */
export function acknowledge(context: OpenContext, expectedId: bigint): OpenContext {
  const from = context.sent.findIndex(({ sequence }) => sequence >= expectedId);
  if (from === 0 || context.sent.length === 0) return context;
  const sent = from < 0 ? [] : context.sent.slice(from);
  return { ...context, sent, sentBytes: sent.reduce((sum, { carried }) => sum + sizeOf(carried.payload), 0) };
}
