// The model of one CPE as USP sees it: Device:2, whatever root, names and spellings the CPE itself has. The agent learns
// paths, types, access, keys, commands and instances from here only. Pure: what to ask the CPE, and what its answer means.
import type { ReadFailure, ReadValues } from '../device/read-values.ts';
import type { InstanceTree } from '../device/instance-tree/tree.ts';
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

/** The xsi:type that a CPE was seen to give a parameter; undefined when it never was. */
export type WireTypes = (cpeName: string) => string | undefined;

export interface View {
  readonly supported: SupportedModel;
  /** urn:broadband-forum-org:tr-181-2-N-0 */
  readonly dataModelUri: string;
  /** What of the view's model is there, from what of the CPE's own model is there. */
  instances(tree: InstanceTree): InstanceTree;
  /** Below which object of the CPE the answer lies to "what is below this object of the view". */
  cpeObject(path: string): string | undefined;
  /** CPE parameters that a parameter of the view is made of. */
  cpeNames(path: string): readonly string[];
  /** Parameters of the view that a CPE parameter is part of. */
  viewNames(cpeName: string): readonly string[];
  /** The value as USP shows it. */
  valueOf(path: string, read: ReadValues): ViewValue;
  /** What to write for a value that a Controller gives. */
  settingsFor(path: string, value: string, types: WireTypes): ViewSettings;
  /** False when the standard does not allow the value: only a hint at which of several settings a CPE meant. */
  allows(path: string, value: string): boolean;
  /**
   * What is written to run a command that is a parameter in CWMP; undefined for every other command. An argument that is
   * no value of its type is refused with 7027.
   */
  triggerFor(command: string, args: ReadonlyMap<string, string>, types: WireTypes): ViewSettings | undefined;
}
