// The columns of tr181-usp.tsv and tr181-cwmp.tsv that the model file is made from, and the grammar of their paths.
import { readFactTable, type FactRow, type Report } from './facts-table.ts';

const COLUMNS = [
  'path',
  'kind',
  'type',
  'access',
  'uniqueKeys',
  'numEntriesParam',
  'enum',
  'constraint',
  'ref',
  'list',
  'mandatory',
  'since',
  'statusHistory',
  'default',
  'flags',
] as const;

export type ModelFact = FactRow<(typeof COLUMNS)[number]>;

export function readModelFacts(text: string, report: Report): readonly ModelFact[] {
  return readFactTable(text, COLUMNS, report);
}

/** `Device.X.Reset()` or `Device.X.Boot!` of a path that lies in a command or event; undefined for all others. */
export function operationOf(path: string): string | undefined {
  return /^[^(!]*(?:\(\)|!)(?=\.)/.exec(path)?.[0];
}

/** The object a path stands in: `Device.WiFi.` for `Device.WiFi.Radio.{i}.`, '' for `Device.`. `{i}` is no level. */
export function parentOf(path: string): string {
  const bare = path.replace(/(\.\{i\})?\.$/, '');
  return bare.slice(0, bare.lastIndexOf('.') + 1);
}

/** `Reset()` of `Device.X.Reset()`. */
export function lastName(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}
