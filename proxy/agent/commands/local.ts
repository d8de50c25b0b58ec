// Commands of Device.LocalAgent., which need no CPE.
import { generalise, lastNameOf, parentOf } from '../../path/concrete.ts';
import { codes } from '../../usp/codes.ts';
import { LOCAL_OBJECTS } from '../local-agent/objects.ts';
import { commandFailure } from './answers.ts';
import type { Command } from './commands.ts';

export const localCommand: Command = async ({ local }, path, operation, { operations, challenges }) => {
  const object = parentOf(path);
  const command = LOCAL_OBJECTS.get(generalise(object))?.commands?.find(({ name }) => name === lastNameOf(path));
  if (command === undefined) return commandFailure(codes.invalidPath, 'the model has no such command');
  return command.run({ local, object, operations, challenges, ...operation });
};
