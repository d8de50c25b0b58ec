// A dump as a table: Parameter,Object,Writable,Value,Value type, as GenieACS's exports and simulators have it. Pure.
import { dumpOf, type DumpEntry, type ReadDump } from './dump.ts';

const COLUMNS = ['Parameter', 'Object', 'Writable', 'Value', 'Value type'] as const;

/** The fields of RFC 4180, line by line; a quoted one may hold commas, quotes and line ends. */
function recordsOf(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/gy;
  for (let match = field.exec(text); match !== null; match = field.exec(text)) {
    const [, quoted, plain = '', end] = match;
    record.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === ',') continue;
    records.push(record);
    record = [];
    if (field.lastIndex >= text.length) return records;
  }
  return records;
}

export function readCsvDump(text: string): ReadDump {
  const [header = [], ...records] = recordsOf(text.replace(/^\uFEFF/, ''));
  const at = COLUMNS.map((column) => header.indexOf(column));
  const missing = COLUMNS.filter((_, index) => at[index] === -1);
  if (missing.length > 0) return { ok: false, why: `the first line names no column ${missing.join(', ')}` };
  const entries = records.flatMap((record): DumpEntry[] => {
    const [name = '', object, writable, value = '', type = ''] = at.map((index) => record[index]);
    if (name === '') return [];
    const isObject = object === 'true';
    return [
      {
        name: isObject ? `${name}.` : name,
        writable: writable === 'true',
        value: isObject ? undefined : value,
        type,
      },
    ];
  });
  return dumpOf(entries);
}
