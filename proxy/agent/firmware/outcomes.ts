// How operations on firmware end, in USP's words.
import type { OperationOutcome } from '../../store/operation-steps.ts';
import { codes } from '../../usp/codes.ts';

export const DONE: OperationOutcome = { kind: 'done', output_args: {} };
export const failed = (err_msg: string): OperationOutcome => ({
  kind: 'failed',
  err_code: codes.commandFailure,
  err_msg,
});
export const PASSED = failed('its time is over, and the device has not loaded it');
export const GONE = failed('the image is not there any more');
