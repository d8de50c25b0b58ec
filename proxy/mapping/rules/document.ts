// What the files of mappings/tr098 say, once parsed: tables whose rows are numbered, objects of the view made of objects of
// the CPE, and commands. `mappings/README.md` has the format; whoever reads one of these types should know it.
//
// Patterns are paths of the CPE below its root, with a name for each instance number:
// `WANDevice.{wan}.WANConnectionDevice.{link}.WANIPConnection.{ip}.`. A path within a rule is relative to the object of the
// CPE that the rule is about; one that begins with `/` is below the root, and may use the same names.
//
// Several files may speak of the same thing, files with a higher rank first. Of a table: the sources of all are its sources,
// `together` falls back from one file's to the next one's, and `key`, `number`, `add` and `remove` are those of the first that
// has them. Of a parameter of the view: the first rule is taken that the device has the parameters for. Of a command and of an
// enum: the first.

export interface Place {
  readonly file: string;
  readonly line: number;
}

export interface RuleFile {
  readonly file: string;
  /** Only for devices that have one of these paths below their root (`*` is any number); empty: for every device. */
  readonly onlyWith: readonly string[];
  /** Files with a higher rank are put in front of others: their parameters are preferred. */
  readonly rank: number;
  readonly tables: readonly TableRule[];
  readonly objects: readonly ObjectRule[];
  readonly prefixes: readonly PrefixRule[];
  readonly commands: readonly CommandRule[];
  readonly enums: ReadonlyMap<string, EnumRule>;
}

/** Every one of a list of conditions must hold. */
export type Condition =
  /** The device has this object or parameter. */
  | { readonly kind: 'has'; readonly path: string; readonly negated: boolean }
  /** The value matches one of the patterns, of which `*` is any text. Of a parameter that is not there: it is ''. */
  | { readonly kind: 'value'; readonly path: string; readonly patterns: readonly string[]; readonly negated: boolean };

/** Where rows, or objects, come from: each object of the CPE that the pattern finds. */
export interface Source {
  readonly at: string;
  /** A parameter that is a list: one row for each item; `{item}` is its position, counted from 1. */
  readonly each: string | undefined;
  readonly when: readonly Condition[];
  /** Names that no pattern captures, and the number that each stands for: a connection is in the first LANDevice's bridge. */
  readonly given: ReadonlyMap<string, number>;
}

/** Rows of the view, which keep their numbers as long as they live: `{ssid}` in a path of the view. */
export interface TableRule {
  readonly name: string;
  readonly place: Place;
  readonly sources: readonly Source[];
  /** What a row is known by, besides the names of its pattern that are listed; default: all names of the pattern. */
  readonly key: { readonly names: readonly string[]; readonly parameters: readonly string[] } | undefined;
  /** Rows with equal values of it are one row. Its sources are its members; the first stands for them. */
  readonly together: ValueRule | undefined;
  /** Undefined: counted from 1. */
  readonly number:
    | {
        /** The number that the CPE gave the row under this name, where it is free. */
        readonly like: string | undefined;
        /** Numbers by the value of `together`. */
        readonly by: ReadonlyMap<string, number>;
        /** The first number of all others. */
        readonly from: number;
      }
    | undefined;
  /** What Add makes at the CPE; undefined: nobody adds rows. */
  readonly add: AddRule | undefined;
  readonly remove: RemoveRule | undefined;
}

export type AddRule =
  /**
   * AddObject on one of `objects` (patterns, without the new row's name). Names come from the row that `parent` refers to: the
   * first of the patterns is taken of which that row knows all names.
   */
  | {
      readonly kind: 'object';
      readonly objects: readonly string[];
      readonly parent:
        | {
            /** The parameter of the new row that says it, and the tables whose rows it may name. */
            readonly parameter: string;
            readonly tables: readonly string[];
            /** A parameter of the CPE that names the object where the Controller does not (from the root). */
            readonly otherwise: string | undefined;
          }
        | undefined;
    }
  /** A row that the CPE has, and that is not in use: the first of which `where` holds; then `set` is written. */
  | { readonly kind: 'claim'; readonly where: readonly Condition[]; readonly set: readonly FixedSetting[] };

/** `object`: DeleteObject, of rows that `add` could have made. */
export type RemoveRule = { readonly kind: 'object' } | { readonly kind: 'set'; readonly set: readonly FixedSetting[] };

export interface FixedSetting {
  readonly path: string;
  /** As CPEs want it: booleans as 1 and 0. */
  readonly value: string;
}

export interface CodecRule {
  /** `enum`, `scale`, `wifi.mode`: a name of the registry. */
  readonly name: string;
  /** What stands behind the name's colon; '' for nothing. */
  readonly argument: string;
}

/** A value made of parameters of the CPE. */
export interface ValueRule {
  readonly place: Place;
  readonly from: readonly string[];
  /** How many of `from`, counted from its front, the device must have; the others are undefined where it does not. */
  readonly needed: number;
  /** Undefined: by the two types. */
  readonly as: CodecRule | undefined;
  /** Where the device does not have what is needed, or the codec gives no value. */
  readonly otherwise: ValueRule | undefined;
}

/** What a key stands for, where a CPE names objects by keys of their table. */
export interface KeyRule {
  /** Objects of the CPE, a pattern from the root; names that the rule's own object has stand for its numbers. */
  readonly at: string;
  /** Their parameter with the key. */
  readonly is: string;
  /** Their parameter with the path of the object that is meant; undefined: they are meant themselves, or `stands`. */
  readonly names: string | undefined;
  /** The object that is meant, a pattern from the root. */
  readonly stands: string | undefined;
  /** The text for none. */
  readonly none: string;
}

export type ParameterRule =
  | {
      readonly kind: 'source';
      readonly place: Place;
      readonly from: readonly string[];
      /** As in ValueRule. What is written of one that the device does not have is left out. */
      readonly needed: number;
      readonly as: CodecRule | undefined;
      /** False: never written, whatever the CPE would allow. */
      readonly write: boolean;
      /** Of rows that are together: written to every member. */
      readonly everywhere: boolean;
      /** Made of this parameter of all objects that the rule finds for one of the view; the codec puts them together. */
      readonly all: boolean;
      /** Written after all with a lower one; default 0. */
      readonly order: number;
      /** Values that only a secured role is shown; the standard's own are secured without it. */
      readonly secret: boolean;
      /** Of a reference that is a key: tried one after the other. */
      readonly keys: readonly KeyRule[];
    }
  | { readonly kind: 'constant'; readonly place: Place; readonly value: string }
  /**
   * Path of a row of the view: the first of these (`Ethernet.Link.{link}.`) that is there for the same object of the CPE,
   * one above it or, with `all`, each one at or below it, as a list. `of`: for this object of the CPE (`/LANDevice.{lan}.`,
   * one above the rule's own) in place of the rule's own.
   */
  | {
      readonly kind: 'refer';
      readonly place: Place;
      readonly to: readonly string[];
      readonly of: string | undefined;
      readonly all: boolean;
    }
  /** The first of these that the device has the parameters for. */
  | { readonly kind: 'first'; readonly place: Place; readonly rules: readonly ParameterRule[] };

export interface ObjectRule {
  readonly place: Place;
  readonly sources: readonly Source[];
  /**
   * Below `Device.`: `{name}` is a table's row or, where no table has that name, the very number that the pattern has; a
   * number stands for itself.
   */
  readonly to: string;
  readonly parameters: ReadonlyMap<string, ParameterRule>;
}

/** All that is below an object of the CPE stands below an object of the view, with the same names, numbers and rights. */
export interface PrefixRule {
  readonly place: Place;
  readonly from: string;
  readonly to: string;
}

export interface EnumRule {
  /** What the CPE says → what the view shows; of several with one meaning the first is written. */
  readonly read: ReadonlyMap<string, string>;
  /** What the view is given → what the CPE is told, where it is not simply the reverse. */
  readonly write: ReadonlyMap<string, string>;
  /** Shown for what is not in the table; undefined: the CPE's own text. */
  readonly otherwise: string | undefined;
}

export interface InputRule {
  readonly to: string | undefined;
  readonly as: CodecRule | undefined;
  readonly defaultValue: string | undefined;
  /** The only values that the CPE can do, where it has no parameter for it. */
  readonly only: readonly string[];
  /** It names a row of this table of the view (`DSL.Channel`): the command is for the object in line with that row. */
  readonly names: string | undefined;
}

export type CommandRule =
  /** Begun by writing `Requested` to `state`, told by "8 DIAGNOSTICS COMPLETE". */
  | {
      readonly kind: 'test';
      readonly place: Place;
      /** `IP.Diagnostics.IPPing()`, below `Device.`. */
      readonly command: string;
      /** Object of the CPE, a pattern. */
      readonly at: string;
      readonly state: string;
      readonly inputs: ReadonlyMap<string, InputRule>;
      /** `SuccessCount`, `RouteHops.{hop}.Host` → its source, relative to `at`. */
      readonly outputs: ReadonlyMap<string, { readonly from: string; readonly as: CodecRule | undefined }>;
      /** Products of inputs and numbers, in milliseconds (as `lasts` in tr181/diagnostic-defaults.txt). */
      readonly lasts: readonly string[];
    }
  /** Done by writing parameters: fixed values, and what is given. */
  | {
      readonly kind: 'set';
      readonly place: Place;
      readonly command: string;
      readonly at: string;
      readonly set: readonly FixedSetting[];
      readonly inputs: ReadonlyMap<string, InputRule>;
    };
