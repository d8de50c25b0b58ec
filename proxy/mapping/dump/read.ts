// A dump in whatever form it was written. Pure.
import { readCsvDump } from './csv.ts';
import type { ReadDump } from './dump.ts';
import { readGenieacsDump } from './genieacs.ts';

export type { Dump, ReadDump } from './dump.ts';

export const readDump = (text: string): ReadDump =>
  /^\s*[[{]/.test(text) ? readGenieacsDump(text) : readCsvDump(text);
