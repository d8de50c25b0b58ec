// What the answer of a CPE means to a command.
import type { Answer } from '../../device/access.ts';
import type { CpeMethodName } from '../../rpc/methods.ts';
import { codes } from '../../usp/codes.ts';
import type { CommandFailure, OutputArgs } from '../../usp/messages/operate.ts';
import { emptyAnswer, uspFault } from '../faults.ts';

export const NOTHING: OutputArgs = { kind: 'req_output_args', output_args: new Map() };

/** `args`: the Controller's own, that went to the CPE: without any, a fault cannot be theirs. */
export function answered<N extends CpeMethodName>(
  method: N,
  answer: Answer<N>,
  args: ReadonlyMap<string, string> = new Map(),
): OutputArgs | CommandFailure {
  if (answer.kind === 'response') return NOTHING;
  const { code, text } = answer.kind === 'fault' ? uspFault(answer.fault, 'operate') : emptyAnswer(method, 'operate');
  const isTheirs = code !== codes.invalidCommandArguments || args.size > 0;
  return commandFailure(isTheirs ? code : codes.commandFailure, text);
}

export const commandFailure = (err_code: number, err_msg: string): CommandFailure => ({
  kind: 'cmd_failure',
  err_code,
  err_msg,
});

export const notAtHand = commandFailure(codes.commandFailure, 'the device is not at hand');
