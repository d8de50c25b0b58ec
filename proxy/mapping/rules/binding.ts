// What one parameter of the view is made of on one CPE. Pure.
import { type InstanceTree } from '../../device/instance-tree/tree.ts';
import type { SupportedParameter } from '../supported.ts';
import type { Codec } from './codec.ts';
import type { CompiledParameter, CompiledRule, CompiledRules } from './compile.ts';
import type * as document from './document.ts';
import { keyedObjects, type KeyedObject } from './keys.ts';
import { fill, type Found, isThere, pathFrom } from './pattern.ts';

export interface SourceBinding {
  readonly kind: 'source';
  readonly parameter: CompiledParameter;
  readonly supported: SupportedParameter;
  readonly rule: Extract<CompiledRule, { kind: 'source' }>;
  readonly codec: Codec;
  /** The CPE's names in the order of the rule, object by object; undefined for what this CPE does not have. */
  readonly names: (string | undefined)[];
  /** Objects that the reference may mean by their keys, which stand among the names. */
  readonly keyed: readonly KeyedObject[];
  /** Of rows that are one here: the same parameters of the other members. */
  readonly others: (string | undefined)[];
  readonly writable: boolean;
  /** Names with the values by which the row is known: with others it is another row. */
  readonly guards: ReadonlyMap<string, string> | undefined;
}

export interface FixedBinding {
  readonly kind: 'fixed';
  /** References are filled in once every object is there. */
  value: string;
  /** Undefined for what no rule says: the number of rows. */
  readonly place: document.Place | undefined;
  /** The table whose rows it counts. */
  readonly counts?: string;
  readonly refer?: { readonly rule: Extract<document.ParameterRule, { kind: 'refer' }>; readonly found: Found };
}
export type Binding = SourceBinding | FixedBinding;

export interface Place {
  readonly found: Found;
  /** Without what its source gives it. */
  readonly itself: Found;
  readonly tree: InstanceTree;
  readonly guards: ReadonlyMap<string, string> | undefined;
}

/** By the first rule that this CPE has something for; undefined where there is none. */
export function bind(
  parameter: CompiledParameter,
  supported: SupportedParameter,
  place: Place,
  rules: CompiledRules,
): Binding | undefined {
  for (const rule of parameter.rules) {
    if (rule.kind === 'constant') return { kind: 'fixed', value: rule.value, place: parameter.place };
    if (rule.kind === 'refer') {
      return { kind: 'fixed', value: '', place: parameter.place, refer: { rule: rule.rule, found: place.itself } };
    }
    const binding = bindSource(parameter, supported, rule, place, rules);
    if (binding !== undefined) return binding;
  }
  return undefined;
}

function bindSource(
  parameter: CompiledParameter,
  supported: SupportedParameter,
  rule: SourceBinding['rule'],
  { found, tree, guards }: Place,
  rules: CompiledRules,
): SourceBinding | undefined {
  const names = rule.rule.from.map((path) => {
    const name = pathFrom(path, tree.root, found);
    return name !== undefined && isThere(tree, name) ? name : undefined;
  });
  if (names.slice(0, rule.rule.needed).includes(undefined)) return undefined;
  if (names.every((name) => name === undefined)) return undefined;
  const { as } = rule.rule;
  // An argument may have names of the pattern: which item, which object.
  const argument = as?.argument.includes('{') === true ? fill(as.argument, found.captures) : undefined;
  const codec =
    as === undefined || argument === undefined || rule.references !== undefined
      ? rule.codec
      : rules.codecFor({ name: as.name, argument }, parameter.type, parameter.place);
  const canWrite = rule.references !== undefined || codec.write !== undefined;
  const writable =
    canWrite && rule.rule.write && supported.access === 'readWrite' && names.some((name) => isSettable(tree, name));
  const keyed = keyedObjects(rule.references?.keys ?? [], found, tree, names);
  return { kind: 'source', parameter, supported, rule, codec, names, keyed, others: [], writable, guards };
}

function isSettable(tree: InstanceTree, name: string | undefined): boolean {
  if (name === undefined) return false;
  const dot = name.lastIndexOf('.') + 1;
  return tree.objects.get(name.slice(0, dot))?.parameters.get(name.slice(dot)) ?? false;
}

export const isWritable = (binding: Binding): boolean => binding.kind === 'source' && binding.writable;
