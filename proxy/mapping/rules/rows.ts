// Rows of the view's tables on one device: which objects of the CPE make a row, and what number it has. Pure.
import type { InstanceTree } from '../../device/instance-tree/tree.ts';
import { itemsOf } from '../../path/value-type.ts';
import type { CompiledRules, CompiledSource, CompiledTable, CompiledValue } from './compile.ts';
import { type Device, holds, namesWanted } from './conditions.ts';
import { type Captures, findAll, type Found, isThere, pathFrom } from './pattern.ts';
import { type Numbers, numberRows, type Unnumbered } from './remember.ts';

/** Position in a list, for sources that make a row of each item. */
export const ITEM = 'item';

export interface Row {
  readonly number: number;
  /** Objects of the CPE that make it; the first stands for all. */
  readonly members: readonly Found[];
  /** What the row is known by, where that is a value: another value says that it is another row. */
  readonly guards: ReadonlyMap<string, string>;
}

export interface TableRows {
  readonly rows: readonly Row[];
  readonly numbers: Numbers;
  /** The number of the row that an object belongs to, by what its pattern, or one below it, has captured. */
  numberOf(captures: Captures): number | undefined;
}

interface Candidate {
  readonly found: Found;
  readonly source: CompiledSource;
  /** Where it stands: source and captured numbers. */
  readonly place: string;
  readonly key: string;
  readonly guards: ReadonlyMap<string, string>;
  readonly fixed: number | undefined;
}

const NO_GUARDS: ReadonlyMap<string, string> = new Map();

const placeOf = (index: number, { pattern, each }: CompiledSource, captures: Captures): string | undefined => {
  const numbers = [...pattern.names, ...(each === undefined ? [] : [ITEM])].map((name) => captures.get(name));
  return numbers.includes(undefined) ? undefined : `${index}:${numbers.join('.')}`;
};

/** Every object that a source's pattern finds, with the names that it is given. */
export function foundIn({ pattern, given }: CompiledSource, tree: InstanceTree): readonly Found[] {
  const all = findAll(pattern, tree);
  if (given.size === 0) return all;
  return all.map(({ path, captures }) => ({ path, captures: new Map([...captures, ...given]) }));
}

/** Every object, or item of a list in it, that a source means. */
export function foundBy(source: CompiledSource, device: Device): readonly Found[] {
  const found = foundIn(source, device.tree).filter((one) => holds(source.when, device, one));
  const { each } = source;
  if (each === undefined) return found;
  return found.flatMap((one) => {
    const name = pathFrom(each, device.tree.root, one);
    const items = name === undefined ? [] : itemsOf(device.value(name));
    return items.map((_, index) => ({ path: one.path, captures: new Map([...one.captures, [ITEM, index + 1]]) }));
  });
}

/** What a value of the rules is on this device; undefined where it has nothing that it is made of. */
function evaluate(value: CompiledValue, device: Device, found: Found): string | undefined {
  const { tree } = device;
  const names = value.from.map((path) => pathFrom(path, tree.root, found));
  const there = names.map((name) => (name !== undefined && isThere(tree, name) ? name : undefined));
  const isComplete = there.slice(0, value.needed).every((name) => name !== undefined);
  const texts = there.map((name) => (name === undefined ? undefined : device.value(name)));
  const shown = isComplete ? value.codec.read(texts) : undefined;
  if (shown !== undefined && shown !== '') return shown;
  return value.otherwise === undefined ? undefined : evaluate(value.otherwise, device, found);
}

function candidate(
  table: CompiledTable,
  index: number,
  source: CompiledSource,
  device: Device,
  found: Found,
): Candidate {
  const { rule, together } = table;
  const place = placeOf(index, source, found.captures) ?? '';
  const shared = together === undefined ? undefined : evaluate(together, device, found);
  if (shared !== undefined) {
    return { found, source, place, key: shared, guards: NO_GUARDS, fixed: rule.number?.by.get(shared) };
  }
  const guards = new Map<string, string>();
  for (const path of rule.key?.parameters ?? []) {
    const name = pathFrom(path, device.tree.root, found);
    const value = name === undefined ? '' : device.value(name).trim();
    if (name !== undefined && value !== '') guards.set(name, value);
  }
  const isNamed = rule.key !== undefined && guards.size === rule.key.parameters.length;
  const names = (rule.key?.names ?? []).map((name) => found.captures.get(name));
  const key = isNamed ? `=${[...names, ...guards.values()].join(' ').toLowerCase()}` : place;
  return { found, source, place, key, guards: isNamed ? guards : NO_GUARDS, fixed: undefined };
}

export function rowsOf(table: CompiledTable, device: Device, known: Numbers | undefined): TableRows {
  const groups = new Map<string, Candidate[]>();
  for (const [index, source] of table.sources.entries()) {
    for (const found of foundBy(source, device)) {
      const one = candidate(table, index, source, device, found);
      const group = groups.get(one.key);
      // Two rows that say they are the same are told apart by where they stand.
      if (group !== undefined && table.together === undefined) groups.set(`${one.key} ${one.place}`, [one]);
      else if (group === undefined) groups.set(one.key, [one]);
      else group.push(one);
    }
  }
  const { like, from } = table.rule.number ?? { like: undefined, from: 1 };
  const wishes = [...groups].flatMap(([key, [first]]): Unnumbered[] => {
    const liked = like === undefined ? undefined : first?.found.captures.get(like);
    return first === undefined ? [] : [{ key, liked, fixed: first.fixed }];
  });
  const numbers = numberRows(known, wishes, from);
  const byPlace = new Map<string, number>();
  const depthOf = ({ pattern, each }: CompiledSource): number => pattern.names.length + (each === undefined ? 0 : 1);
  const nearestFirst = [...table.sources.entries()].sort(([, one], [, other]) => depthOf(other) - depthOf(one));
  const rows: Row[] = [];
  for (const [key, group] of groups) {
    const number = numbers.byKey.get(key);
    if (number === undefined) continue;
    for (const { place } of group) byPlace.set(place, number);
    rows.push({ number, members: group.map(({ found }) => found), guards: group[0]?.guards ?? NO_GUARDS });
  }
  rows.sort((one, other) => one.number - other.number);
  return {
    rows,
    numbers,
    // An object is of the nearest row above it: a conditional pool is below a LANDevice too, which is another pool.
    numberOf: (captures) => {
      for (const [index, source] of nearestFirst) {
        const place = placeOf(index, source, captures);
        const number = place === undefined ? undefined : byPlace.get(place);
        if (number !== undefined) return number;
      }
      return undefined;
    },
  };
}

/** A parameter of the CPE whose value decides which rows there are. */
export interface Deciding {
  readonly name: string;
  /** The CPE may give another row its place at any time: read anew whenever somebody looks below it. */
  readonly moves: boolean;
}

/** Every parameter of this CPE that decides, each once. */
export function decidingNames(rules: CompiledRules, device: Device): readonly Deciding[] {
  const { tree } = device;
  const moves = new Map<string, boolean>();
  const want = (path: string | undefined, isMoving = false): void => {
    if (path !== undefined && isThere(tree, path)) moves.set(path, isMoving || (moves.get(path) ?? false));
  };
  const wantValue = (value: CompiledValue | undefined, found: Found): void => {
    if (value === undefined) return;
    for (const path of value.from) want(pathFrom(path, tree.root, found));
    wantValue(value.otherwise, found);
  };
  const wantSource = (source: CompiledSource): readonly Found[] => {
    const all = foundIn(source, tree);
    for (const found of all) {
      for (const name of namesWanted(source.when, tree.root, found)) want(name);
      if (source.each !== undefined) want(pathFrom(source.each, tree.root, found), true);
    }
    return all;
  };
  for (const { sources, rule, together } of rules.tables.values()) {
    for (const found of sources.flatMap(wantSource)) {
      wantValue(together, found);
      for (const path of rule.key?.parameters ?? []) want(pathFrom(path, tree.root, found), true);
      for (const name of rule.add?.kind === 'claim' ? namesWanted(rule.add.where, tree.root, found) : []) want(name);
    }
    const otherwise = rule.add?.kind === 'object' ? rule.add.parent?.otherwise : undefined;
    if (otherwise !== undefined) want(tree.root + otherwise.replace(/^\//, ''));
  }
  for (const { sources } of rules.objects) for (const source of sources) wantSource(source);
  return [...moves].map(([name, isMoving]) => ({ name, moves: isMoving }));
}
