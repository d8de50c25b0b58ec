// Values that decide which rows there are, asked of the CPE: those that are not known, and those that may be others by now.
import { readValues } from '../../device/read-values.ts';
import { parentOf, rowNumberOf } from '../../path/concrete.ts';
import type { ViewAccess, ViewNews } from '../view.ts';
import type { Deciding } from './rows.ts';

/** By the CPE's names. */
type Values = ReadonlyMap<string, string>;

/** The very same map where nothing is new, so that the view need not be worked out anew. */
export async function learn(
  access: ViewAccess,
  deciding: readonly Deciding[],
  known: Values,
  { asked = [], written = new Map(), doubted = false }: ViewNews,
): Promise<Values> {
  const mayHaveMoved = (name: string): boolean => asked.some((object) => name.startsWith(object));
  const isWanted = ({ name, moves }: Deciding): boolean =>
    !known.has(name) || written.has(name) || (moves ? mayHaveMoved(name) : doubted);
  const wanted = deciding.filter(isWanted);
  if (wanted.length === 0 && deciding.length === known.size) return known;
  const now = await readInto(access, deciding, wanted, known);
  const others = inOtherRows(deciding, wanted, known, now);
  const values = others.length === 0 ? now : await readInto(access, deciding, others, now);
  const isSame = values.size === known.size && [...values].every(([name, value]) => known.get(name) === value);
  return isSame ? known : values;
}

async function readInto(
  access: ViewAccess,
  deciding: readonly Deciding[],
  wanted: readonly Deciding[],
  known: Values,
): Promise<Values> {
  const names = wanted.map(({ name }) => name);
  const read = names.length === 0 ? undefined : await readValues(access, names);
  const values = new Map<string, string>();
  for (const { name } of deciding) {
    // What could not be read is tried again the next time.
    const value = read?.values.get(name)?.Value ?? (read?.missing.has(name) === true ? '' : known.get(name));
    if (value !== undefined) values.set(name, value);
  }
  return values;
}

/** Where the CPE has put another row, the rest of what decides about it is that row's as well. */
function inOtherRows(
  deciding: readonly Deciding[],
  wanted: readonly Deciding[],
  before: Values,
  now: Values,
): readonly Deciding[] {
  const isAnother = ({ name, moves }: Deciding): boolean => {
    const value = before.get(name);
    return moves && value !== undefined && value !== now.get(name) && rowNumberOf(parentOf(name)) !== undefined;
  };
  const rows = new Set(wanted.filter(isAnother).map(({ name }) => parentOf(name)));
  if (rows.size === 0) return [];
  const asked = new Set(wanted);
  return deciding.filter((one) => !asked.has(one) && rows.has(parentOf(one.name)));
}
