// What the answer of a CPE means to a command.
import type { Answer } from '../../device/access.ts';
import type { CpeMethodName } from '../../rpc/methods.ts';
import { codes } from '../../usp/codes.ts';
import type { CommandFailure, OutputArgs } from '../../usp/messages/operate.ts';
import { emptyAnswer, uspFault } from '../faults.ts';

export const NOTHING: OutputArgs = { kind: 'req_output_args', output_args: new Map() };

export function answered<N extends CpeMethodName>(method: N, answer: Answer<N>): OutputArgs | CommandFailure {
  if (answer.kind === 'response') return NOTHING;
  const { code, text } = answer.kind === 'fault' ? uspFault(answer.fault, 'operate') : emptyAnswer(method, 'operate');
  return { kind: 'cmd_failure', err_code: code, err_msg: text };
}

export const notAtHand: CommandFailure = {
  kind: 'cmd_failure',
  err_code: codes.commandFailure,
  err_msg: 'the device is not at hand',
};
