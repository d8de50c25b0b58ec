// Tests of a CPE that are commands in USP: which parameters hold them, what is written to begin one, and what its results
// are as output arguments (facts: cwmp-usp-translation §7). Data: mappings/tr181. Pure.
import { hasParameter, type InstanceTree } from '../device/instance-tree/tree.ts';
import type { NamedValue } from '../device/ledger.ts';
import { generalise, instanceNumbersOf, instantiate, lastNameOf, parentOf, rowNumberOf } from '../path/concrete.ts';
import { valueFromCpe, valueToCpe } from '../path/values.ts';
import type { CwmpDifference, DiagnosticDefaults, StandardCommand, StandardModel } from './standard-model.ts';
import { typeOfStandard, xsiOf } from './value-type.ts';
import type { CpeDiagnostic, CpeSetting, DiagnosticSettings, WireTypes } from './view.ts';

const REQUESTED = 'Requested';
const CANCELED = 'Canceled';
const INVALID = 7027;
const NOT_POSSIBLE = 7004;
const refused = (code: number, why: string): DiagnosticSettings => ({ ok: false, code, why });

interface Place {
  readonly general: string;
  readonly command: StandardCommand;
  readonly object: string;
  readonly state: string;
}

export class Tr181Diagnostics {
  readonly #standard: StandardModel;
  readonly #difference: CwmpDifference;
  readonly #defaults: DiagnosticDefaults;

  constructor(standard: StandardModel, difference: CwmpDifference, defaults: DiagnosticDefaults) {
    this.#standard = standard;
    this.#difference = difference;
    this.#defaults = defaults;
  }

  /** The test that a concrete command path is; undefined for every other command. */
  find(path: string): CpeDiagnostic | undefined {
    const place = this.#placeOf(path);
    if (place === undefined) return undefined;
    const { object, state, command } = place;
    return {
      object,
      state,
      cancel: { Name: state, Value: CANCELED, Type: 'string' },
      inputs: command.inputs.map(({ name }) => object + name),
      settingsFor: (args, tree, types) => this.#settings(place, isAloneIn(tree, path, object), args, tree, types),
      outputsOf: (values) => outputs(place, values),
    };
  }

  #placeOf(path: string): Place | undefined {
    const general = generalise(path);
    const command = this.#standard.command(general);
    const singleton = this.#difference.singletonOf(general);
    if (command?.type !== 'ASYNC' || singleton === undefined) return undefined;
    // The one test that all radios share has no instance number in CWMP.
    const numbers = singleton.object.includes('{i}') ? instanceNumbersOf(path) : [];
    const object = instantiate(singleton.object, numbers);
    if (object === undefined) return undefined;
    return { general, command, object, state: object + lastNameOf(singleton.stateParameter) };
  }

  #settings(
    { general, command, object, state }: Place,
    isAlone: boolean,
    given: ReadonlyMap<string, string>,
    tree: InstanceTree,
    types: WireTypes,
  ): DiagnosticSettings {
    if (!isAlone) return refused(NOT_POSSIBLE, 'the device has one test for several rows, and cannot be told which');
    if (!hasParameter(tree, state)) return refused(NOT_POSSIBLE, 'the device does not have this test');
    const need = this.#defaults.needOf(general);
    if (need !== undefined && !given.has(need.argument) && Number(given.get(need.unless) ?? 0) === 0)
      return refused(INVALID, `${need.argument} is missing, or ${need.unless}`);
    const settings: CpeSetting[] = [];
    const args = new Map<string, string>();
    for (const input of command.inputs) {
      const { name } = input;
      const said = given.get(name);
      const type = typeOfStandard(input);
      const value = said ?? this.#defaults.defaultOf(general, name) ?? input.defaultValue ?? neutral(type.base);
      if (value === undefined) continue;
      const Name = object + name;
      const writable = tree.objects.get(object)?.parameters.get(name) ?? false;
      if (!writable && said === undefined) continue;
      // A CPE that always does what is asked for anyway need not be told.
      if (!writable && said === (this.#defaults.defaultOf(general, name) ?? input.defaultValue)) continue;
      if (!writable) return refused(NOT_POSSIBLE, `the device has no ${name} for this test`);
      const converted = valueToCpe(type, type.equality === 'path' ? value.replace(/\.$/, '') : value);
      if (!converted.ok) return refused(INVALID, `${name}: ${converted.why}`);
      args.set(name, value);
      settings.push({ Name, Value: converted.value, Type: types(Name) ?? xsiOf(type) });
    }
    // Last, so that a CPE which takes one parameter after another has all of them when it begins (TR-106 A.3).
    settings.push({ Name: state, Value: REQUESTED, Type: 'string' });
    return { ok: true, settings, lastsMs: this.#defaults.lastsMs(general, args) };
  }
}

/** A test that stands in no row, of a command that does: only of the one row there is it is known whose it is. */
function isAloneIn(tree: InstanceTree, command: string, object: string): boolean {
  const row = parentOf(command);
  const number = rowNumberOf(row);
  if (number === undefined || instanceNumbersOf(object).length > 0) return true;
  return tree.objects.get(parentOf(row))?.instances.length === 1;
}

/** What an earlier test was given must not stay: text can be emptied, and of numbers nothing is known. */
const neutral = (base: string): string | undefined => (base === 'string' ? '' : undefined);

/** `Completed` is how models before TR-181 2.13 spell it; `Error` has a successor where the command does not know it. */
export function statusOf(state: string, command: StandardCommand): string {
  const known = command.outputs.find(({ name }) => name === 'Status')?.value.enumeration ?? [];
  const status = state === 'Completed' ? 'Complete' : state;
  return status === 'Error' && known.length > 0 && !known.includes('Error') ? 'Error_Other' : status;
}

/** Of a test that failed only its Status tells anything: results that an earlier one left are not its own. */
function outputs({ command, object, state }: Place, values: readonly NamedValue[]): ReadonlyMap<string, string> {
  const found = values.find(([name]) => name === state);
  const status = statusOf(found?.[1].trim() ?? '', command);
  const args = new Map([['Status', status]]);
  if (status !== 'Complete') return args;
  const rows = compactedRows(values.map(([name]) => name).filter((name) => name.startsWith(object)));
  const byName = new Map(command.outputs.map((output) => [output.name, output]));
  for (const [name, value] of values) {
    const relative = name.startsWith(object) ? name.slice(object.length) : '';
    const output = byName.get(generalise(relative));
    if (output === undefined || output.name === 'Status') continue;
    const shown = rows.get(parentOf(name)) ?? parentOf(name);
    args.set(shown.slice(object.length) + lastNameOf(name), valueFromCpe(typeOfStandard(output), value).value);
  }
  return args;
}

/** Objects with the numbers of their rows counted from 1 on in the table's order, by the path that the CPE has them at. */
function compactedRows(names: readonly string[]): ReadonlyMap<string, string> {
  const tables = new Map<string, number[]>();
  const objects = [...new Set(names.map(parentOf))];
  for (const object of objects) {
    const parts = object.split('.');
    for (const [index, part] of parts.entries()) {
      if (!/^\d+$/.test(part)) continue;
      const table = `${parts.slice(0, index).join('.')}.`;
      const known = tables.get(table) ?? [];
      if (!known.includes(Number(part)))
        tables.set(
          table,
          [...known, Number(part)].sort((one, other) => one - other),
        );
    }
  }
  return new Map(objects.map((object) => [object, compacted(object, tables)]));
}

function compacted(object: string, tables: ReadonlyMap<string, readonly number[]>): string {
  const parts = object.split('.');
  return parts
    .map((part, index) => {
      if (!/^\d+$/.test(part)) return part;
      const numbers = tables.get(`${parts.slice(0, index).join('.')}.`) ?? [];
      return String(numbers.indexOf(Number(part)) + 1);
    })
    .join('.');
}
