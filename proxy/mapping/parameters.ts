// Reading and writing parameters of the view on a CPE whose turn it is.
import type { Answer, CpeAccess } from '../device/access.ts';
import type { NamedValue } from '../device/ledger.ts';
import { readValues } from '../device/read-values.ts';
import type { CpeSetting, View, ViewValue } from './view.ts';

/** Values of parameters of the view by their paths. */
export async function readParameters(
  view: View,
  access: CpeAccess,
  paths: readonly string[],
): Promise<ReadonlyMap<string, ViewValue>> {
  const names = new Set<string>();
  for (const path of paths) for (const name of view.cpeNames(path)) names.add(name);
  const read = await readValues(access, [...names]);
  const values = new Map<string, ViewValue>();
  for (const path of paths) values.set(path, view.valueOf(path, read));
  return values;
}

/** One SetParameterValues, journalled with the values as they were. `before` may lack what could not be read. */
export function writeParameters(
  access: CpeAccess,
  settings: readonly CpeSetting[],
  before: readonly NamedValue[],
): Promise<Answer<'SetParameterValues'>> {
  return access.change({
    method: 'SetParameterValues',
    request: (ParameterKey) => ({ ParameterList: settings, ParameterKey }),
    snapshot: { kind: 'values', before, set: settings.map(({ Name, Value }): NamedValue => [Name, Value]) },
  });
}
