// The rows of Device.LocalAgent. that are stored: the tenant's template, overlaid by what one device has of its own.
// Template rows are numbered 1 to 9,999, a device's own from 10,000; numbers are never reused. Immutable.
// A single object with stored values is row 0 under its own path. What a Controller gave to rows of the CPE that the CPE
// itself has no place for (Alias) stands under the CPE's own paths.
import { rowOf } from '../../path/concrete.ts';

export type RowValues = Readonly<Record<string, string>>;
/** Table path → instance number → values; null where a device has deleted a row of the template. */
type Tables = Readonly<Record<string, Readonly<Record<string, RowValues | null>>>>;

export interface Rows {
  readonly tables: Tables;
  /** Table path → the number that the next row gets. */
  readonly next: Readonly<Record<string, number>>;
}

export const NO_ROWS: Rows = { tables: {}, next: {} };
/** Of an object that is no row. */
export const SINGLE = 0;
export const FIRST_TEMPLATE_ROW = 1;
export const FIRST_DEVICE_ROW = 10_000;

export function parseRows(stored: string): Rows {
  if (stored === '') return NO_ROWS;
  const { tables, next } = JSON.parse(stored) as Rows;
  return { tables, next };
}

export const formatRows = (rows: Rows): string => JSON.stringify({ v: 1, ...rows });

/** A row as it counts: the device's own values over the template's. `first`: the number of its first own row. */
export function rowValues(
  template: Rows,
  own: Rows,
  table: string,
  number: number,
  first = FIRST_DEVICE_ROW,
): RowValues | undefined {
  const over = own.tables[table]?.[number];
  if (over === null) return undefined;
  const under = template.tables[table]?.[number];
  // What a device had changed in a row goes with the row.
  if (under === undefined || under === null) {
    return number < first && number !== SINGLE ? undefined : over;
  }
  return over === undefined ? under : { ...under, ...over };
}

type TableRows = Tables[string];
const NO_NUMBERS: readonly number[] = [];
/** Each table of a template is asked for its rows by every message to every device of the tenant. */
const numbersInTemplate = new WeakMap<TableRows, readonly number[]>();

function templateNumbers(rows: TableRows | undefined): readonly number[] {
  if (rows === undefined) return NO_NUMBERS;
  const known = numbersInTemplate.get(rows);
  if (known !== undefined) return known;
  const numbers = Object.entries(rows).flatMap(([number, row]) => (row === null ? [] : [Number(number)]));
  numbersInTemplate.set(rows, numbers);
  return numbers;
}

/** Instance numbers of a table, ascending. */
export function rowNumbers(template: Rows, own: Rows, table: string, first = FIRST_DEVICE_ROW): readonly number[] {
  const under = template.tables[table];
  const over = own.tables[table];
  if (over === undefined) return templateNumbers(under);
  const numbers = new Set([...Object.keys(under ?? {}), ...Object.keys(over)]);
  return [...numbers]
    .map(Number)
    .filter((number) => rowValues(template, own, table, number, first) !== undefined)
    .sort((one, other) => one - other);
}

const withTable = (rows: Rows, table: string, changed: Readonly<Record<string, RowValues | null>>): Rows => ({
  ...rows,
  tables: { ...rows.tables, [table]: changed },
});

/** The rows with one more, under the next number of its table. */
export function addRow(
  rows: Rows,
  first: number,
  table: string,
  values: RowValues,
): { readonly rows: Rows; readonly number: number } {
  const number = rows.next[table] ?? first;
  const added = withTable(rows, table, { ...rows.tables[table], [number]: values });
  return { rows: { ...added, next: { ...rows.next, [table]: number + 1 } }, number };
}

export const changeRow = (rows: Rows, table: string, number: number, values: RowValues): Rows =>
  withTable(rows, table, { ...rows.tables[table], [number]: { ...rows.tables[table]?.[number], ...values } });

/**
 * The rows without one: gone where it was the device's own, marked as deleted where it is the template's. The device's own
 * below it go with it.
 */
export function deleteRow(template: Rows, own: Rows, table: string, number: number): Rows {
  const rest = withoutBelow(own, rowOf(table, number));
  if (template.tables[table]?.[number] !== undefined) {
    return withTable(rest, table, { ...rest.tables[table], [number]: null });
  }
  const { [number]: _gone, ...others } = rest.tables[table] ?? {};
  return withTable(rest, table, others);
}

function withoutBelow({ tables, next }: Rows, object: string): Rows {
  const kept = <T>(all: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(all).filter(([path]) => !path.startsWith(object)));
  return { tables: kept(tables), next: kept(next) };
}

/** Rows laid over others: a row of `over` takes the place of one of `under` with the same number, value by value. */
export function overlay(under: Rows, over: Rows): Rows {
  const tables: Record<string, Readonly<Record<string, RowValues | null>>> = { ...under.tables };
  for (const [table, rows] of Object.entries(over.tables)) {
    const merged: Record<string, RowValues | null> = { ...under.tables[table] };
    for (const [number, row] of Object.entries(rows)) {
      const below = merged[number];
      merged[number] = row === null || below === undefined || below === null ? row : { ...below, ...row };
    }
    tables[table] = merged;
  }
  const next = { ...under.next };
  for (const [table, number] of Object.entries(over.next)) next[table] = Math.max(number, next[table] ?? 0);
  return { tables, next };
}
