// The model of one CPE as USP sees it: Device:2, whatever root, names and spellings the CPE itself has. The agent learns
// paths, types, access, keys, commands and instances from here only. Pure: what to ask the CPE, and what its answer means.
import type { ReadFailure, ReadValues } from '../device/read-values.ts';
import type { InstanceTree } from '../device/instance-tree/tree.ts';
import type { NamedValue } from '../device/ledger.ts';
import type { SupportedModel } from './supported.ts';

export interface CpeSetting {
  readonly Name: string;
  readonly Value: string;
  /** xsi:type, without prefix. */
  readonly Type: string;
}

export type ViewValue =
  | { readonly kind: 'value'; readonly value: string }
  /** The CPE does not have what the value is made of. */
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly failure: ReadFailure };

export type ViewSettings =
  | { readonly ok: true; readonly settings: readonly CpeSetting[] }
  | { readonly ok: false; readonly code: number; readonly why: string };

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
  /** Its value as USP shows it, from what the CPE answered. */
  valueOf(read: ReadValues): ViewValue;
}

/** What of the view's model is there. */
export interface ViewTree extends InstanceTree {
  /** The readings of an object's parameters, by their names; worked out once, for every device that has this tree. */
  readings(object: string): ReadonlyMap<string, Reading>;
}

/** The xsi:type that a CPE was seen to give a parameter; undefined when it never was. */
export type WireTypes = (cpeName: string) => string | undefined;

export interface View {
  readonly supported: SupportedModel;
  /** urn:broadband-forum-org:tr-181-2-N-0 */
  readonly dataModelUri: string;
  /** From what of the CPE's own model is there; the same for the same tree. */
  instances(tree: InstanceTree): ViewTree;
  /** Below which object of the CPE the answer lies to "what is below this object of the view". */
  cpeObject(path: string): string | undefined;
  /** Of a parameter by its concrete path, be it there or not. */
  reading(path: string): Reading;
  /** Parameters of the view that a CPE parameter is part of. */
  viewNames(cpeName: string): readonly string[];
  /** What to write for a value that a Controller gives. */
  settingsFor(path: string, value: string, types: WireTypes): ViewSettings;
  /** False when the standard does not allow the value: only a hint at which of several settings a CPE meant. */
  allows(path: string, value: string): boolean;
  /**
   * What is written to run a command that is a parameter in CWMP; undefined for every other command. An argument that is
   * no value of its type is refused with 7027.
   */
  triggerFor(command: string, args: ReadonlyMap<string, string>, types: WireTypes): ViewSettings | undefined;
  /** The test that a command is, by its concrete path; undefined for every other command. */
  diagnosticFor(command: string): CpeDiagnostic | undefined;
}
