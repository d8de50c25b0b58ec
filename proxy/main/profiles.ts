// The files of mappings/profiles/ and of the operator's own folder, in that order.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CausewayError } from '../errors.ts';
import { parseProfiles, type Profile } from '../profile/profile.ts';

const shipped = (): string => dirname(fileURLToPath(import.meta.resolve('#mappings/profiles/default.yaml')));

function profilesIn(folder: string): readonly Profile[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    throw new CausewayError('CAUSEWAY_MAPPING_INVALID', `profiles.dir: ${folder} cannot be read`, { cause: error });
  }
  return names
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .flatMap((name) => parseProfiles(join(folder, name), readFileSync(join(folder, name), 'utf8')));
}

/** `own`: the setting profiles.dir, or ''. */
export const loadProfiles = (own: string): readonly Profile[] => [
  ...profilesIn(shipped()),
  ...(own === '' ? [] : profilesIn(own)),
];
