// The command of a test: begun at once where the CPE runs none, so that its Controller hears at once what the CPE refuses;
// else it waits for its turn.
import { notAtHand } from '../commands/answers.ts';
import type { Command } from '../commands/commands.ts';
import { commandFailure } from '../commands/answers.ts';
import { started } from './device-operations.ts';
import { boundFor, detailOf, runningTest, settingsFor, waitingTests } from './diagnostics.ts';

/** How long a test may wait for its turn. */
const LONGEST_WAIT_MS = 24 * 3_600_000;

export const diagnostic: Command = async (model, command, { command_key, args, from_id }, { operations }) => {
  const { cpe } = model;
  if (cpe === undefined) return notAtHand;
  const settings = settingsFor(cpe, command, args);
  if (!settings.ok) return commandFailure(settings.code, settings.why);
  const begun = await operations.begin({
    kind: 'diagnostic',
    command,
    command_key,
    from_id,
    status: 'Requested',
    dueAt: operations.now() + LONGEST_WAIT_MS,
    detail: detailOf(boundFor(settings, operations.diagnostics.boundMs), cpe.view, command, args),
    input: Object.fromEntries(args),
  });
  if (!begun.ok) return begun.failure;
  const { operation } = begun;
  const others = (await operations.list()).filter(({ number }) => number !== operation.number);
  const isFree =
    runningTest(others) === undefined && waitingTests(others).every(({ number }) => number > operation.number);
  if (!isFree) return started(operation);
  const failure = await operations.diagnostics.start(cpe, operation, settings.settings, args);
  if (failure === undefined) return started(operation);
  await operations.drop(operation);
  return failure;
};
