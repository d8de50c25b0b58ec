// How a transfer that was a command ended, in USP's words (facts: cwmp-usp-translation §8.1, §10.3). Pure.
import type { OperationOutcome } from '../../store/operation-steps.ts';
import type { TransferRecord } from '../../store/transfer-steps.ts';
import { codes } from '../../usp/codes.ts';

const LONGEST_FAULT = 256;

/** '' when nothing failed. */
function transferFault({ end }: TransferRecord): string {
  if (end === undefined || end.state === 'succeeded') return '';
  if (end.state === 'cancelled') return 'the transfer was cancelled';
  if (end.state === 'expired') return 'the device has not told of the end of the transfer in time';
  return `CWMP ${end.FaultCode}: ${end.FaultString}`.slice(0, LONGEST_FAULT);
}

export function transferOutcome(transfer: TransferRecord): OperationOutcome {
  const state = transfer.end?.state;
  if (state === 'succeeded') return { kind: 'done', output_args: {} };
  const err_code = state === 'cancelled' ? codes.commandCanceled : codes.commandFailure;
  return { kind: 'failed', err_code, err_msg: transferFault(transfer) };
}
