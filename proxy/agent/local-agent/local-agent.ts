// The LocalAgent of one device at one moment: reads, and changes that become one step in the store. Pure.
import { generalise, lastNameOf, parentOf, rowNumberOf } from '../../path/concrete.ts';
import { valueFromCpe, valueToCpe } from '../../path/values.ts';
import type { DeviceRecord } from '../../store/device-steps.ts';
import { codes } from '../../usp/codes.ts';
import {
  aliasFor,
  type LocalFacts,
  type LocalObject,
  type LocalParameter,
  type LocalProblem,
  type LocalSettings,
  type RowRequest,
} from './definition.ts';
import { LOCAL_OBJECTS } from './objects.ts';
import {
  addRow,
  changeRow,
  deleteRow,
  FIRST_DEVICE_ROW,
  type Rows,
  rowNumbers,
  rowValues,
  type RowValues,
} from './rows.ts';

const WRITE_ONCE = 'writeOnceReadOnly';

export class LocalAgent implements LocalFacts {
  readonly record: DeviceRecord;
  readonly now: number;
  readonly softwareVersion: string;
  readonly #settings: LocalSettings;
  readonly #template: Rows;
  #own: Rows;

  constructor(record: DeviceRecord, template: Rows, own: Rows, settings: LocalSettings, now: number) {
    this.record = record;
    this.now = now;
    this.softwareVersion = settings.softwareVersion;
    this.#settings = settings;
    this.#template = template;
    this.#own = own;
  }

  /** The device's own rows as they stand now, changes included. */
  get own(): Rows {
    return this.#own;
  }

  /** Back to rows that `own` gave earlier. */
  restore(own: Rows): void {
    this.#own = own;
  }

  rowsOf(table: string): readonly number[] {
    const { fixedRows } = LOCAL_OBJECTS.get(`${generalise(table)}{i}.`) ?? {};
    return fixedRows ?? rowNumbers(this.#template, this.#own, table);
  }

  valuesOf(table: string, number: number): RowValues | undefined {
    const { fixedRows } = LOCAL_OBJECTS.get(`${generalise(table)}{i}.`) ?? {};
    if (fixedRows !== undefined) return fixedRows.includes(number) ? {} : undefined;
    return rowValues(this.#template, this.#own, table, number);
  }

  /** Whether the object, a table or a single one or a row, is there. */
  has(path: string): boolean {
    const number = rowNumberOf(path);
    if (number !== undefined) return this.valuesOf(parentOf(path), number) !== undefined;
    const general = generalise(path);
    return LOCAL_OBJECTS.has(general) || LOCAL_OBJECTS.has(`${general}{i}.`);
  }

  /** The value of a parameter of an object that is there. */
  read(path: string): string | undefined {
    const object = parentOf(path);
    const parameter = parameterOf(LOCAL_OBJECTS.get(generalise(object)), lastNameOf(path));
    const row = this.#row(object);
    if (parameter === undefined || row === undefined) return undefined;
    const stored = row[parameter.name] ?? parameter.initial;
    return parameter.made === undefined ? stored : parameter.made(this, row, path);
  }

  /** The row of a path; an empty one for an object that is none. */
  #row(object: string): RowValues | undefined {
    const number = rowNumberOf(object);
    return number === undefined ? {} : this.valuesOf(parentOf(object), number);
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
    const problem = parameter.check?.(stored, this.#row(object) ?? {}, this);
    return problem === undefined ? { ok: true, value: stored } : { ok: false, ...problem };
  }

  /** Adds a row with values that `judge` let pass; what is wrong with the whole is a problem, and nothing is added. */
  add(
    table: string,
    values: RowValues,
    request: Omit<RowRequest, 'freeName'>,
  ): { readonly path: string } | LocalProblem {
    const definition = LOCAL_OBJECTS.get(`${generalise(table)}{i}.`);
    if (definition?.creatable !== true)
      return { code: codes.nonCreatableObject, why: 'rows of this table cannot be created' };
    const cap = definition.cap?.(this.#settings) ?? Number.POSITIVE_INFINITY;
    if (this.rowsOf(table).length >= cap)
      return { code: codes.resourcesExceeded, why: `the Agent has as many rows as it may (${cap})` };
    const number = this.#own.next[table] ?? FIRST_DEVICE_ROW;
    const freeName = (parameter: string): string => this.#freeName(table, parameter, aliasFor(number));
    const row = completeRow(definition, values, { ...request, freeName });
    const problem = definition.checkRow?.(row, undefined, this) ?? this.#duplicate(definition, table, row, undefined);
    if (problem !== undefined) return problem;
    this.#own = addRow(this.#own, FIRST_DEVICE_ROW, table, row).rows;
    return { path: `${table}${number}.` };
  }

  /** Changes a row with values that `judge` let pass. */
  change(object: string, values: RowValues): LocalProblem | undefined {
    const definition = LOCAL_OBJECTS.get(generalise(object));
    const table = parentOf(object);
    const number = Number(lastNameOf(object));
    const before = this.valuesOf(table, number);
    if (definition === undefined || before === undefined)
      return { code: codes.objectDoesNotExist, why: 'there is no such object' };
    const row = { ...before, ...values };
    const problem = definition.checkRow?.(row, before, this) ?? this.#duplicate(definition, table, row, number);
    if (problem === undefined) this.#own = changeRow(this.#own, table, number, values);
    return problem;
  }

  delete(object: string): LocalProblem | undefined {
    const definition = LOCAL_OBJECTS.get(generalise(object));
    if (definition?.deletable !== true)
      return { code: codes.deleteFailure, why: 'rows of this table cannot be deleted' };
    this.#own = deleteRow(this.#template, this.#own, parentOf(object), Number(lastNameOf(object)));
    return undefined;
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

const parameterOf = (object: LocalObject | undefined, name: string): LocalParameter | undefined =>
  object?.parameters.find((parameter) => parameter.name === name);

function completeRow(definition: LocalObject, values: RowValues, request: RowRequest): RowValues {
  const initial = Object.fromEntries(
    definition.parameters.filter(({ made }) => made === undefined).map(({ name, initial: value }) => [name, value]),
  );
  const row = { ...initial, Alias: request.freeName('Alias'), ...values };
  return definition.complete?.(row, request) ?? row;
}
