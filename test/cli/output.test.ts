import t from 'tap';
import * as fc from 'fast-check';
import { alignColumns } from '../../proxy/cli/output/columns.ts';
import { formatJson, formatJsonLine } from '../../proxy/cli/output/json.ts';
import { noPaint, paintFor } from '../../proxy/cli/output/paint.ts';
import { printable } from '../../proxy/cli/output/printable.ts';

t.test('colours only on a terminal, and never with NO_COLOR', async (t) => {
  const terminal = { isTTY: true };
  t.equal(paintFor(terminal, {}).bold('x'), '\u001b[1mx\u001b[22m');
  t.equal(paintFor(terminal, { NO_COLOR: '' }).red('x'), '\u001b[31mx\u001b[39m');
  t.equal(paintFor(terminal, {}).red(''), '');
  for (const environment of [{ NO_COLOR: '1' }, { TERM: 'dumb' }]) t.equal(paintFor(terminal, environment), noPaint);
  t.equal(paintFor({}, {}), noPaint);
});

t.test('no text of a device moves the cursor or begins a line', async (t) => {
  t.equal(printable('a\nb\tc\r'), 'a\\nb\\tc\\r');
  t.equal(printable('\u001b]0;owned\u0007'), '\\x1b]0;owned\\x07');
  t.equal(printable('safe\u202egnp.exe'), 'safe\\u202egnp.exe');
  t.equal(printable('Größe 中文 🙂'), 'Größe 中文 🙂');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => !/[\p{Cc}\u2028\u2029\u202a-\u202e]/u.test(printable(text))),
    { numRuns: 300 },
  );
});

t.test('columns are aligned by what is seen, the last one not padded', async (t) => {
  const brackets = (text: string): string => `<<${text}>>`;
  t.same(alignColumns([['a', { text: 'bb', paint: brackets }, 'c'], ['aaaa', 'b', 'c'], ['x']]), [
    'a     <<bb>>  c',
    'aaaa  b   c',
    'x',
  ]);
  t.same(alignColumns([['a', '']]), ['a']);
  t.same(alignColumns([]), []);
});

t.test('maps are objects in JSON', async (t) => {
  const value = { b: new Map([['x', '1']]), a: [new Map()] };
  t.same(JSON.parse(formatJson(value)), { b: { x: '1' }, a: [{}] });
  t.equal(formatJsonLine(value), '{"b":{"x":"1"},"a":[{}]}');
});

t.test('JSON is as safe for a terminal as text, and reads back the same', async (t) => {
  t.equal(formatJsonLine('\u009b31m\u202e\u001b'), '"\\u009b31m\\u202e\\u001b"');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const json = formatJsonLine({ text });
      const read = JSON.parse(json) as { readonly text: string };
      return !/[\p{Cc}\u2028\u2029\u202a-\u202e]/u.test(json) && read.text === text;
    }),
    { numRuns: 300 },
  );
});
