// Values to try on a parameter: each of its enumeration, the ends of its ranges, its longest text. Pure.
import { generalise } from '../../path/concrete.ts';
import type { Interval, StandardParameter, ValueRules } from '../standard-model.ts';

/** Rows that a reference is tried with. */
const ROWS_TRIED = 2;

/** `objects`: paths of the objects that there are, for references. */
export function valuesAllowed({ value, reference }: StandardParameter, objects: Iterable<string>): readonly string[] {
  if (reference?.kind === 'row') return rowsOf(reference.targets, objects);
  if (reference !== undefined) return [];
  const items = itemsOf(value);
  return value.list && items.length > 1 ? [...items, items.join(',')] : items;
}

function rowsOf(targets: readonly string[], objects: Iterable<string>): readonly string[] {
  const found = new Map<string, string[]>(targets.map((target) => [target, []]));
  for (const path of objects) {
    const rows = found.get(generalise(path));
    if (rows !== undefined && rows.length < ROWS_TRIED) rows.push(path.slice(0, -1));
  }
  return [...found.values()].flat();
}

function itemsOf({ itemType, enumeration, ranges, lengths, pattern, typeName, list }: ValueRules): readonly string[] {
  if (enumeration !== undefined) return enumeration;
  if (itemType === 'BOOLEAN') return ['true', 'false'];
  if (ranges !== undefined) return endsOf(ranges).map(String);
  const isPlain = itemType === 'STRING' && pattern === undefined && typeName === undefined && !list;
  return isPlain && lengths !== undefined ? endsOf(lengths).map((length) => 'x'.repeat(length)) : [];
}

const endsOf = (intervals: readonly Interval[]): readonly number[] => [
  ...new Set(intervals.flatMap(({ low, high }) => [low, high]).filter(Number.isFinite)),
];
