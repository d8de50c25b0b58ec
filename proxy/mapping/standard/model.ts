// The shapes of the standard's model: what TR-181 says of each object, parameter, command and event of Device:2. Paths are
// generalised: `{i}` in place of every instance number, objects with their final dot.

/** As GetSupportedDM names the types of parameters (TR-369 ParamValueType). */
export type ValueType =
  | 'BASE_64'
  | 'BOOLEAN'
  | 'DATE_TIME'
  | 'DECIMAL'
  | 'HEX_BINARY'
  | 'INT'
  | 'LONG'
  | 'STRING'
  | 'UNSIGNED_INT'
  | 'UNSIGNED_LONG';

/** Both ends belong to it; an open end is an infinity. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** What the standard allows as a value. One object is shared by all values with the same rules. */
export interface ValueRules {
  /** The type on the wire: a comma-separated list is a string, whatever its items are. */
  readonly valueType: ValueType;
  /** The type of each item of a list, and of the value itself otherwise. */
  readonly itemType: ValueType;
  readonly list: boolean;
  /** The type's name in TR-106 or TR-181, where it has one: `StatsCounter64`, `MACAddress`. */
  readonly typeName: string | undefined;

  // Of the value, or of each item of a list. Any of several intervals will do.
  readonly enumeration: readonly string[] | undefined;
  readonly ranges: readonly Interval[] | undefined;
  /** Values are this far apart, counted from the lowest of the range. */
  readonly step: number | undefined;
  /** In characters; in bytes for BASE_64 and HEX_BINARY. */
  readonly lengths: readonly Interval[] | undefined;
  /** A regular expression for the whole value. */
  readonly pattern: string | undefined;

  // Of a list as a whole.
  readonly itemCounts: readonly Interval[] | undefined;
  /** In characters. */
  readonly listLengths: readonly Interval[] | undefined;
}

export type Reference =
  /** The value is the path of a row or a parameter. No targets: of any. A target ends in `{i}.` when rows are meant. */
  | {
      readonly kind: 'row' | 'parameter';
      readonly strength: 'strong' | 'weak';
      readonly targets: readonly string[];
    }
  /** The value is one of those that the parameter or argument `target` lists just now; or `nullValue`. */
  | { readonly kind: 'values'; readonly target: string; readonly nullValue: string | undefined };

/** Minor versions of Device:2. The model begins at 2.12: what is older has that as `since`. */
export interface Lifetime {
  readonly since: number;
  readonly deprecated: number | undefined;
  readonly obsoleted: number | undefined;
  readonly deleted: number | undefined;
}

/** GetSupportedDM reports writeOnceReadOnly as PARAM_READ_WRITE. */
export type ParameterAccess = 'readOnly' | 'readWrite' | 'writeOnceReadOnly';

export interface StandardParameter {
  readonly name: string;
  readonly access: ParameterAccess;
  readonly value: ValueRules;
  readonly reference: Reference | undefined;
  /** WILL_IGNORE where TR-181 allows a CPE to refuse active notification (`activeNotify="canDeny"`). */
  readonly valueChange: 'ALLOWED' | 'WILL_IGNORE';
  /** Read as "" without a secured role. */
  readonly secured: boolean;
  readonly life: Lifetime;
}

export interface StandardArgument {
  /** As GetSupportedDM writes it: `TimeWindow.{i}.Mode`. */
  readonly name: string;
  readonly value: ValueRules;
  readonly reference: Reference | undefined;
  readonly mandatory: boolean;
  readonly secured: boolean;
  /** What an omitted argument stands for (R-OPR.7); most defaults are prose in the standard and not known here. */
  readonly defaultValue: string | undefined;
  readonly life: Lifetime;
}

export interface StandardCommand {
  /** With its parentheses: `Reset()`. */
  readonly name: string;
  readonly type: 'SYNC' | 'ASYNC';
  readonly inputs: readonly StandardArgument[];
  readonly outputs: readonly StandardArgument[];
  readonly life: Lifetime;
}

export interface StandardEvent {
  /** With its exclamation mark: `Boot!`. */
  readonly name: string;
  readonly arguments: readonly StandardArgument[];
  readonly life: Lifetime;
}

export interface UniqueKey {
  /** False for keys that only name a row, like Alias: a row's purpose does not hang on them. */
  readonly functional: boolean;
  readonly names: readonly string[];
}

export interface StandardObject {
  readonly path: string;
  /** A readWrite table can be added to and deleted from; of a single object it says nothing. */
  readonly access: 'readOnly' | 'readWrite';
  readonly multi: boolean;
  readonly uniqueKeys: readonly UniqueKey[];
  /** The parameter, in the object above, that counts the rows. */
  readonly numEntriesParam: string | undefined;
  /** The parameter that switches a row on; of disabled rows the functional keys need not be unique. */
  readonly enableParam: string | undefined;
  readonly parameters: ReadonlyMap<string, StandardParameter>;
  readonly commands: ReadonlyMap<string, StandardCommand>;
  readonly events: ReadonlyMap<string, StandardEvent>;
  /** Paths of the objects directly below, in the standard's order. */
  readonly children: readonly string[];
  readonly life: Lifetime;
}

/** The outcome of reading a file of mappings/: lines are counted from 1. */
export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly line: number; readonly reason: string };
