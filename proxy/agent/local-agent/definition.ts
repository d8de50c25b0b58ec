// How an object of Device.LocalAgent. is written down: one file an object, everything about a parameter in one place.
import { parentOf } from '../../path/concrete.ts';
import type { ValueType } from '../../path/value-type.ts';
import { codes } from '../../usp/codes.ts';
import type { DeviceRecord } from '../../store/device-steps.ts';
import type { DeviceKey } from '../../store/store.ts';
import type { SupportedCommand, SupportedEvent, SupportedParameter, UniqueKey } from '../../mapping/supported.ts';
import type { CommandFailure, OutputArgs } from '../../usp/messages/operate.ts';
import type { DeviceOperations } from '../operations/device-operations.ts';
import type { Problem } from '../problem.ts';
import type { RowValues } from './rows.ts';

/** What values of LocalAgent are made of besides their rows. */
export interface LocalFacts {
  readonly record: DeviceRecord;
  readonly now: number;
  readonly settings: LocalSettings;
  /** Instance numbers of a table, ascending. */
  rowsOf(table: string): readonly number[];
  valuesOf(table: string, number: number): RowValues | undefined;
  /** The value of a parameter of an object that is there. */
  read(path: string): string | undefined;
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

/** Values that an object has once a row is gone that they referred to. */
export interface Release {
  readonly object: string;
  readonly values: RowValues;
}

/** `values`: those that change, by name. */
export type GuardedChange =
  { readonly kind: 'add' | 'delete' } | { readonly kind: 'change'; readonly values: RowValues };

/** Rows that are not stored as rows: they are there anyway, or stand elsewhere in the device's record. */
export interface ComputedRows {
  readonly numbers: (facts: LocalFacts) => readonly number[];
  readonly values: (facts: LocalFacts, number: number) => RowValues | undefined;
}

export interface LocalCommand extends SupportedCommand {
  /** Changes rows of `request.local`, which are stored when the message succeeds. Arguments are those the command knows. */
  readonly run: (request: LocalOperation) => OutputArgs | CommandFailure | Promise<OutputArgs | CommandFailure>;
}
/** A command that a Controller gave for one object that is there. */
export interface LocalOperation {
  readonly local: LocalRows;
  /** Concrete path of the object. */
  readonly object: string;
  readonly args: ReadonlyMap<string, string>;
  readonly command_key: string;
  /** Endpoint ID of the Controller. */
  readonly from_id: string;
  readonly operations: DeviceOperations;
  readonly challenges: ChallengeEffects;
}

/** What becomes of Challenges: one was asked for, passed, failed, or is refused while its lockout lasts. */
export type ChallengeOutcome = 'asked' | 'passed' | 'failed' | 'locked' | 'unknown';
export interface ChallengeEffects {
  /** A name that nobody can guess. */
  newId(): string;
  /** To be counted and logged; never what was answered. `challenge`: path of its row, '' where it is not known. */
  told(outcome: ChallengeOutcome, controller: string, challenge: string): void;
}

/** The rows of one Agent, as commands may change them. */
export interface LocalRows extends LocalFacts {
  change(object: string, values: RowValues): LocalProblem | undefined;
  /** Adds a row, whoever may. */
  insert(
    table: string,
    values: RowValues,
    request: Omit<RowRequest, 'freeName' | 'others'>,
  ): { readonly path: string } | LocalProblem;
  remove(object: string): void;
}

export interface LocalObject {
  /** Generalised: `Device.LocalAgent.Subscription.{i}.` */
  readonly path: string;
  readonly creatable: boolean;
  readonly deletable: boolean;
  readonly uniqueKeys: readonly UniqueKey[];
  readonly parameters: readonly LocalParameter[];
  readonly events: readonly SupportedEvent[];
  readonly commands?: readonly LocalCommand[];
  /** Undefined for a table whose rows are stored. */
  readonly computed?: ComputedRows;
  /** Rows of other tables that go when this one goes. */
  readonly dependents?: (facts: LocalFacts, object: string) => readonly string[];
  /** What referred to a row that goes (strong references, R-ARC.12). */
  readonly releases?: (facts: LocalFacts, object: string) => readonly Release[];
  /** What the Agent fills in when a row is added, before checks. */
  readonly complete?: (values: RowValues, request: RowRequest) => RowValues;
  /** Over all parameters of a row, once they are known. */
  readonly checkRow?: (row: RowValues, before: RowValues | undefined, facts: LocalFacts) => LocalProblem | undefined;
  /** What may not be done to it, though the model lets it: `path` of the object, or of the table that gets a row. */
  readonly guard?: (facts: LocalFacts, path: string, change: GuardedChange) => LocalProblem | undefined;
  /** Rows one table may have. */
  readonly cap?: (settings: LocalSettings) => number;
}

/** Who adds a row, and when. */
export interface RowRequest {
  readonly controllerPath: string;
  readonly now: number;
  /** A value that no other row has in this parameter. */
  readonly freeName: (parameter: string) => string;
  /** Values of the rows that the table has already. */
  readonly others: readonly RowValues[];
}

export interface LocalSettings {
  readonly softwareVersion: string;
  readonly subscriptionCap: number;
  /** Where Controllers reach this Agent over WebSocket. */
  readonly webSocket: { readonly port: number; readonly encrypted: boolean; readonly keepAliveSeconds: number };
  /** Undefined: nobody dials. */
  readonly sessions?: Sessions;
  /** Undefined: nobody exchanges Records. */
  readonly contexts?: ContextFacts;
}

/** Session Contexts of Agents with Controllers on this node. */
export interface ContextFacts {
  readonly statusOf: (record: DeviceRecord, controller: string) => 'Up' | 'Negotiating' | 'Down';
  /** Tries to begin the one that nobody has answered yet. */
  readonly retriesOf: (record: DeviceRecord, controller: string) => number;
  /**
   * Begins one anew, or ends it where the Controller's row forbids it, soon after this returns: the answer may be on its way
   * in it. False where nothing can be sent to the Controller from here.
   */
  readonly reset: (record: DeviceRecord, controller: string) => boolean;
}

/** What Agents have dialled from this node. */
export interface Sessions {
  /** Tries since the connection was last open; undefined where this node does not dial. */
  readonly retriesOf: (key: DeviceKey, controller: string) => number | undefined;
  /** Makes the connection anew, soon after this returns: the answer may be on its way over it. False likewise. */
  readonly reset: (key: DeviceKey, controller: string) => boolean;
}

const STRING: ValueType = { base: 'string' };
export const BOOLEAN: ValueType = { base: 'boolean' };
export const UNSIGNED: ValueType = { base: 'unsignedInt' };
export const LIST: ValueType = { base: 'string', list: {} };
export const text = (maximum: number): ValueType => ({ base: 'string', lengths: [{ maximum }] });

interface Options {
  readonly access?: SupportedParameter['access'];
  readonly type?: ValueType;
  readonly initial?: string;
  readonly made?: NonNullable<LocalParameter['made']>;
  readonly check?: NonNullable<LocalParameter['check']>;
  readonly isReference?: boolean;
  readonly secured?: boolean;
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
    secured: options.secured ?? false,
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

/** The parameter that counts the rows of a table in the same object. */
export const numberOfEntries = (name: string, table: string): LocalParameter =>
  parameter(name, {
    type: UNSIGNED,
    made: (facts, _row, path) => String(facts.rowsOf(`${parentOf(path)}${table}.`).length),
  });

/** A check that a number is in a range; `maximum` undefined: as large as the type has it. */
export const within =
  (minimum: number, maximum?: number) =>
  (value: string): LocalProblem | undefined => {
    const number = Number(value);
    if (number >= minimum && (maximum === undefined || number <= maximum)) return undefined;
    const why = maximum === undefined ? `${minimum} or more` : `from ${minimum} to ${maximum}`;
    return { code: codes.invalidValue, why };
  };

export const oneOf =
  (values: readonly string[]) =>
  (value: string): LocalProblem | undefined =>
    values.includes(value) ? undefined : { code: codes.invalidValue, why: `one of ${values.join(', ')}` };
