// Commands that are parameters in CWMP: writing them runs the command (data in mappings/tr181/cwmp-difference.txt).
import { writeParameters } from '../../mapping/parameters.ts';
import { answered, notAtHand } from './answers.ts';
import type { Command } from './commands.ts';

export const trigger: Command = async (model, path, { args }) => {
  const { cpe } = model;
  const settings = cpe?.view.triggerFor(path, args);
  if (cpe === undefined || settings?.ok !== true) return notAtHand;
  return answered('SetParameterValues', await writeParameters(cpe.access, settings.settings, []));
};
