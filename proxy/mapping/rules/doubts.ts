// Values that decide which rows there are, as the CPE tells them, held against what is remembered of them. They change by
// hand at the device as well, and whatever tells of it counts: an Inform, a poll, any reading. Pure.
import type { NamedValue } from '../../device/ledger.ts';
import type { ReadValues } from '../../device/read-values.ts';
import { parseRemembered } from './remember.ts';

/** CPEs spell a word now this way, now that; rules do not care either. */
const isOther = (one: string, other: string): boolean =>
  one !== other && one.trim().toLowerCase() !== other.trim().toLowerCase();

/** Those of the remembered values of which a reading says something else. */
export function contradicted(
  remembered: ReadonlyMap<string, string>,
  { values }: Pick<ReadValues, 'values'>,
): readonly string[] {
  const names: string[] = [];
  if (values.size < remembered.size) {
    for (const [name, { Value }] of values) if (isOther(remembered.get(name) ?? Value, Value)) names.push(name);
    return names;
  }
  for (const [name, value] of remembered) if (isOther(values.get(name)?.Value ?? value, value)) names.push(name);
  return names;
}

/** Whether values that the CPE has told are others than those that its view was worked out from; '' remembers nothing. */
export function tellsOthers(remembered: string, root: string, told: readonly NamedValue[]): boolean {
  // Nearly always none of them is among those that decide, and nothing is taken apart.
  const deciding = told.filter(([name]) => remembered.includes(`${JSON.stringify(name.slice(root.length))}:`));
  if (deciding.length === 0) return false;
  const { values } = parseRemembered(remembered, root);
  return deciding.some(([name, value]) => isOther(values.get(name) ?? value, value));
}
