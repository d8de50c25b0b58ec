// References of a CPE that are keys: the number that a row of another table says it has, not its path. Which row has which
// key is read together with the reference, so that nothing of it is ever remembered. Pure.
import { type InstanceTree } from '../../device/instance-tree/tree.ts';
import type { CompiledKey } from './compile.ts';
import { fill, findAll, type Found, isThere, pathFrom } from './pattern.ts';

/** An object that a key may stand for; `is` and `names` are places among the names that the binding reads. */
export interface KeyedObject {
  readonly rule: CompiledKey;
  /** The object of the CPE that is meant; undefined where a parameter names it. */
  readonly object: string | undefined;
  readonly is: number;
  readonly names: number | undefined;
}

/** `names`: what the binding reads, to which the keys are added. */
export function keyedObjects(
  keys: readonly CompiledKey[],
  { captures }: Found,
  tree: InstanceTree,
  names: (string | undefined)[],
): readonly KeyedObject[] {
  const place = (name: string): number | undefined => (isThere(tree, name) ? names.push(name) - 1 : undefined);
  return keys.flatMap((rule) =>
    findAll(rule.pattern, tree, captures).flatMap((found): KeyedObject[] => {
      const is = place(pathFrom(rule.is, tree.root, found) ?? '');
      if (is === undefined) return [];
      const reference = rule.names === undefined ? undefined : place(pathFrom(rule.names, tree.root, found) ?? '');
      const stands = rule.stands === undefined ? undefined : fill(rule.stands, found.captures);
      const object = rule.names !== undefined ? undefined : stands === undefined ? found.path : tree.root + stands;
      return object === undefined && reference === undefined ? [] : [{ rule, object, is, names: reference }];
    }),
  );
}

type Texts = readonly (string | undefined)[];

/** The path of the CPE that an object is known by. */
const pathOf = ({ object, names }: KeyedObject, texts: Texts): string =>
  object ?? (names === undefined ? undefined : texts[names]?.split(',')[0]) ?? '';

/** The row of the view that a key stands for; '' where it stands for none. `rowOf`: of a path of the CPE. */
export function rowByKey(keyed: readonly KeyedObject[], texts: Texts, rowOf: (path: string) => string): string {
  const key = (texts[0] ?? '').trim();
  if (key === '') return '';
  for (const one of keyed) {
    const row = texts[one.is]?.trim() === key ? rowOf(pathOf(one, texts)) : '';
    if (row !== '') return row;
  }
  return '';
}

/** The key of a row of the view, as the CPE is told it; undefined where it has none. */
export function keyOfRow(
  keyed: readonly KeyedObject[],
  texts: Texts,
  row: string,
  rowOf: (path: string) => string,
): string | undefined {
  if (row === '') return keyed[0]?.rule.none;
  for (const one of keyed) {
    const key = (texts[one.is] ?? '').trim();
    if (key !== '' && rowOf(pathOf(one, texts)) === row) return key;
  }
  return undefined;
}
