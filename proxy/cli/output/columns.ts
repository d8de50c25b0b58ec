// Rows of cells as aligned lines. Pure.

export interface Cell {
  readonly text: string;
  /** Applied after the text is padded: colours have no width. */
  readonly paint?: (text: string) => string;
}

const GAP = '  ';
const cellOf = (cell: Cell | string): Cell => (typeof cell === 'string' ? { text: cell } : cell);
/** Characters as a person counts them, nearly: code points. */
const widthOf = (text: string): number => Array.from(text).length;

/** The last cell of a row is not padded, and no line ends in a space. */
export function alignColumns(rows: readonly (readonly (Cell | string)[])[], gap = GAP): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.slice(0, -1).forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, widthOf(cellOf(cell).text));
    });
  }
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const { text, paint = (same) => same } = cellOf(cell);
        const missing = column === row.length - 1 ? 0 : (widths[column] ?? 0) - widthOf(text);
        return paint(text) + ' '.repeat(Math.max(0, missing));
      })
      .join(gap)
      .trimEnd(),
  );
}
