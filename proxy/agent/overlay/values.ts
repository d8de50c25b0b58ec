// Values of the overlay among the device's own rows: a table of the CPE by its path, a single object as row 0 of its own.
// Only what a Controller gave is stored. Pure.
import { parentOf, rowNumberOf, rowOf } from '../../path/concrete.ts';
import { isLocal } from '../local-agent/root.ts';
import { changeRow, type Rows, type RowValues, SINGLE } from '../local-agent/rows.ts';

const placeOf = (object: string): readonly [table: string, number: number] => {
  const number = rowNumberOf(object);
  return number === undefined ? [object, SINGLE] : [parentOf(object), number];
};

export function storedValue(rows: Rows, object: string, name: string): string | undefined {
  const [table, number] = placeOf(object);
  const row = rows.tables[table]?.[number];
  return row?.[name];
}

export function withValues(rows: Rows, object: string, values: RowValues): Rows {
  const [table, number] = placeOf(object);
  return changeRow(rows, table, number, values);
}

/** The rows without those that `isGone`, and the same object where none is. Single objects stay. */
export function withoutRows(rows: Rows, isGone: (row: string) => boolean): Rows {
  const tables = new Map(Object.entries(rows.tables));
  for (const [table, numbered] of tables) {
    if (isLocal(table)) continue;
    const entries = Object.entries(numbered);
    const left = entries.filter(([number]) => Number(number) === SINGLE || !isGone(rowOf(table, Number(number))));
    if (left.length === entries.length) continue;
    if (left.length === 0) tables.delete(table);
    else tables.set(table, Object.fromEntries(left));
  }
  const changed =
    tables.size < Object.keys(rows.tables).length || [...tables].some(([key, one]) => rows.tables[key] !== one);
  return changed ? { ...rows, tables: Object.fromEntries(tables) } : rows;
}

/** Without a row, and what lies inside it. */
export const withoutRow = (rows: Rows, gone: string): Rows => withoutRows(rows, (row) => row.startsWith(gone));

/** Whether any row of the CPE's has something stored. */
export const namesRows = (rows: Rows): boolean => withoutRows(rows, () => true) !== rows;
