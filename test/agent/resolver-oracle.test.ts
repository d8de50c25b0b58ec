// The resolver against an oracle that knows no tricks: on random trees, random paths find the same objects.
import fc from 'fast-check';
import t from 'tap';
import { resolveObjects } from '../../proxy/agent/resolver.ts';
import type { Comparison, Segment } from '../../proxy/path/path.ts';
import { parsePath } from '../../proxy/path/parse.ts';
import { KINDS, modelOver, type RandomTree, treeOf } from './random-model.ts';

/** Values of one object; undefined when it is not there. */
type Values = Readonly<Record<string, string>> | undefined;

/** Objects that exist, found by trying every object of the tree for each segment. */
class Oracle {
  readonly #tree: RandomTree;

  constructor(tree: RandomTree) {
    this.#tree = tree;
  }

  find(segments: readonly Segment[]): ReadonlySet<string> {
    let found = new Set(['']);
    for (const [index, segment] of segments.entries()) {
      const next = segments[index + 1];
      const all = [...this.#tree.keys()];
      const step = (path: string): readonly string[] => {
        switch (segment.kind) {
          case 'name':
            return next?.kind === 'reference'
              ? this.#targets(path, segment.name, next.item)
              : [`${path}${segment.name}.`];
          case 'instance':
            return all.filter((one) => one === `${path}${segment.number}.`);
          case 'wildcard':
            return all.filter((one) => this.#isRowOf(one, path));
          case 'search':
            return all.filter(
              (one) => this.#isRowOf(one, path) && segment.comparisons.every((c) => this.#holds(one, c)),
            );
          case 'reference':
            return [path];
        }
      };
      found = new Set([...found].flatMap(step));
    }
    // A table is there when the object that holds it is.
    return new Set([...found].filter((path) => this.#tree.has(path) || this.#isTable(path)));
  }

  #isRowOf(one: string, table: string): boolean {
    return one.startsWith(table) && /^[0-9]+\.$/.test(one.slice(table.length));
  }

  #isTable(path: string): boolean {
    const general = path.replace(/\.\d+(?=\.)/g, '.{i}');
    const holder = path.replace(/[^.]+\.$/, '');
    return KINDS.has(`${general}{i}.`) && this.#tree.has(holder);
  }

  #targets(path: string, name: string, item: number | 'all'): readonly string[] {
    const items = (this.#tree.get(path)?.[name] ?? '').split(',').filter((text) => text !== '');
    const wanted = item === 'all' ? items : items.slice(item - 1, item);
    return wanted.map((text) => (text.endsWith('.') ? text : `${text}.`)).filter((target) => this.#tree.has(target));
  }

  #holds(row: string, { parameter, operator, constant }: Comparison): boolean {
    let objects = [row];
    let name = '';
    for (const [index, step] of parameter.entries()) {
      if (step.kind === 'reference') continue;
      const next = parameter[index + 1];
      if (next === undefined) name = step.name;
      else if (next.kind === 'name') objects = objects.map((object) => `${object}${step.name}.`);
      else objects = objects.flatMap((object) => this.#targets(object, step.name, next.item));
    }
    return objects.some((object) => compares(this.#tree.get(object), name, operator, constant.text));
  }
}

function compares(values: Values, name: string, operator: string, constant: string): boolean {
  const value = values?.[name];
  if (value === undefined) return false;
  const [left, right] = name === 'Count' ? [Number(value), Number(constant)] : [value, constant];
  switch (operator) {
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '>':
      return left > right;
    case '<=':
      return left <= right;
    case '>=':
      return left >= right;
    default:
      // A reference is the same with and without its last dot.
      return value.split(',').some((item) => item.replace(/\.$/, '') === constant);
  }
}

const word = fc.constantFrom('a', 'b', 'c');
const comparison = fc.oneof(
  fc
    .tuple(fc.constantFrom('Name', 'Inner.Name', 'Ref+.Name', 'Refs#*+.Name'), fc.constantFrom('==', '!='), word)
    .map(([name, operator, text]) => `${name}${operator}"${text}"`),
  fc
    .tuple(fc.constantFrom('Count', 'Inner.Count'), fc.constantFrom('==', '!=', '<', '>', '<=', '>='), fc.nat(4))
    .map(([name, operator, count]) => `${name}${operator}${count}`),
  fc.tuple(fc.constantFrom('Enable'), fc.boolean()).map(([name, value]) => `${name}==${String(value)}`),
  fc.constantFrom('Device.T.1', 'Device.T.2', 'Device.U.1').map((target) => `Refs~="${target}"`),
);
const search = fc.array(comparison, { minLength: 1, maxLength: 2 }).map((all) => `[${all.join('&&')}].`);
const row = fc.oneof(
  fc.integer({ min: 1, max: 5 }).map((number) => `${number}.`),
  fc.constant('*.'),
  search,
);
const follow = fc.constantFrom('', '', '', 'Ref+.', 'Refs+.', 'Refs#2+.', 'Refs#*+.');
const below = fc.oneof(
  fc.constantFrom('', 'Inner.', 'Sub.'),
  row.map((one) => `Sub.${one}`),
);
const anyPath = fc.tuple(fc.constantFrom('Device.T.', 'Device.U.'), row, follow, below).map((parts) => parts.join(''));

const reference = fc.constantFrom(
  'Device.T.1',
  'Device.T.2.',
  'Device.T.9',
  'Device.U.1',
  'Device.T.1.Inner',
  'nowhere',
);
const object = fc.record({
  Name: word,
  Count: fc.nat(4).map(String),
  Enable: fc.boolean().map(String),
  Ref: fc.oneof(reference, fc.constant('')),
  Refs: fc.array(reference, { maxLength: 3 }).map((all) => all.join(',')),
});
const numbers = fc.subarray([1, 2, 3, 4]);
const randomTree: fc.Arbitrary<RandomTree> = fc
  .tuple(numbers, numbers, numbers, fc.array(object, { minLength: 8, maxLength: 8 }))
  .map(([ts, us, subs, values]) => treeOf(ts, us, subs, values));

t.test('the same objects, whatever the tree and the path', async (t) => {
  let found = 0;
  const property = fc.asyncProperty(
    randomTree,
    fc.array(anyPath, { minLength: 1, maxLength: 6 }),
    async (tree, paths) => {
      const oracle = new Oracle(tree);
      const model = modelOver(tree);
      for (const path of paths) {
        const parsed = parsePath(path);
        if (!parsed.ok) throw new Error(`${path}: ${parsed.why}`);
        const resolved = await resolveObjects(model, parsed.path.segments);
        if (!resolved.ok) {
          // Behind a reference nothing may have what the path asks for; the model itself has all of them.
          if (resolved.code === 7026 && /\+/.test(path)) continue;
          throw new Error(`${path}: ${resolved.code} ${resolved.why}`);
        }
        const expected = [...oracle.find(parsed.path.segments)].sort();
        found += expected.length;
        const actual = [...resolved.objects].sort();
        if (JSON.stringify(actual) !== JSON.stringify(expected)) {
          throw new Error(`${path}: ${actual.join(' ')} instead of ${expected.join(' ')}`);
        }
      }
    },
  );
  await fc.assert(property, { numRuns: 400 });
  t.ok(found > 400, `${found} objects were found`);
});
