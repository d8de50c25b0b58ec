// What DeleteObject may be asked for. Pure.
import { generalise, parentOf, rowNumberOf } from '../../path/concrete.ts';
import type { TableRule } from './document.ts';

/**
 * Rows that Add could have made, and no others: a table's rows may also be made of what is much more than such a row, as a
 * default route of the connection that it goes through.
 */
export function canBeDeleted({ add }: TableRule, object: string, root: string): boolean {
  if (rowNumberOf(object) === undefined) return false;
  if (add?.kind !== 'object') return true;
  const table = generalise(parentOf(object));
  return add.objects.some((pattern) => root + pattern.replace(/\{\w+\}/g, '{i}') === table);
}
