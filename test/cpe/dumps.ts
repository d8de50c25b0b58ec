// The dumps under test/fixtures/, by name. Each is read once a process and shared by all CPEs that run it.
import { readFileSync } from 'node:fs';
import { largeTr181 } from '../fixtures/large-tr181.ts';
import { dumpOf, readDump, readTsv, type Dump, type DumpRow } from './dump.ts';

export const dumpNames = ['tiny-tr181', 'home-router-tr181', 'large-tr181', 'tiny-tr098', 'home-router-tr098'] as const;
export type DumpName = (typeof dumpNames)[number];

const isDumpName = (name: string): name is DumpName => (dumpNames as readonly string[]).includes(name);

const folder = new URL('./test/fixtures/dumps/', import.meta.resolve('#package'));
const rowsOf = (name: string): DumpRow[] => readTsv(readFileSync(new URL(`${name}.tsv`, folder), 'utf8'));

export const dumpRows = (name: DumpName): DumpRow[] =>
  name === 'large-tr181' ? largeTr181(rowsOf('home-router-tr181')) : rowsOf(name);

const loaded = new Map<string, Dump>();

/** One of our own dumps by name, or any dump file by its path. */
export function loadDump(nameOrPath: string): Dump {
  const known = loaded.get(nameOrPath);
  if (known !== undefined) return known;
  const dump = isDumpName(nameOrPath) ? dumpOf(dumpRows(nameOrPath)) : readDump(nameOrPath);
  loaded.set(nameOrPath, dump);
  return dump;
}
