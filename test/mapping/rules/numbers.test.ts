import t from 'tap';
import {
  formatRemembered,
  numberRows,
  parseRemembered,
  type Unnumbered,
} from '../../../proxy/mapping/rules/remember.ts';

const rows = (...keys: readonly string[]): readonly Unnumbered[] =>
  keys.map((key) => ({ key, liked: undefined, fixed: undefined }));
const liking = (...wishes: readonly (readonly [string, number])[]): readonly Unnumbered[] =>
  wishes.map(([key, liked]) => ({ key, liked, fixed: undefined }));

t.test('a row keeps its number, whatever comes and goes around it', async (t) => {
  const first = numberRows(undefined, rows('a', 'b', 'c'), 1);
  t.strictSame(
    [...first.byKey],
    [
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ],
  );
  const second = numberRows(first, rows('c', 'd', 'a'), 1);
  t.strictSame([...second.byKey].sort(), [
    ['a', 1],
    ['c', 3],
    ['d', 4],
  ]);
});

t.test('a number is never given twice', async (t) => {
  const gone = numberRows(numberRows(undefined, rows('a', 'b'), 1), rows('a'), 1);
  const again = numberRows(gone, rows('a', 'b'), 1);
  t.equal(again.byKey.get('b'), 3);
});

t.test('a row gets the number it likes, unless another has or had it', async (t) => {
  const first = numberRows(undefined, liking(['lan 1', 1], ['lan 5', 5], ['guest 1', 1]), 101);
  t.strictSame(
    [...first.byKey],
    [
      ['lan 1', 1],
      ['lan 5', 5],
      ['guest 1', 101],
    ],
  );
  const more = numberRows(first, liking(['lan 1', 1], ['lan 2', 2], ['lan 5', 5], ['guest 1', 1]), 101);
  t.equal(more.byKey.get('lan 2'), 2);
  const without = numberRows(more, liking(['lan 1', 1], ['lan 5', 5], ['guest 1', 1]), 101);
  const back = numberRows(without, liking(['lan 1', 1], ['lan 2', 2], ['lan 5', 5], ['guest 1', 1]), 101);
  t.equal(back.byKey.get('lan 2'), 102);
});

t.test('a fixed number goes before everything', async (t) => {
  const wishes: readonly Unnumbered[] = [
    { key: '5GHz', liked: undefined, fixed: 2 },
    { key: 'other', liked: undefined, fixed: undefined },
  ];
  t.strictSame(
    [...numberRows(undefined, wishes, 1).byKey],
    [
      ['5GHz', 2],
      ['other', 3],
    ],
  );
});

t.test('what is remembered survives as text', async (t) => {
  const root = 'InternetGatewayDevice.';
  const numbers = numberRows(numberRows(undefined, rows('a', 'b', 'c'), 1), rows('b'), 1);
  const values = new Map([[`${root}WANDevice.1.X`, 'a "quoted" \u00e4']]);
  const text = formatRemembered({ values, numbers: new Map([['table', numbers]]) }, root);
  const read = parseRemembered(text, root);
  t.strictSame([...read.values], [...values]);
  t.strictSame([...(read.numbers.get('table')?.byKey ?? [])], [['b', 2]]);
  t.equal(numberRows(read.numbers.get('table'), rows('b', 'd'), 1).byKey.get('d'), 4);
  t.equal(formatRemembered(read, root), text);
});

t.test('a table of which many rows came and went stays small', async (t) => {
  let numbers = numberRows(undefined, [], 1);
  for (let round = 0; round < 500; round += 1) numbers = numberRows(numbers, rows(`host ${round}`), 1);
  t.equal(numbers.byKey.get('host 499'), 500);
  t.equal(numbers.gone.length, 1);
});
