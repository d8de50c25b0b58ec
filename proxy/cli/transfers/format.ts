// Transfers as the API describes them → lines. Pure.
import { fieldOf, textOf } from '../api.ts';
import { alignColumns, type Cell } from '../output/columns.ts';
import type { Paint } from '../output/paint.ts';
import { printable } from '../output/printable.ts';

const OPEN: ReadonlySet<string> = new Set(['waiting', 'asked', 'pending']);

function statePaint(state: string, paint: Paint): (text: string) => string {
  if (state === 'succeeded') return paint.green;
  return OPEN.has(state) ? paint.yellow : paint.red;
}

const stateCell = (transfer: unknown, paint: Paint): Cell => {
  const state = textOf(transfer, 'state');
  return { text: printable(state), paint: statePaint(state, paint) };
};
const ordered = (transfer: unknown, name: string): string => printable(textOf(fieldOf(transfer, 'order'), name));

/** Heading first. */
export function formatTransfers(transfers: readonly unknown[], paint: Paint): readonly string[] {
  const heading = ['transfer', 'kind', 'state', 'since', 'file type', 'url', 'detail'];
  const rows = transfers.map((transfer): (Cell | string)[] => [
    { text: printable(textOf(transfer, 'key')), paint: paint.bold },
    printable(textOf(transfer, 'kind')),
    stateCell(transfer, paint),
    textOf(transfer, 'createdAt'),
    ordered(transfer, 'FileType') || ordered(transfer, 'Operation'),
    ordered(transfer, 'URL') || '-',
    printable(textOf(transfer, 'detail')),
  ]);
  return alignColumns([heading.map((text) => ({ text, paint: paint.dim })), ...rows]);
}

const FIELDS = ['key', 'device', 'kind', 'state', 'detail'];
const TIMES = ['createdAt', 'askedAt', 'acceptedAt', 'endedAt', 'expiresAt', 'StartTime', 'CompleteTime'];

export function formatTransfer(transfer: unknown, paint: Paint): readonly string[] {
  const rows = [...FIELDS, ...TIMES].flatMap((name): (Cell | string)[][] => {
    const text = printable(textOf(transfer, name));
    if (text === '' || (name === 'expiresAt' && textOf(transfer, 'endedAt') !== '')) return [];
    return [[{ text: name, paint: paint.dim }, name === 'state' ? stateCell(transfer, paint) : text]];
  });
  return alignColumns(rows);
}
