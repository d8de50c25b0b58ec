// The rule files that Causeway comes with, read once in a process and shared.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CausewayError } from '../../errors.ts';
import { parseRules } from './parse.ts';
import type { RuleFile } from './document.ts';

/** Not rules, but what is left out on purpose (mappings/README.md). */
const NO_RULES: ReadonlySet<string> = new Set(['dropped.yaml']);
const FOLDERS = ['', 'vendors'];

let loaded: readonly RuleFile[] | undefined;

/** Those of vendors after the others, each by its name. Throws CAUSEWAY_MAPPING_INVALID with all problems, file and line. */
export function loadRules(): readonly RuleFile[] {
  loaded ??= readRules(fileURLToPath(import.meta.resolve('#mappings/tr098/schema.json')).replace(/schema\.json$/, ''));
  return loaded;
}

/** `root` is the folder that has the files, and one named `vendors`. */
const readRules = (root: string): readonly RuleFile[] =>
  filesOf(
    FOLDERS.flatMap((folder) =>
      namesIn(join(root, folder)).map(
        (name) => [join('mappings/tr098', folder, name), join(root, folder, name)] as const,
      ),
    ),
  );

/** Before all others. */
const OWN_RANK = 1_000_000;
/** An operator's own files. Throws as loadRules does. */
export const loadOwnRules = (folder: string): readonly RuleFile[] =>
  filesOf(namesIn(folder).map((name) => [join(folder, name), join(folder, name)] as const)).map((file) => ({
    ...file,
    rank: file.rank + OWN_RANK,
  }));

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.yaml') && !NO_RULES.has(name))
      .sort();
  } catch (error) {
    throw new CausewayError('CAUSEWAY_MAPPING_INVALID', `${folder}: no rule files can be read there`, { cause: error });
  }
}

/** `file`: what it is called in what people read. */
function filesOf(files: readonly (readonly [file: string, path: string])[]): readonly RuleFile[] {
  const parsed = files.map(([file, path]) => ({ file, outcome: parseRules(file, readFileSync(path, 'utf8')) }));
  const problems = parsed.flatMap(({ file, outcome }) =>
    outcome.ok ? [] : outcome.errors.map(({ line, why }) => `${file}:${line}: ${why}`),
  );
  if (problems.length > 0) throw new CausewayError('CAUSEWAY_MAPPING_INVALID', problems.join('\n'));
  return parsed.flatMap(({ outcome }) => (outcome.ok ? [outcome.value] : []));
}
