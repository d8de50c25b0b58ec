// What Reboot() and FactoryReset() have in common: the Controller's Cause and Reason come back in Boot!.
import type { ExpectedBoot } from '../../store/device-steps.ts';
import { codes } from '../../usp/codes.ts';
import type { CommandFailure } from '../../usp/messages/operate.ts';
import { commandFailure } from './answers.ts';
import type { Operation } from './commands.ts';

type Announced = Omit<ExpectedBoot, 'CommandKey' | 'at'>;

/** What the next Boot! tells; `causes` are those of the standard, the first is the default. */
export function announced(
  { command_key, args }: Operation,
  causes: readonly [string, ...(readonly string[])],
): { readonly boot: Announced } | { readonly failure: CommandFailure } {
  const cause = args.get('Cause') ?? causes[0];
  if (!causes.includes(cause)) {
    return { failure: commandFailure(codes.invalidCommandArguments, `Cause is one of ${causes.join(', ')}`) };
  }
  return { boot: { command_key, cause, reason: args.get('Reason') ?? '' } };
}
