// One mailbox entry has the link: it is run, and its one outcome is stored and told. An entry that was cut off goes back
// when it only read, and stays in doubt until the next session when it may have changed something.
import type { MailboxEntry, RequestOutcome, RequestStep } from '../store/mailbox-steps.ts';
import { RunInterrupted, type RunResult } from './access.ts';
import type { SessionCalls } from './calls.ts';
import { EntryAccess, type SettleDoubt } from './entry-access.ts';
import { valuesEvent } from './events.ts';
import type { DeviceContext } from './settings.ts';

/** Answers of changing requests are kept, up to 64 KB of base64; what was read is not. */
const ANSWER_KEPT = 64 * 1024;

export interface Turn {
  readonly entry: MailboxEntry;
  /** Steps of an earlier session; not empty makes it a resumed request. */
  readonly steps: readonly RequestStep[];
}

/** Runs an entry to its outcome; true when it raised events. Throws RunInterrupted when the link was lost. */
export async function runTurn(
  context: DeviceContext,
  calls: SessionCalls,
  epoch: number,
  { entry, steps }: Turn,
  settleDoubt: SettleDoubt,
): Promise<boolean> {
  const access = new EntryAccess(context, calls, epoch, entry, steps, settleDoubt);
  const result = await runEntry(context, entry, access);
  if (result instanceof RunInterrupted) {
    if (result.why === 'refused') return false;
    if (result.why === 'link-lost') {
      await cutOff(context, calls, epoch, entry, access);
      throw result;
    }
  }
  return tell(context, calls, epoch, entry, access, result);
}

async function runEntry(
  { needs, clock, metrics, log }: DeviceContext,
  entry: MailboxEntry,
  access: EntryAccess,
): Promise<RunResult | RunInterrupted> {
  const runner = needs.runner(entry.kind);
  if (runner === undefined) return { state: 'failed', error: `no runner for ${entry.kind}`, answer: undefined };
  try {
    return await runner.run(entry, access);
  } catch (error) {
    if (error instanceof RunInterrupted) return error;
    metrics.count('failure', 'run');
    log.error({ device: access.record.key.device, request: entry.id, err: error }, 'a request failed by a bug');
    const outcome: RequestOutcome = { state: 'failed', at: clock.now(), error: 'internal error', answer: '' };
    return { state: 'failed', error: outcome.error, answer: runner.answerFor(entry, outcome) };
  }
}

async function cutOff(
  { store, needs, clock, settings }: DeviceContext,
  calls: SessionCalls,
  epoch: number,
  entry: MailboxEntry,
  access: EntryAccess,
): Promise<void> {
  const { key } = calls.record;
  if (access.firstChangeAt === undefined) {
    await store.mailbox.putBack(key, epoch, entry.id);
    return;
  }
  const end = Math.max(clock.now(), access.firstChangeAt + settings.requestMaxMs);
  await needs.schedule('deadline', key, end);
}

async function tell(
  { store, needs, clock, metrics }: DeviceContext,
  calls: SessionCalls,
  epoch: number,
  entry: MailboxEntry,
  access: EntryAccess,
  result: RunResult | RunInterrupted,
): Promise<boolean> {
  const now = clock.now();
  const interrupted = result instanceof RunInterrupted;
  const outcome = interrupted ? interruptedOutcome(result, now) : resultOutcome(result, access.changed, now);
  const answer = interrupted ? needs.runner(entry.kind)?.answerFor(entry, outcome) : result.answer;
  const revealed = calls.takeRevealed();
  const settled = await store.mailbox.settle(calls.record.key, epoch, entry.id, {
    outcome,
    ...(access.lastResult === undefined ? {} : { lastResult: access.lastResult }),
    ...(revealed.length === 0 ? {} : { events: [valuesEvent(now, revealed)] }),
  });
  if (settled.kind !== 'first') return false;
  metrics.count('request', outcome.state);
  if (answer !== undefined) needs.answered(entry, settled.returnPath, answer);
  return revealed.length > 0;
}

function interruptedOutcome(interrupted: RunInterrupted, at: number): RequestOutcome {
  const states = { deadline: 'expired', 'store-away': 'failed', overrun: 'unknown', unknown: 'unknown' } as const;
  const state = interrupted.why === 'link-lost' || interrupted.why === 'refused' ? 'failed' : states[interrupted.why];
  return { state, at, error: interrupted.message, answer: '' };
}

function resultOutcome({ state, error, answer = '' }: RunResult, changed: boolean, at: number): RequestOutcome {
  return { state, at, error, answer: changed && answer.length <= ANSWER_KEPT ? answer : '' };
}
