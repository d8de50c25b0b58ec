// Reading and writing parameters of the view on a CPE whose turn it is.
import type { Answer, CpeAccess } from '../device/access.ts';
import type { NamedValue } from '../device/ledger.ts';
import type { Quiet } from '../store/device-steps.ts';
import { type ReadValues, readValues } from '../device/read-values.ts';
import type { CpeSetting, Reading } from './view.ts';

/** Asks the CPE for all that these readings are made of, each parameter once. */
export function readAll(access: CpeAccess, readings: readonly Reading[]): Promise<ReadValues> {
  const names = new Set<string>();
  for (const { cpeNames } of readings) for (const name of cpeNames) names.add(name);
  return readValues(access, [...names]);
}

/** What has no order of its own stays where it is. */
const inOrder = (settings: readonly CpeSetting[]): readonly CpeSetting[] =>
  settings.toSorted((one, other) => (one.order ?? 0) - (other.order ?? 0));

/** Their texts by name; of a name that comes twice the last. */
export const textsOf = (settings: readonly CpeSetting[]): ReadonlyMap<string, string> =>
  new Map(settings.map(({ Name, Value }) => [Name, Value]));

/**
 * One SetParameterValues, in their order, journalled with the values as they were. `before` may lack what could not be read. `quiet`: the CPE
 * is not to be called after it.
 */
export function writeParameters(
  access: CpeAccess,
  settings: readonly CpeSetting[],
  before: readonly NamedValue[],
  quiet?: Quiet,
): Promise<Answer<'SetParameterValues'>> {
  return access.change({
    method: 'SetParameterValues',
    request: (ParameterKey) => ({
      ParameterList: inOrder(settings).map(({ Name, Value, Type }) => ({ Name, Value, Type })),
      ParameterKey,
    }),
    ...(quiet === undefined ? {} : { quiet }),
    snapshot: { kind: 'values', before, set: settings.map(({ Name, Value }): NamedValue => [Name, Value]) },
  });
}
