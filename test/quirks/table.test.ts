// The table of quirks, printed, and held against what is there: every row has its test and its handling.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { QUIRKS } from './quirks.ts';

const compiled = fileURLToPath(new URL('../..', import.meta.url));
/** Rows 33 to 38 belong to the USP side. */
const LAST_ROW = 32;

t.test('every quirk of the south side has a test, and a handling that can be switched off', async (t) => {
  t.comment('row | quirk | fixture | test');
  for (const { row, quirk, fixture, test, off } of QUIRKS) {
    t.comment(`${row} | ${quirk} | ${fixture} | test/${test}.ts`);
    t.ok(existsSync(join(compiled, 'test', `${test}.js`)), `row ${row}: its test`);
    const handling = readFileSync(join(compiled, 'proxy', `${off.file}.js`), 'utf8');
    t.equal(handling.split(off.from).length, 2, `row ${row}: its handling in ${off.file} stands there once`);
  }
  const rows = QUIRKS.map(({ row }) => row);
  t.same(
    rows,
    Array.from({ length: LAST_ROW }, (_, index) => index + 1),
  );
});
