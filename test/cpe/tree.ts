// A data model as an immutable tree. A change copies the objects on the way to it and shares the rest, so that ten
// thousand devices of one dump cost little more than what each has changed. Pure.
import type { Facets, ValueType } from './value-type.ts';

export interface ParameterNode {
  readonly kind: 'parameter';
  readonly type: ValueType;
  readonly writable: boolean;
  readonly value: string;
  readonly facets: Facets;
}

export interface ObjectNode {
  readonly kind: 'object';
  /** A table: AddObject is allowed. An instance: DeleteObject is allowed. */
  readonly writable: boolean;
  /** By name, in the order of the dump; instances by their number. */
  readonly children: ReadonlyMap<string, Node>;
  /** What a new instance of this table looks like (`{i}` in a dump). */
  readonly template?: ObjectNode;
}

export type Node = ParameterNode | ObjectNode;

export const NO_FACETS: Facets = {};
export const EMPTY_OBJECT: ObjectNode = { kind: 'object', writable: false, children: new Map() };

/** `Device.X.` and `Device.X` are both Device, X; the empty path is the top, whose only child is the root object. */
export const segmentsOf = (path: string): readonly string[] => path.split('.').filter((segment) => segment !== '');
export const isObjectPath = (path: string): boolean => path === '' || path.endsWith('.');
export const isInstanceName = (segment: string): boolean => /^\d+$/.test(segment);

export function nodeAt(top: ObjectNode, path: string): Node | undefined {
  let node: Node | undefined = top;
  for (const segment of segmentsOf(path)) {
    if (node?.kind !== 'object') return undefined;
    node = node.children.get(segment);
  }
  if (node === undefined) return undefined;
  return isObjectPath(path) === (node.kind === 'object') ? node : undefined;
}

export function objectAt(top: ObjectNode, path: string): ObjectNode | undefined {
  const node = nodeAt(top, path);
  return node?.kind === 'object' ? node : undefined;
}

export function parameterAt(top: ObjectNode, path: string): ParameterNode | undefined {
  const node = nodeAt(top, path);
  return node?.kind === 'parameter' ? node : undefined;
}

/** The tree with `node` at that place, objects on the way made where missing; with undefined, without it. */
export function replaceAt(object: ObjectNode, segments: readonly string[], node: Node | undefined): ObjectNode {
  const [name, ...rest] = segments;
  if (name === undefined) return node?.kind === 'object' ? node : object;
  const children = new Map(object.children);
  const child = children.get(name);
  const within = child?.kind === 'object' ? child : EMPTY_OBJECT;
  const replacement = rest.length === 0 ? node : replaceAt(within, rest, node);
  if (replacement === undefined) children.delete(name);
  else children.set(name, replacement);
  return { ...object, children };
}

export interface Entry {
  /** Objects end with a dot. */
  readonly path: string;
  readonly node: Node;
}

/** Everything below an object, depth first in the order of the dump; `path` is the object's own. */
export function* below(path: string, object: ObjectNode): Generator<Entry> {
  for (const entry of childrenOf(path, object)) {
    yield entry;
    if (entry.node.kind === 'object') yield* below(entry.path, entry.node);
  }
}

export function* childrenOf(path: string, object: ObjectNode): Generator<Entry> {
  for (const [name, node] of object.children) {
    yield { path: node.kind === 'object' ? `${path}${name}.` : `${path}${name}`, node };
  }
}

export const instancesOf = (table: ObjectNode): number[] =>
  [...table.children.keys()].filter(isInstanceName).map((name) => Number(name));

/** A table has instances, or could have: it has a template, or one can add to it and nothing is in it. */
export const isTable = (object: ObjectNode): boolean =>
  object.template !== undefined || instancesOf(object).length > 0 || (object.writable && object.children.size === 0);

/** The path one level up: of `Device.X.3.` it is `Device.X.`, of `Device.X.Y` it is `Device.X.`. */
export function parentOf(path: string): string {
  const segments = segmentsOf(path).slice(0, -1);
  return segments.length === 0 ? '' : `${segments.join('.')}.`;
}

export const nameOf = (path: string): string => segmentsOf(path).at(-1) ?? '';
