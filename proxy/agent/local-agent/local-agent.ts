// The LocalAgent of one device at one moment: reads, and changes that become one step in the store. Pure.
import { generalise, lastNameOf, parentOf, rowNumberOf, rowOf } from '../../path/concrete.ts';
import { valueFromCpe, valueToCpe } from '../../path/values.ts';
import type { DeviceRecord } from '../../store/device-steps.ts';
import { codes } from '../../usp/codes.ts';
import {
  aliasFor,
  type LocalObject,
  type LocalParameter,
  type LocalProblem,
  type LocalRows,
  type LocalSettings,
  type RowRequest,
} from './definition.ts';
import { LOCAL_OBJECTS } from './objects.ts';
import { addRow, changeRow, deleteRow, type Rows, rowNumbers, rowValues, type RowValues, SINGLE } from './rows.ts';

const WRITE_ONCE = 'writeOnceReadOnly';
const NO_OBJECT: LocalProblem = { code: codes.objectDoesNotExist, why: 'there is no such object' };

/** Whose rows are changed: a device's, over those of its tenant; or a tenant's, over those of the factory. */
export interface RowSpace {
  readonly under: Rows;
  readonly own: Rows;
  /** The number of its first row in a table. */
  readonly first: (table: string) => number;
}

export class LocalAgent implements LocalRows {
  readonly record: DeviceRecord;
  readonly now: number;
  readonly settings: LocalSettings;
  readonly #under: Rows;
  readonly #first: RowSpace['first'];
  #own: Rows;

  constructor(record: DeviceRecord, space: RowSpace, settings: LocalSettings, now: number) {
    this.record = record;
    this.now = now;
    this.settings = settings;
    this.#under = space.under;
    this.#first = space.first;
    this.#own = space.own;
  }

  /** The own rows as they stand now, changes included. */
  get own(): Rows {
    return this.#own;
  }

  /** The same Agent at the same moment, with these rows of its own. */
  withOwn(own: Rows): LocalAgent {
    return new LocalAgent(this.record, { under: this.#under, own, first: this.#first }, this.settings, this.now);
  }

  /** The rows below the own ones. */
  get under(): Rows {
    return this.#under;
  }

  /** Back to rows that `own` gave earlier. */
  restore(own: Rows): void {
    this.#own = own;
  }

  rowsOf(table: string): readonly number[] {
    const definition = definitionOfRows(table);
    if (definition === undefined || !this.has(parentOf(table))) return [];
    return definition.computed?.numbers(this) ?? rowNumbers(this.#under, this.#own, table, this.#first(table));
  }

  valuesOf(table: string, number: number): RowValues | undefined {
    const definition = definitionOfRows(table);
    if (definition === undefined || !this.has(parentOf(table))) return undefined;
    const { computed } = definition;
    const stored = rowValues(this.#under, this.#own, table, number, this.#first(table));
    if (computed === undefined) return stored;
    const values = computed.values(this, number);
    return values === undefined || stored === undefined ? values : { ...values, ...stored };
  }

  /** Whether the object, a table or a single one or a row, is there. */
  has(path: string): boolean {
    const number = rowNumberOf(path);
    if (number !== undefined) return this.valuesOf(parentOf(path), number) !== undefined;
    const general = generalise(path);
    if (!LOCAL_OBJECTS.has(general) && !LOCAL_OBJECTS.has(`${general}{i}.`)) return general === 'Device.';
    return this.has(parentOf(path));
  }

  /** The value of a parameter of an object that is there. */
  read(path: string): string | undefined {
    return this.reader(parentOf(path))?.(lastNameOf(path));
  }

  /** Values of an object's parameters by name; undefined where the object is not there. Good until a row changes. */
  reader(object: string): ((name: string) => string | undefined) | undefined {
    const definition = LOCAL_OBJECTS.get(generalise(object));
    const row = this.#valuesOfObject(object);
    if (definition === undefined || row === undefined) return undefined;
    return (name) => {
      const parameter = parameterOf(definition, name);
      if (parameter?.made !== undefined) return parameter.made(this, row, object + name);
      return parameter === undefined ? undefined : (row[name] ?? parameter.initial);
    };
  }

  /** What is stored of an object that is there. */
  #valuesOfObject(object: string): RowValues | undefined {
    const number = rowNumberOf(object);
    if (number !== undefined) return this.valuesOf(parentOf(object), number);
    return this.has(object) ? (rowValues(this.#under, this.#own, object, SINGLE) ?? {}) : undefined;
  }

  /** Whether a Controller may give a parameter this value, by name, access and type; the value as it is stored. */
  judge(
    object: string,
    name: string,
    value: string,
    creating: boolean,
  ): { readonly ok: true; readonly value: string } | ({ readonly ok: false } & LocalProblem) {
    const parameter = parameterOf(LOCAL_OBJECTS.get(generalise(object)), name);
    if (parameter === undefined)
      return { ok: false, code: codes.unsupportedParameter, why: 'the model has no such parameter' };
    const writable = parameter.access === 'readWrite' || (creating && parameter.access === WRITE_ONCE);
    if (!writable) return { ok: false, code: codes.nonWriteableParameter, why: 'the parameter cannot be written' };
    const typed = valueToCpe(parameter.type, value);
    if (!typed.ok) return typed;
    const stored = valueFromCpe(parameter.type, typed.value).value;
    const problem = parameter.check?.(stored, this.#valuesOfObject(object) ?? {}, this);
    return problem === undefined ? { ok: true, value: stored } : { ok: false, ...problem };
  }

  /** Adds a row as a Controller may. */
  add(
    table: string,
    values: RowValues,
    request: Omit<RowRequest, 'freeName' | 'others'>,
  ): { readonly path: string } | LocalProblem {
    if (definitionOfRows(table)?.creatable !== true)
      return { code: codes.nonCreatableObject, why: 'rows of this table cannot be created' };
    return this.insert(table, values, request);
  }

  /**
   * Adds a row with values that `judge` let pass, by name, or by relative path where they are of a single object below it
   * (`WebSocket.Host`); what is wrong with the whole is a problem, and nothing is added.
   */
  insert(
    table: string,
    values: RowValues,
    request: Omit<RowRequest, 'freeName' | 'others'>,
  ): { readonly path: string } | LocalProblem {
    const definition = definitionOfRows(table);
    if (definition === undefined) return NO_OBJECT;
    const refused = definition.guard?.(this, table, { kind: 'add' });
    if (refused !== undefined) return refused;
    const cap = definition.cap?.(this.settings) ?? Number.POSITIVE_INFINITY;
    const numbers = this.rowsOf(table);
    if (numbers.length >= cap)
      return { code: codes.resourcesExceeded, why: `the table has as many rows as it may (${cap})` };
    const number = this.#own.next[table] ?? this.#first(table);
    const freeName = (parameter: string): string => this.#freeName(table, parameter, aliasFor(number));
    const others = numbers.map((one) => this.valuesOf(table, one) ?? {});
    const row = completeRow(definition, directly(values), { ...request, freeName, others });
    const problem = definition.checkRow?.(row, undefined, this) ?? this.#duplicate(definition, table, row, undefined);
    if (problem !== undefined) return problem;
    const before = this.#own;
    this.#own = addRow(this.#own, number, table, row).rows;
    const path = rowOf(table, number);
    for (const [below, given] of bySingle(values)) {
      const wrong = this.change(path + below, given);
      if (wrong === undefined) continue;
      this.#own = before;
      return { ...wrong, ...(wrong.parameter === undefined ? {} : { parameter: below + wrong.parameter }) };
    }
    return { path };
  }

  /** Changes a row, or a single object, with values that `judge` let pass. */
  change(object: string, values: RowValues): LocalProblem | undefined {
    const definition = LOCAL_OBJECTS.get(generalise(object));
    const before = this.#valuesOfObject(object);
    if (definition === undefined || before === undefined) return NO_OBJECT;
    const number = rowNumberOf(object);
    const row = { ...before, ...values };
    const problem =
      definition.guard?.(this, object, { kind: 'change', values }) ??
      definition.checkRow?.(row, before, this) ??
      (number === undefined ? undefined : this.#duplicate(definition, parentOf(object), row, number));
    if (problem !== undefined) return problem;
    const table = number === undefined ? object : parentOf(object);
    this.#own = changeRow(this.#own, table, number ?? SINGLE, values);
    return undefined;
  }

  /** Deletes a row as a Controller may. */
  delete(object: string): LocalProblem | undefined {
    const definition = LOCAL_OBJECTS.get(generalise(object));
    if (definition?.deletable !== true)
      return { code: codes.deleteFailure, why: 'rows of this table cannot be deleted' };
    const refused = definition.guard?.(this, object, { kind: 'delete' });
    if (refused !== undefined) return refused;
    this.remove(object);
    return undefined;
  }

  /** Deletes a row and what hangs on it, whoever may. */
  remove(object: string): void {
    const definition = LOCAL_OBJECTS.get(generalise(object));
    const dependents = definition?.dependents?.(this, object) ?? [];
    const releases = definition?.releases?.(this, object) ?? [];
    this.#own = deleteRow(this.#under, this.#own, parentOf(object), Number(lastNameOf(object)));
    for (const dependent of dependents) this.remove(dependent);
    for (const { object: referring, values } of releases) this.change(referring, values);
  }

  #duplicate(
    definition: LocalObject,
    table: string,
    row: RowValues,
    self: number | undefined,
  ): LocalProblem | undefined {
    for (const { names } of definition.uniqueKeys) {
      const taken = this.rowsOf(table).some((number) => {
        const other = number === self ? undefined : this.valuesOf(table, number);
        return other !== undefined && names.every((name) => other[name] === row[name]);
      });
      const parameter = names.at(-1) ?? '';
      if (taken) return { code: codes.duplicateKey, why: `another row has the same ${names.join(', ')}`, parameter };
    }
    return undefined;
  }

  /** The name, unless a row has it already: a Controller may have given it what we would have given. */
  #freeName(table: string, parameter: string, name: string): string {
    const taken = new Set(this.rowsOf(table).map((number) => this.valuesOf(table, number)?.[parameter]));
    let free = name;
    for (let more = 1; taken.has(free); more += 1) free = `${name}-${more}`;
    return free;
  }
}

const definitionOfRows = (table: string): LocalObject | undefined => LOCAL_OBJECTS.get(`${generalise(table)}{i}.`);

const parameterOf = (object: LocalObject | undefined, name: string): LocalParameter | undefined =>
  object?.parameters.find((parameter) => parameter.name === name);

/** Values of the row itself. */
const directly = (values: RowValues): RowValues =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !name.includes('.')));

/** Values of single objects below the row, by the relative path of each. */
function bySingle(values: RowValues): ReadonlyMap<string, RowValues> {
  const singles = new Map<string, RowValues>();
  for (const [name, value] of Object.entries(values)) {
    const end = name.lastIndexOf('.') + 1;
    if (end === 0) continue;
    singles.set(name.slice(0, end), { ...singles.get(name.slice(0, end)), [name.slice(end)]: value });
  }
  return singles;
}

function completeRow(definition: LocalObject, values: RowValues, request: RowRequest): RowValues {
  const initial = Object.fromEntries(
    definition.parameters.filter(({ made }) => made === undefined).map(({ name, initial: value }) => [name, value]),
  );
  const row = { ...initial, Alias: request.freeName('Alias'), ...values };
  return definition.complete?.(row, request) ?? row;
}
