// What the rules that Causeway comes with make of a dump.
import { type Covered, coverageOf, type CoverageSum, sumOf } from '../coverage.ts';
import { tr098Book } from '../views.ts';
import { alternativesOf } from '../rules/alternatives.ts';
import { compileRules } from '../rules/compile.ts';
import { droppedOf, loadDrops } from '../rules/dropped.ts';
import { parseRemembered } from '../rules/remember.ts';
import type { View } from '../view.ts';
import { DumpCpe } from './cpe.ts';
import type { Dump } from './dump.ts';
import { setWhatIsAllowed, setWhatIsThere, type Trip } from './round-trip.ts';
import { modelOfDump, viewOfDump } from './view.ts';

interface Seen {
  readonly cpe: DumpCpe;
  readonly view: View;
}

/** What its view remembers are the values by which it gave rows. */
export const decidingOf = ({ remembered, tree }: DumpCpe): ReadonlySet<string> =>
  new Set(parseRemembered(remembered, tree.root).values.keys());

async function seen(dump: Dump): Promise<Seen> {
  const cpe = new DumpCpe(dump);
  return { cpe, view: await viewOfDump(cpe, modelOfDump(cpe, tr098Book())) };
}

/** Throws CAUSEWAY_MAPPING_INVALID. */
export async function lookAt(dump: Dump): Promise<{ readonly covered: readonly Covered[]; readonly sum: CoverageSum }> {
  const { own, standard, files } = tr098Book();
  const { cpe, view } = await seen(dump);
  const { tree } = cpe;
  const alternatives = alternativesOf(files, tree.root);
  const dropped = new Set(droppedOf(loadDrops(), own).keys());
  const covered = coverageOf({ tree, view, own, standard, deciding: decidingOf(cpe), alternatives, dropped });
  return { covered, sum: sumOf(covered) };
}

/** Throws CAUSEWAY_MAPPING_INVALID. */
export async function tryOut(dump: Dump): Promise<readonly Trip[]> {
  const { own, standard } = tr098Book();
  const subject = { ...(await seen(dump)), own, standard };
  return [...setWhatIsThere(subject), ...setWhatIsAllowed(subject)];
}

/** Reads every rule file and holds it against the standard. Throws CAUSEWAY_MAPPING_INVALID. */
export function checkRules(): { readonly files: readonly string[]; readonly objects: number } {
  const { files, standard, codecs } = tr098Book();
  const { objects } = compileRules(files, standard, codecs);
  return { files: files.map(({ file }) => file), objects: objects.length };
}
