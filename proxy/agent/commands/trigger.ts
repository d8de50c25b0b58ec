// Commands that are parameters in CWMP: writing them runs the command (data in mappings/tr181/cwmp-difference.txt).
import { writeParameters } from '../../mapping/parameters.ts';
import { codes } from '../../usp/codes.ts';
import { answered, commandFailure, notAtHand } from './answers.ts';
import type { Command } from './commands.ts';
import { OUT_OF_STEPS } from '../step-budget.ts';

export const trigger: Command = async (model, path, { args }) => {
  const { cpe } = model;
  if (cpe === undefined) return notAtHand;
  const settings = cpe.view.triggerFor(path, args, (name) => cpe.access.wireType(name));
  if (settings === undefined) return notAtHand;
  if (!settings.ok) return commandFailure(codes.invalidCommandArguments, settings.why);
  if (!model.steps.take()) return commandFailure(OUT_OF_STEPS.code, OUT_OF_STEPS.why);
  return answered('SetParameterValues', await writeParameters(cpe.access, settings.settings, []), args);
};
