// Show 1 of TR-098 devices as Device:2: how much of what a device has is there.
//
// Counted are the standard TR-098 parameters that a dump lists, each instance once, but for those that are left out on
// purpose: by the pairs file's `drop` rows where that is at hand, and by Causeway's own dropped.yaml otherwise. One is covered when a path of Device:2.16 that stands in the standard's model shows it
// (proxy/mapping/coverage.ts says how it may). What stands below the raw place, or only under a vendor's name, is not.
// `causeway map coverage <dump>` prints the same with its gaps.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import t from 'tap';
import { coverageOf, sumOf, type CoverageSum } from '../../proxy/mapping/coverage.ts';
import { decidingOf } from '../../proxy/mapping/dump/look.ts';
import { alternativesOf } from '../../proxy/mapping/rules/alternatives.ts';
import { droppedOf, loadDrops } from '../../proxy/mapping/rules/dropped.ts';
import { generalise } from '../../proxy/path/concrete.ts';
import { BOOK, seen, DEVICES } from './dumps-at-hand.ts';

const PAIRS = resolve('../shared/facts/data-models/tr098-to-tr181.tsv');
const away = existsSync(PAIRS) ? false : 'the pairs file is not here';
const AIM = 0.9;

const own = new Set(droppedOf(loadDrops(), BOOK.own).keys());

function droppedByFacts(): ReadonlySet<string> {
  const rows = readFileSync(PAIRS, 'utf8')
    .split('\n')
    .map((line) => line.split('\t'));
  return new Set(rows.filter((row) => row[2] === 'drop').map((row) => row[3] ?? ''));
}
const dropped = away === false ? droppedByFacts() : own;

const percent = ({ covered, of }: CoverageSum): string => `${((100 * covered) / of).toFixed(1)} %`;

for (const { name, dump } of DEVICES) {
  t.test(`coverage of ${name}`, async (t) => {
    const { cpe, view } = await seen(dump);
    const { tree } = cpe;
    const alternatives = alternativesOf(BOOK.files, tree.root);
    const subject = { tree, view, own: BOOK.own, standard: BOOK.standard, deciding: decidingOf(cpe), alternatives };
    const all = coverageOf({ ...subject, dropped });
    const sum = sumOf(all);
    const byOwn = sumOf(coverageOf({ ...subject, dropped: own }));
    const { covered, of, counts } = sum;
    t.comment(`${name}: ${percent(sum)}, ${covered} of ${of}; by dropped.yaml ${percent(byOwn)}`);
    // Without those for which another parameter speaks, and those that only decide what else there is.
    const itself = counts.shown + counts.counted + counts.command;
    t.comment(`of these by themselves ${((100 * itself) / of).toFixed(1)} %: ${JSON.stringify(counts)}`);
    const named = (which: string): readonly string[] => [
      ...new Set(all.filter(({ disposition }) => disposition === which).map((one) => generalise(one.name))),
    ];
    t.comment(`open: ${named('open').join(' ')}`);
    t.comment(`dropped: ${named('dropped').join(' ')}`);
    t.ok(covered / of >= AIM, `at least ${AIM * 100} %`);
  });
}
