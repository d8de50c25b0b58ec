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
export function readRules(root: string): readonly RuleFile[] {
  const problems: string[] = [];
  const files: RuleFile[] = [];
  for (const folder of FOLDERS) {
    const names = readdirSync(join(root, folder)).filter((name) => name.endsWith('.yaml') && !NO_RULES.has(name));
    for (const name of names.sort()) {
      const file = join('mappings/tr098', folder, name);
      const parsed = parseRules(file, readFileSync(join(root, folder, name), 'utf8'));
      if (parsed.ok) files.push(parsed.value);
      else problems.push(...parsed.errors.map(({ line, why }) => `${file}:${line}: ${why}`));
    }
  }
  if (problems.length > 0) throw new CausewayError('CAUSEWAY_MAPPING_INVALID', problems.join('\n'));
  return files;
}
