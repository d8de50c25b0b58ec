// ParameterMap of Boot!: the values that a Controller's enabled BootParameter rows name (facts: cwmp-usp-translation §9.2).
// Those of LocalAgent and of the Agent's firmware banks, and of the CPE what its Inform brought, and what was read of it in
// the session of the boot (`boot-reads.ts`). Pure.
import type { NamedValue } from '../../device/ledger.ts';
import type { ReadValues } from '../../device/read-values.ts';
import type { View, ViewTree } from '../../mapping/view.ts';
import { generalise, lastNameOf, parentOf, rowOf } from '../../path/concrete.ts';
import type { Path, Segment } from '../../path/path.ts';
import { asObject } from '../../path/path.ts';
import { hasOurBanks } from '../firmware/bank-view.ts';
import { bankValues } from '../firmware/table.ts';
import type { LocalAgent } from '../local-agent/local-agent.ts';
import { LOCAL_SUPPORTED } from '../local-agent/objects.ts';
import { isLocal } from '../local-agent/root.ts';
import { mayRead, rightsOf } from '../permissions/rights.ts';
import { momentOf } from './local-changes.ts';
import { concerns, referenceOf } from './matching.ts';
import { parametersOf } from './shown-parameters.ts';
import { shownValue } from './tell-values.ts';

/** Names and patterns of a Controller's enabled BootParameters; `controller`: as below. */
export function bootParameters(local: LocalAgent, controller: string): readonly string[] {
  const table = `${controller}.BootParameter.`;
  return local.rowsOf(table).flatMap((number) => {
    const row = local.valuesOf(table, number);
    return row?.['Enable'] === 'true' ? [row['ParameterName'] ?? ''] : [];
  });
}

/** The view of a device; what of it is there, where that is at hand. */
export interface Shown {
  readonly view: View | undefined;
  readonly shown?: ViewTree | undefined;
}

/** As JSON; patterns that mean nothing are left out. `controller`: path of its row, without its last dot. */
export function parameterMap(
  local: LocalAgent,
  { view, shown }: Shown,
  controller: string,
  values: readonly NamedValue[],
): string {
  // What it may not read is not brought to it by a boot either.
  const rights = rightsOf(local, local.read(`${controller}.EndpointID`) ?? '');
  const map = new Map<string, string>();
  for (const name of bootParameters(local, controller)) {
    const path = referenceOf(name);
    if (path === undefined) continue;
    const found = isLocal(name)
      ? localValues(local, path)
      : [...constants(shown, path), ...informValues(local, view, name, values)];
    for (const [key, value] of found) if (mayRead(rights, parentOf(key), lastNameOf(key))) map.set(key, value);
  }
  return JSON.stringify(Object.fromEntries(map));
}

function localValues(local: LocalAgent, path: Path): readonly NamedValue[] {
  const parameter = path.leaf.kind === 'parameter-or-object' ? path.leaf.name : undefined;
  const whole = objectsOf(local, asObject(path).segments);
  const parts = parameter === undefined ? [] : objectsOf(local, path.segments);
  return [
    ...parts.map((object) => object + (parameter ?? '')),
    ...whole.flatMap((object) =>
      [...(LOCAL_SUPPORTED.get(generalise(object))?.parameters.keys() ?? [])].map((name) => object + name),
    ),
  ].flatMap((full) => {
    const value = local.read(full);
    return value === undefined ? [] : [[full, value] as const];
  });
}

/** Objects of LocalAgent that are there; a search finds none. */
const objectsOf = (local: LocalAgent, segments: readonly Segment[]): readonly string[] =>
  segments
    .reduce<readonly string[]>(
      (objects, segment) => {
        if (segment.kind === 'name') return objects.map((object) => `${object}${segment.name}.`);
        if (segment.kind === 'instance') return objects.map((object) => rowOf(object, segment.number));
        if (segment.kind !== 'wildcard') return [];
        return objects.flatMap((table) => local.rowsOf(table).map((number) => rowOf(table, number)));
      },
      [''],
    )
    .filter((object) => local.has(object));

/**
 * What the view shows without asking the CPE: constants and references. How many rows there are now nobody has looked at since
 * the boot.
 */
function constants(shown: ViewTree | undefined, path: Path): readonly NamedValue[] {
  if (shown === undefined) return [];
  return [...parametersOf(shown, path)].flatMap((parameter): readonly NamedValue[] => {
    const reading = shown.readings(parentOf(parameter)).get(lastNameOf(parameter));
    if (reading === undefined || reading.cpeNames.length > 0 || reading.counts !== undefined || reading.secured)
      return [];
    const value = reading.valueOf(NOTHING_READ);
    return value.kind === 'value' ? [[parameter, value.value]] : [];
  });
}
const NOTHING_READ: ReadValues = { values: new Map(), missing: new Set(), failed: new Map() };

function informValues(
  local: LocalAgent,
  view: View | undefined,
  reference: string,
  values: readonly NamedValue[],
): readonly NamedValue[] {
  if (view === undefined) return [];
  const wanted = { notifType: 'ValueChange', references: [reference] };
  const means = ([param_path, param_value]: NamedValue): boolean =>
    concerns(wanted, { kind: 'value_change', param_path, param_value }, [momentOf(local)]);
  const told = new Map(values);
  const ofCpe = values.flatMap(([name]) =>
    view.viewNames(name).flatMap((path): readonly NamedValue[] => {
      const reading = view.reading(path);
      // What is made of more than the Inform brought is not known.
      if (reading.secured || reading.cpeNames.some((one) => !told.has(one))) return [];
      const value = shownValue(view, path, (one) => told.get(one));
      return value === undefined ? [] : [[path, value]];
    }),
  );
  const { firmware, facts } = local.record;
  const ofBanks = hasOurBanks(view) ? [...bankValues(firmware, facts.SoftwareVersion)] : [];
  return [...ofCpe, ...ofBanks].filter(means);
}
