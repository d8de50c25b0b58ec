// The results file leaves nothing out: every row of the plan's map is in it, and every case that applies has its test.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import t from 'tap';
import { ALL_CASES, ELSEWHERE } from './all-cases.ts';
import { storedResults } from './results.ts';

/** Rows of TP-469 1.4.0 that are neither deprecated nor deleted. */
const ROWS = 213;
const MAP = resolve('../shared/facts/tp469-map.md');

const rows = storedResults();
const ids = [...rows.keys()];
const tested = [...ALL_CASES.map(({ id }) => id), ...Object.keys(ELSEWHERE)];

t.equal(ids.filter((id) => /^\d/.test(id)).length, ROWS, 'every row of the plan');
t.same(
  ids.filter((id) => !/^(?:\d+\.\d+|CV-[A-Z]+-\d+)$/.test(id)),
  [],
  'and our own, on paths of the CPE',
);
t.equal(new Set(tested).size, tested.length, 'no case has two tests');
t.same(
  ids.filter((id) => ['pass', 'fail'].includes(rows.get(id)?.result ?? '') && !tested.includes(id)),
  [],
  'what passes or fails has a test',
);
t.same(
  Object.values(ELSEWHERE).filter((file) => !existsSync(resolve(file))),
  [],
  'a test that lies elsewhere is there',
);
t.same(
  tested.filter((id) => !['pass', 'fail', 'later'].includes(rows.get(id)?.result ?? '')),
  [],
  'what has a test has a result',
);
t.same(
  [...rows.values()].filter(({ result, note }) => result !== 'pass' && note === ''),
  [],
  'what does not pass says why',
);

const count = (result: string): number =>
  [...rows.values()].filter((row) => /^\d/.test(row.id) && row.result === result).length;
const totals = `${count('pass')} pass, ${count('fail')} fail, ${count('later')} later, ${count('not-applicable')} not applicable`;
t.ok(readFileSync(resolve('README.md'), 'utf8').includes(totals), `README.md says: ${totals}`);

if (existsSync(MAP)) {
  const map = [...readFileSync(MAP, 'utf8').matchAll(/^\| (\d+\.\d+|CV-[A-Z]+-\d+) \| .*\|.*\|.*\|/gm)].map(
    ([, id]) => id,
  );
  const known = map.filter((id) => id !== undefined);
  // The map's table of errata begins some lines with a number, too.
  t.same(
    [...new Set(known)].filter((id) => !rows.has(id)),
    [],
    'no row of the map is missing',
  );
} else {
  t.pass('the map is not here');
}
