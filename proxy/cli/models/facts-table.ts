// Reads the tab-separated fact tables that the model files are made from. It only splits and names columns; what a cell
// means is known where it is used. Pure: text in, rows out, and every complaint with its line.

export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** Complaints are gathered, not thrown, so that one run names all of them. */
export type Report = (line: number, message: string) => void;

export type FactRow<Column extends string> = Readonly<Record<Column, string>> & { readonly line: number };

/** The rows of a table whose first line names its columns; a column that is asked for and missing is a problem. */
export function readFactTable<const Column extends string>(
  text: string,
  columns: readonly Column[],
  report: Report,
): readonly FactRow<Column>[] {
  const [header = '', ...lines] = text.split('\n');
  const names = header.split('\t');
  const wanted = columns.map((name) => ({ name, index: names.indexOf(name) }));
  const missing = wanted.filter(({ index }) => index < 0);
  if (missing.length > 0) {
    report(1, `no column named ${missing.map(({ name }) => name).join(', ')}`);
    return [];
  }
  const rows: FactRow<Column>[] = [];
  for (const [index, text] of lines.entries()) {
    if (text === '') continue;
    const line = index + 2;
    const cells = text.split('\t');
    if (cells.length !== names.length) {
      report(line, `${cells.length} columns where the header names ${names.length}`);
      continue;
    }
    const row = Object.fromEntries(wanted.map(({ name, index }) => [name, cells[index] ?? '']));
    rows.push({ ...(row as Record<Column, string>), line });
  }
  return rows;
}
