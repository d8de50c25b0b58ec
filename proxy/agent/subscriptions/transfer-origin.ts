// Of whose command a transfer was, in the words of USP. A transfer that nobody asked for over USP (REST, the command line)
// was of no command.
import type { TransferBody } from '../../store/operation-steps.ts';
import { parentOf } from '../../path/concrete.ts';

export interface TransferOrigin {
  /** Concrete command path; '' for no command. */
  readonly Command: string;
  readonly CommandKey: string;
  /** Endpoint ID of the Controller. */
  readonly Requestor: string;
  /** Path of the object that was loaded or sent. */
  readonly Affected: string;
  readonly TransferURL: string;
}

export const NO_ORIGIN: TransferOrigin = { Command: '', CommandKey: '', Requestor: '', Affected: '', TransferURL: '' };

/** The URL is the Controller's: that in the order may be one of ours, which lets whoever has it load the file. */
export function originOf({ operation }: TransferBody): TransferOrigin {
  if (operation === undefined) return NO_ORIGIN;
  const { command, command_key, originator, detail } = operation;
  const { TransferURL = '' } = JSON.parse(detail) as { readonly TransferURL?: string };
  return {
    TransferURL,
    Command: command,
    CommandKey: command_key,
    Requestor: originator,
    Affected: parentOf(command),
  };
}
