// A dump as the commands take it: a file, read and understood.
import { readFile } from 'node:fs/promises';
import { type Dump, readDump } from '../../mapping/dump/read.ts';
import { misused, type Result, success } from '../outcome.ts';
import { printable } from '../output/printable.ts';

const OWN_ROOT = 'InternetGatewayDevice.';

/** What help says of it. */
export const ABOUT_DUMPS =
  'A dump is what an ACS knows of one device: the JSON of GenieACS (GET /devices?query=…), or a CSV file with the columns\n' +
  'Parameter, Object, Writable, Value, Value type. It is read here, and goes nowhere.';

export async function dumpIn(path: string): Promise<Result<Dump>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return misused(`${printable(path)} cannot be read`);
  }
  const read = readDump(text);
  if (!read.ok) return misused(`${printable(path)} is no dump: ${printable(read.why)}`);
  if (read.dump.tree.root === OWN_ROOT) return success(read.dump);
  return misused(
    `${printable(path)} has the root ${read.dump.tree.root}, which needs no rules; they are for ${OWN_ROOT}`,
  );
}
