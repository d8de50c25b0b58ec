// What the state of a test at the CPE means for the operation that asked for it (facts: cwmp-usp-translation §7.2). Pure.
import type { OperationOutcome, OperationRecord } from '../../store/operation-steps.ts';
import { codes } from '../../usp/codes.ts';

export type TestVerdict =
  /** `extend`: its time was over, and it gets as much again, once. */
  | { readonly kind: 'runs-on'; readonly extend: boolean }
  /** It is to be stopped at the CPE. */
  | { readonly kind: 'cancel'; readonly outcome: OperationOutcome }
  | { readonly kind: 'lost'; readonly outcome: OperationOutcome }
  /** Its results are there, be they those of a success or not. */
  | { readonly kind: 'over' };

/** Looks after the time is over: the first finds it running on, the next is the last. */
const FIRST_LOOK = 1;
const LAST_LOOK = 3;

const NOT_RUN: ReadonlySet<string> = new Set(['', 'None', 'Canceled', 'Canceling']);
const ENDED = /^(?:Complete|Error)/i;

const failed = (err_code: number, err_msg: string): OperationOutcome => ({ kind: 'failed', err_code, err_msg });
export const CANCELED = failed(codes.commandCanceled, 'the command was cancelled');
export const LATE = failed(codes.commandFailure, 'the device has not ended the test in time');
const LOST = failed(
  codes.commandFailure,
  'the test was lost: the device has restarted, or somebody else has changed it',
);

/** `state` as the CPE tells it; undefined when it does not. */
export function judgeTest(
  { status, looks }: Pick<OperationRecord, 'status' | 'looks'>,
  state: string | undefined,
): TestVerdict {
  const canceling = status === 'Canceling';
  if (state === undefined || NOT_RUN.has(state)) return { kind: 'lost', outcome: canceling ? CANCELED : LOST };
  if (ENDED.test(state)) return { kind: 'over' };
  // Requested, or a word of the vendor's for the same.
  if (canceling) return { kind: 'cancel', outcome: CANCELED };
  if (looks >= LAST_LOOK) return { kind: 'cancel', outcome: LATE };
  return { kind: 'runs-on', extend: looks === FIRST_LOOK };
}
