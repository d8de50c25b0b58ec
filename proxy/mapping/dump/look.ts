// What the rules that Causeway comes with make of a dump.
import { type Covered, coverageOf, type CoverageSum, sumOf } from '../coverage.ts';
import { loadRuleBook } from '../rule-book.ts';
import { compileRules } from '../rules/compile.ts';
import type { View } from '../view.ts';
import { DumpCpe } from './cpe.ts';
import type { Dump } from './dump.ts';
import { setWhatIsAllowed, setWhatIsThere, type Trip } from './round-trip.ts';
import { modelOfDump, viewOfDump } from './view.ts';

interface Seen {
  readonly cpe: DumpCpe;
  readonly view: View;
}

async function seen(dump: Dump): Promise<Seen> {
  const cpe = new DumpCpe(dump);
  return { cpe, view: await viewOfDump(cpe, modelOfDump(cpe, loadRuleBook())) };
}

/** Throws CAUSEWAY_MAPPING_INVALID. */
export async function lookAt(dump: Dump): Promise<{ readonly covered: readonly Covered[]; readonly sum: CoverageSum }> {
  const { own, standard } = loadRuleBook();
  const { cpe, view } = await seen(dump);
  const covered = coverageOf({ tree: cpe.tree, view, own, standard, dropped: new Set() });
  return { covered, sum: sumOf(covered) };
}

/** Throws CAUSEWAY_MAPPING_INVALID. */
export async function tryOut(dump: Dump): Promise<readonly Trip[]> {
  const { own, standard } = loadRuleBook();
  const subject = { ...(await seen(dump)), own, standard };
  return [...setWhatIsThere(subject), ...setWhatIsAllowed(subject)];
}

/** Reads every rule file and holds it against the standard. Throws CAUSEWAY_MAPPING_INVALID. */
export function checkRules(): { readonly files: readonly string[]; readonly objects: number } {
  const { files, standard, codecs } = loadRuleBook();
  const { objects } = compileRules(files, standard, codecs);
  return { files: files.map(({ file }) => file), objects: objects.length };
}
