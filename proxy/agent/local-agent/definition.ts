// How an object of Device.LocalAgent. is written down: one file an object, everything about a parameter in one place.
import type { ValueType } from '../../path/value-type.ts';
import { codes } from '../../usp/codes.ts';
import type { DeviceRecord } from '../../store/device-steps.ts';
import type { SupportedEvent, SupportedParameter, UniqueKey } from '../../mapping/supported.ts';
import type { Problem } from '../problem.ts';
import type { RowValues } from './rows.ts';

/** What values of LocalAgent are made of besides their rows. */
export interface LocalFacts {
  readonly record: DeviceRecord;
  readonly now: number;
  readonly softwareVersion: string;
  /** Instance numbers of a table, ascending. */
  rowsOf(table: string): readonly number[];
  valuesOf(table: string, number: number): RowValues | undefined;
}

/** Why a value cannot be. */
export interface LocalProblem extends Problem {
  /** The parameter to blame, where a whole row was looked at. */
  readonly parameter?: string;
}

export interface LocalParameter extends SupportedParameter {
  /** What a new row has when nobody says otherwise. */
  readonly initial: string;
  /** A value that is not stored but made. */
  readonly made?: (facts: LocalFacts, row: RowValues, path: string) => string;
  /** Beyond the type: whether this value may stand here. `now` is the row as it will be. */
  readonly check?: (value: string, now: RowValues, facts: LocalFacts) => LocalProblem | undefined;
}

export interface LocalObject {
  /** Generalised: `Device.LocalAgent.Subscription.{i}.` */
  readonly path: string;
  readonly creatable: boolean;
  readonly deletable: boolean;
  readonly uniqueKeys: readonly UniqueKey[];
  readonly parameters: readonly LocalParameter[];
  readonly events: readonly SupportedEvent[];
  /** Rows that are there without being stored; undefined for a table whose rows are stored. */
  readonly fixedRows?: readonly number[];
  /** What the Agent fills in when a row is added, before checks. */
  readonly complete?: (values: RowValues, request: RowRequest) => RowValues;
  /** Over all parameters of a row, once they are known. */
  readonly checkRow?: (row: RowValues, before: RowValues | undefined, facts: LocalFacts) => LocalProblem | undefined;
  /** Rows one Agent may have. */
  readonly cap?: (settings: LocalSettings) => number;
}

/** Who adds a row, and when. */
export interface RowRequest {
  readonly controllerPath: string;
  readonly now: number;
  /** A value that no other row has in this parameter. */
  readonly freeName: (parameter: string) => string;
}

export interface LocalSettings {
  readonly softwareVersion: string;
  readonly subscriptionCap: number;
}

const STRING: ValueType = { base: 'string' };

interface Options {
  readonly access?: SupportedParameter['access'];
  readonly type?: ValueType;
  readonly initial?: string;
  readonly made?: NonNullable<LocalParameter['made']>;
  readonly check?: NonNullable<LocalParameter['check']>;
  readonly isReference?: boolean;
  readonly valueChange?: SupportedParameter['valueChange'];
}

/** A parameter; without options a read-only string. */
export function parameter(name: string, options: Options = {}): LocalParameter {
  const { access = 'readOnly', type = STRING, initial = '', made, check } = options;
  return {
    name,
    access,
    type,
    initial,
    valueChange: options.valueChange ?? 'ALLOWED',
    secured: false,
    isReference: options.isReference ?? false,
    ...(made === undefined ? {} : { made }),
    ...(check === undefined ? {} : { check }),
  };
}

/** TR-106 _AliasUSP, for rows of LocalAgent and of the CPE alike. */
export const aliasProblem = (value: string): Problem | undefined =>
  /^[A-Za-z].{0,63}$/su.test(value)
    ? undefined
    : { code: codes.invalidValue, why: 'an Alias has up to 64 characters and starts with a letter' };

export const ALIAS = parameter('Alias', { access: 'writeOnceReadOnly', check: aliasProblem });
/** What the Agent itself calls a row (TR-106 _AliasUSP). */
export const aliasFor = (number: number): string => `cpe-${number}`;

/** The parameter that counts the rows of a table. */
export const numberOfEntries = (name: string, table: string): LocalParameter =>
  parameter(name, { type: { base: 'unsignedInt' }, made: (facts) => String(facts.rowsOf(table).length) });
