// One mailbox entry has the link: it is run, and its one outcome is stored and told. An entry that was cut off goes back
// when it only read, and stays in doubt until the next session when it may have changed something.
import { isStoreError } from '../errors.ts';
import type { MailboxEntry, OutcomeState, RequestOutcome, RequestStep, Settlement } from '../store/mailbox-steps.ts';
import type { DeviceRecord } from '../store/device-steps.ts';
import type { DeviceKey } from '../store/store.ts';
import { RunInterrupted, type RunResult } from './access.ts';
import type { SessionCalls } from './calls.ts';
import { type Doubts, EntryAccess } from './entry-access.ts';
import { valuesEvent } from './events.ts';
import type { DeviceContext } from './settings.ts';

/** Answers of changing requests are kept, up to 64 KB of base64; what was read is not. */
const ANSWER_KEPT = 64 * 1024;

export interface Turn {
  readonly entry: MailboxEntry;
  /** The device as it was when the entry was taken; read anew where it is not at hand. */
  readonly record?: DeviceRecord;
  /** Steps of an earlier session; not empty makes it a resumed request. */
  readonly steps: readonly RequestStep[];
}

/** An outcome that the store could not take when it came: it is settled before the device is given up. */
export interface Unsettled {
  readonly entry: MailboxEntry;
  readonly settlement: Settlement;
  /** To be told once it is settled; undefined when nothing is, or when it has been told. */
  readonly answer: string | undefined;
}
export interface TurnEnd {
  /** Events were raised. */
  readonly raised: boolean;
  readonly unsettled?: Unsettled;
}

/** Runs an entry to its outcome. Throws RunInterrupted when the link was lost. */
export async function runTurn(
  context: DeviceContext,
  calls: SessionCalls,
  epoch: number,
  { entry, steps }: Turn,
  doubts: Doubts,
): Promise<TurnEnd> {
  const access = new EntryAccess(context, calls, epoch, entry, steps, doubts);
  // Loaded before the first read needs it; hardly ever is there anything to wait for.
  const taught = calls.taught;
  if (taught !== undefined) await taught;
  calls.breaker.serves = entry.id;
  const result = await runEntry(context, calls, entry, access);
  calls.breaker.serves = undefined;
  if (result instanceof RunInterrupted) {
    if (result.why === 'refused') return { raised: false };
    if (result.why === 'link-lost') {
      await cutOff(context, calls, epoch, entry, access);
      throw result;
    }
  }
  return tell(context, calls, epoch, entry, access, result);
}

async function runEntry(
  { needs, clock, metrics, log }: DeviceContext,
  calls: SessionCalls,
  entry: MailboxEntry,
  access: EntryAccess,
): Promise<RunResult | RunInterrupted> {
  const runner = needs.runner(entry.kind);
  if (runner === undefined) return { state: 'failed', error: `no runner for ${entry.kind}`, answer: undefined };
  try {
    // One that has changed something is resumed, to find out what it did: what it may not send again is seen to there.
    if (!access.changed) calls.breaker.refuseRequest(entry.id);
    return await runner.run(entry, access);
  } catch (error) {
    if (error instanceof RunInterrupted) return error;
    if (isStoreError(error)) return new RunInterrupted('store-away', `the store is away: ${error.message}`);
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
  context: DeviceContext,
  calls: SessionCalls,
  epoch: number,
  entry: MailboxEntry,
  access: EntryAccess,
  result: RunResult | RunInterrupted,
): Promise<TurnEnd> {
  const { needs, clock, metrics } = context;
  const now = clock.now();
  const interrupted = result instanceof RunInterrupted;
  const outcome = interrupted ? interruptedOutcome(result, now) : resultOutcome(result, access.changed, now);
  const answer = interrupted ? needs.runner(entry.kind)?.answerFor(entry, outcome) : result.answer;
  const revealed = calls.takeRevealed();
  const onlyRead = !interrupted && result.onlyRead === true && !access.changed && revealed.length === 0;
  const settlement: Settlement = {
    outcome,
    ...(access.lastResult === undefined ? {} : { lastResult: access.lastResult }),
    ...(onlyRead ? { onlyRead } : {}),
    ...(interrupted || result.transfer === undefined ? {} : { transfer: result.transfer }),
    ...(revealed.length === 0 ? {} : { events: [valuesEvent(now, revealed)] }),
  };
  try {
    const first = await settle(context, calls.record.key, epoch, { entry, settlement, answer });
    const told = first && (revealed.length > 0 || settlement.transfer?.end !== undefined);
    return { raised: told || access.raised };
  } catch (error) {
    if (!isStoreError(error)) throw error;
    metrics.count('failure', 'settle');
    // What only read may be told at once; a change is told when its outcome is the one.
    if (!access.changed && answer !== undefined) needs.answered(entry, entry.returnPath, answer);
    return { raised: false, unsettled: { entry, settlement, answer: access.changed ? answer : undefined } };
  }
}

/** True when this outcome is the one. Rejects while the store is away: then it is to be offered again. */
export async function settle(
  { store, needs, metrics }: DeviceContext,
  key: DeviceKey,
  epoch: number,
  { entry, settlement, answer }: Unsettled,
): Promise<boolean> {
  const settled = await store.mailbox.settle(key, epoch, entry.id, settlement);
  if (settled.kind !== 'first') return false;
  metrics.count('request', settlement.outcome.state);
  if (answer !== undefined) needs.answered(entry, settled.returnPath, answer);
  return true;
}

function interruptedOutcome(interrupted: RunInterrupted, at: number): RequestOutcome {
  return { state: STATE_AFTER[interrupted.why], at, error: interrupted.message, answer: '' };
}

const STATE_AFTER: Readonly<Record<RunInterrupted['why'], OutcomeState>> = {
  deadline: 'expired',
  'store-away': 'failed',
  'link-lost': 'failed',
  refused: 'failed',
  withdrawn: 'cancelled',
  'reboot-loop': 'failed',
  overrun: 'unknown',
  unknown: 'unknown',
};

function resultOutcome({ state, error, answer = '' }: RunResult, changed: boolean, at: number): RequestOutcome {
  return { state, at, error, answer: changed && answer.length <= ANSWER_KEPT ? answer : '' };
}
