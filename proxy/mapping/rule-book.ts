// Everything that the view of a CPE with the root of TR-098 is made by: the rule files, the codecs that they name, and the
// two standards. Read once in a process and shared.
import { codecs } from './rules/codecs/registry.ts';
import { loadRules } from './rules/load.ts';
import type { RuleBook } from './rules/translated-model.ts';
import { loadStandardModel } from './standard-model.ts';
import { loadTr098Model } from './tr098-model.ts';

/** What a translated CPE shows of Device:2: what comes later has dropped parameters that every TR-098 CPE has. */
const SHOWN_MINOR = 16;

let book: RuleBook | undefined;

/** Throws CAUSEWAY_MAPPING_INVALID, with file and line, for what does not follow its format. */
export function loadRuleBook(): RuleBook {
  book ??= {
    files: loadRules(),
    codecs,
    standard: loadStandardModel(SHOWN_MINOR),
    own: loadTr098Model(),
  };
  return book;
}
