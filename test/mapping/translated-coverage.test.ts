// Show 1 of TR-098 devices as Device:2: how much of what a device has is there.
//
// Counted are the standard TR-098 parameters that a dump lists, but for those that are left out on purpose. One is covered
// when a path of Device:2.16 that stands in the standard's model shows it (proxy/mapping/coverage.ts says how it may); what
// stands below the raw place, or only under a vendor's name, is not. The rows that are left out are listed.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import t from 'tap';
import { coverageOf, sumOf } from '../../proxy/mapping/coverage.ts';
import { BOOK, seen, TR098_DUMPS } from './dumps-at-hand.ts';

const PAIRS = resolve('../shared/facts/data-models/tr098-to-tr181.tsv');
const LEAST = 0.0;

function droppedByFacts(): ReadonlySet<string> {
  if (!existsSync(PAIRS)) return new Set();
  const rows = readFileSync(PAIRS, 'utf8')
    .split('\n')
    .map((line) => line.split('\t'));
  return new Set(rows.filter((row) => row[2] === 'drop').map((row) => row[3] ?? ''));
}

for (const { name, dump } of TR098_DUMPS) {
  t.test(`coverage of ${name}`, async (t) => {
    const { cpe, view } = await seen(dump);
    const all = coverageOf({
      tree: cpe.tree,
      view,
      own: BOOK.own,
      standard: BOOK.standard,
      dropped: droppedByFacts(),
    });
    const { of, covered, counts } = sumOf(all);
    t.comment(`${name}: ${covered} of ${of} (${((100 * covered) / of).toFixed(1)} %) ${JSON.stringify(counts)}`);
    t.ok(covered / of >= LEAST, `at least ${LEAST * 100} %`);
  });
}
