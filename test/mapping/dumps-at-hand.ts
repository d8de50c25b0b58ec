// Dumps with the root of TR-098 that the rules are held against: one of our own, and the samples of real devices where they
// are at hand.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DumpCpe } from '../../proxy/mapping/dump/cpe.ts';
import { dumpOf, type Dump, type DumpEntry, type ReadDump } from '../../proxy/mapping/dump/dump.ts';
import { readDump } from '../../proxy/mapping/dump/read.ts';
import { modelOfDump, viewOfDump } from '../../proxy/mapping/dump/view.ts';
import { tr098Book } from '../../proxy/mapping/views.ts';
import type { RuleBook } from '../../proxy/mapping/rules/translated-model.ts';
import type { View } from '../../proxy/mapping/view.ts';
import { dumpRows } from '../cpe/dumps.ts';
import { everythingOf } from './everything-tr098.ts';

const SAMPLES = resolve('../shared/facts/data-models/samples');

export interface NamedDump {
  readonly name: string;
  readonly dump: Dump;
}

function taken(read: ReadDump): Dump {
  if (!read.ok) throw new Error(read.why);
  return read.dump;
}

/** Rows through `{i}` say what new rows look like; they are nothing that the device has. */
const OWN: NamedDump = {
  name: 'home-router-tr098',
  dump: taken(
    dumpOf(
      dumpRows('home-router-tr098')
        .filter(({ path }) => !path.includes('{i}'))
        .map(({ path, type, writable, value }): DumpEntry => ({
          name: path,
          writable,
          value: type === 'object' ? undefined : value,
          type,
        })),
    ),
  ),
};

const SAMPLED: readonly NamedDump[] = (existsSync(SAMPLES) ? readdirSync(SAMPLES) : [])
  .filter((name) => /^tr098-.*\.csv$/.test(name))
  .map((name) => ({ name, dump: taken(readDump(readFileSync(join(SAMPLES, name), 'utf8'))) }));

export const BOOK: RuleBook = tr098Book();

const EVERYTHING: NamedDump = { name: 'everything', dump: everythingOf(BOOK.own) };

/** Real devices, and one of our own that might be. */
export const DEVICES: readonly NamedDump[] = [OWN, ...SAMPLED];
export const TR098_DUMPS: readonly NamedDump[] = [...DEVICES, EVERYTHING];

export interface Seen {
  readonly cpe: DumpCpe;
  readonly view: View;
}

const fresh = new Map<Dump, Promise<Seen>>();

async function look(dump: Dump, remembered: string): Promise<Seen> {
  const cpe = new DumpCpe(dump, remembered);
  return { cpe, view: await viewOfDump(cpe, modelOfDump(cpe, BOOK)) };
}

/** `remembered`: of an earlier view of the same device. */
export function seen(dump: Dump, remembered = ''): Promise<Seen> {
  if (remembered !== '') return look(dump, remembered);
  const known = fresh.get(dump) ?? look(dump, '');
  fresh.set(dump, known);
  return known;
}
