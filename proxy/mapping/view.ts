// The model of one CPE as USP sees it: Device:2, whatever root, names and spellings the CPE itself has. The agent learns
// paths, types, access, keys, commands and instances from here only. Pure: what to ask the CPE, and what its answer means.
import type { ReadAccess, ReadFailure, ReadValues } from '../device/read-values.ts';
import type { InstanceTree } from '../device/instance-tree/tree.ts';
import type { NamedValue } from '../device/ledger.ts';
import type { SupportedModel } from './supported.ts';

export interface CpeSetting {
  readonly Name: string;
  readonly Value: string;
  /** xsi:type, without prefix. */
  readonly Type: string;
  /** Stands behind all with a lower one, where the CPE takes them one after the other; default 0. */
  readonly order?: number;
}

interface Refused {
  readonly code: number;
  readonly why: string;
}

export type ViewValue =
  | { readonly kind: 'value'; readonly value: string }
  /** The CPE does not have what the value is made of. */
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly failure: ReadFailure };

export type ViewSettings =
  | {
      readonly ok: true;
      readonly settings: readonly CpeSetting[];
      /** The value as the view would show it afterwards. */
      readonly shown: string;
    }
  | ({ readonly ok: false } & Refused);

/** What is written to run a command that is a parameter in CWMP. */
export type TriggerSettings =
  { readonly ok: true; readonly settings: readonly CpeSetting[] } | ({ readonly ok: false } & Refused);

export type RowCreation =
  | ({ readonly kind: 'refused' } & Refused)
  | {
      readonly kind: 'object';
      /** The CPE's table: AddObject is called on it. */
      readonly object: string;
      /** As of the view, for a parameter of the row that is to be: names lie below row 0 of `object`. */
      settingsFor(param: string, value: string, known: KnownValues): ViewSettings;
      readBefore(param: string): readonly string[];
    }
  /** The CPE has it already, unused: `settings` make it a row of the view. Written with the values that it is given. */
  | {
      readonly kind: 'claim';
      /** Of the view: what it will be. The view's `settingsFor` takes its parameters before it is there. */
      readonly row: string;
      readonly settings: readonly CpeSetting[];
    };

export type RowRemoval =
  | ({ readonly kind: 'refused' } & Refused)
  /** DeleteObject is called on it. */
  | { readonly kind: 'object'; readonly object: string }
  | { readonly kind: 'set'; readonly settings: readonly CpeSetting[] };

export type DiagnosticSettings =
  | {
      readonly ok: true;
      readonly settings: readonly CpeSetting[];
      /** How long it may take, in milliseconds; undefined where nobody knows. */
      readonly lastsMs: number | undefined;
    }
  | { readonly ok: false; readonly code: number; readonly why: string };

/** A test of the CPE that is a command in USP. */
export interface CpeDiagnostic {
  /** The object of the CPE that has inputs, state and results. */
  readonly object: string;
  /** The parameter that begins it, and tells whether it has ended. */
  readonly state: string;
  /** What is written to cancel it. */
  readonly cancel: CpeSetting;
  /** Inputs of the command, as the CPE would have them. */
  readonly inputs: readonly string[];
  /** The argument that says which of several objects is tested; without it, the first is meant. */
  readonly chosenBy?: string;
  /** What is written in one SetParameterValues to begin it: every input, so that nothing of an earlier test stays. */
  settingsFor(args: ReadonlyMap<string, string>, tree: InstanceTree, types: WireTypes): DiagnosticSettings;
  /** Output arguments, Status among them, from all that the CPE says of the object. */
  outputsOf(values: readonly NamedValue[]): ReadonlyMap<string, string>;
}

/** How one parameter of the view is read. */
export interface Reading {
  /** CPE parameters that it is made of. */
  readonly cpeNames: readonly string[];
  /** Only a secured role is shown its value (R-GET.4). */
  readonly secured: boolean;
  /** The table of the view whose rows it counts, where that is the view's doing: no parameter of the CPE says it. */
  readonly counts?: string | undefined;
  /** Its value as USP shows it, from what the CPE answered. */
  valueOf(read: ReadValues): ViewValue;
}

/** A parameter of the CPE that counts rows of one of its tables. */
export interface Counter {
  readonly name: string;
  /** Of the CPE. */
  readonly table: string;
}

/** What of the view's model is there. */
export interface ViewTree extends InstanceTree {
  /** The readings of an object's parameters, by their names; worked out once, for every device that has this tree. */
  readings(object: string): ReadonlyMap<string, Reading>;
}

/** The xsi:type that a CPE was seen to give a parameter; undefined when it never was. */
export type WireTypes = (cpeName: string) => string | undefined;

/** What is known of the CPE's parameters before they are written. */
export interface KnownValues {
  readonly type: WireTypes;
  /** Of what `readBefore` names, if the CPE has it. */
  value(cpeName: string): string | undefined;
}

/** What fitting a view takes of the CPE whose turn it is. */
export interface ViewAccess extends ReadAccess {
  /** What the view remembers of this device, in its own words; '' for nothing. */
  readonly remembered: string;
  remember(text: string): Promise<void>;
  /** What was read before that is read anew: the CPE has booted since, or all that it has was asked for. Default 0. */
  readonly since?: number;
}

/** What has happened at the CPE since the view was last fitted. */
export interface ViewNews {
  /** Objects of the CPE below which it was asked just now: rows there may be others, under the same numbers. */
  readonly asked?: readonly string[];
  /** CPE parameters that were written, and their texts. */
  readonly written?: ReadonlyMap<string, string>;
  /** The CPE was found to say something else than the view was worked out from. */
  readonly doubted?: boolean;
}

export interface View {
  /** The same for all devices of a model: what is worked out from it is kept by it. */
  readonly supported: SupportedModel;
  /** urn:broadband-forum-org:tr-181-2-N-0 */
  readonly dataModelUri: string;
  /**
   * The view of this very device, from what its CPE has and says: numbers of rows are given here, and remembered. Where
   * nothing is new it asks and stores nothing. It is to be called wherever there is a newer tree, or news.
   */
  fit(access: ViewAccess, tree: InstanceTree, news?: ViewNews): Promise<View>;
  /**
   * From what of the CPE's own model is there; the same for the same tree. Of a table `writable` says that rows can be
   * created, of a row that it can be removed.
   */
  instances(tree: InstanceTree): ViewTree;
  /** Below which objects of the CPE the answer lies to "what is below this object of the view". */
  cpeObjects(path: string): readonly string[];
  /** What of a reading says otherwise than the view was worked out from: to be fitted anew, with this news. */
  doubts(read: ReadValues): ViewNews | undefined;
  /** Of a parameter by its concrete path, be it there or not. */
  reading(path: string): Reading;
  /** Parameters of the view that a CPE parameter is part of. */
  viewNames(cpeName: string): readonly string[];
  /** CPE parameters whose values `settingsFor` must know. */
  readBefore(path: string): readonly string[];
  /** What to write for a value that a Controller gives. */
  settingsFor(path: string, value: string, known: KnownValues): ViewSettings;
  /** False when the standard does not allow the value: only a hint at which of several settings a CPE meant. */
  allows(path: string, value: string): boolean;
  /** How a row of the table comes to be; `given`: the values it is to have, by name. References are paths without search. */
  creation(table: string, given: ReadonlyMap<string, string>): RowCreation;
  removal(row: string): RowRemoval;
  /** The row of the table that the CPE's row is, in the view that was fitted after the CPE made it. */
  rowOf(table: string, cpeRow: string): string | undefined;
  /** CPE parameters that count rows of the table; none where nothing does. The CPE need not have them. */
  counters(table: string): readonly Counter[];
  /**
   * What is written to run a command that is a parameter in CWMP; undefined for every other command. An argument that is
   * no value of its type is refused with 7027.
   */
  triggerFor(command: string, args: ReadonlyMap<string, string>, types: WireTypes): TriggerSettings | undefined;
  /** The test that a command is, by its concrete path; undefined for every other command. `args`: for `chosenBy`. */
  diagnosticFor(command: string, args?: ReadonlyMap<string, string>): CpeDiagnostic | undefined;
}
