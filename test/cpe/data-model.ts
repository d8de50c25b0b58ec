// One device's parameters: a shared dump, and what this device has changed of it. Two trees stand side by side:
// `applied` is what reads see, `committed` is that plus the changes answered with Status 1, which apply when the
// session has ended (TR-069 A.3.2.1). Changes name the paths that changed; what follows from that is not known here.
import {
  below,
  childrenOf,
  EMPTY_OBJECT,
  instancesOf,
  isInstanceName,
  isObjectPath,
  isTable,
  nameOf,
  objectAt,
  parameterAt,
  parentOf,
  replaceAt,
  segmentsOf,
  type Entry,
  type Node,
  type ObjectNode,
  type ParameterNode,
} from './tree.ts';
import { emptyValue } from './value-type.ts';

/** `later`: the change is committed now and applied by `applyCommitted`. */
export type When = 'now' | 'later';

export interface ParameterEntry {
  readonly path: string;
  readonly node: ParameterNode;
  /** As it reads now: computed, where the parameter is; empty when hidden. */
  readonly value: string;
}

export interface DataModel {
  readonly root: string;
  /** What the device knows itself, hidden values included; undefined when there is no such parameter. */
  peek(path: string): string | undefined;
  parameter(path: string): ParameterEntry | undefined;
  /** The parameters below a partial path, or the one of a full path; undefined when there is none such. */
  parameters(path: string): ParameterEntry[] | undefined;
  object(path: string): ObjectNode | undefined;
  /** For GetParameterNames: the object itself and all below it, or only its children. */
  entries(path: string, nextLevel: boolean): Entry[] | undefined;
  /** As `object` and `parameter`, in the tree that includes what is not applied yet. */
  committedObject(path: string): ObjectNode | undefined;
  committedParameter(path: string): ParameterNode | undefined;
  /** Writes canonical values; every path must be a known parameter. Returns the paths whose value is another now. */
  write(values: ReadonlyMap<string, string>, when: When): string[];
  /** Adds an instance to a table. Its number was never used before in that table. */
  addInstance(table: string, when: When): { readonly number: number; readonly changed: readonly string[] };
  removeInstance(path: string, when: When): string[];
  /** Makes a parameter answer with what `read` returns at that time. */
  compute(path: string, read: () => string): void;
  /** Applies what was committed for later; returns the paths whose value is another now. */
  applyCommitted(): string[];
  /** Back to the dump; instance numbers start anew, as in a device that has forgotten everything. */
  reset(): void;
}

/** `factory` is the dump's tree with the identity of this one device written into it. */
export function createDataModel(root: string, factory: ObjectNode): DataModel {
  let applied = factory;
  let committed = factory;
  const lastNumbers = new Map<string, number>();
  const computed = new Map<string, () => string>();

  const change = (when: When, edit: (tree: ObjectNode) => ObjectNode): string[] => {
    committed = edit(committed);
    if (when === 'later') return [];
    const before = applied;
    applied = edit(applied);
    return changedParameters(before, applied);
  };
  const entryOf = (path: string, node: ParameterNode): ParameterEntry => ({
    path,
    node,
    value: node.facets.hidden ? '' : (computed.get(path)?.() ?? node.value),
  });

  return {
    root,
    peek: (path) => computed.get(path)?.() ?? parameterAt(applied, path)?.value,
    parameter: (path) => {
      const node = parameterAt(applied, path);
      return node === undefined ? undefined : entryOf(path, node);
    },
    parameters: (path) => {
      if (!isObjectPath(path)) {
        const node = parameterAt(applied, path);
        return node === undefined ? undefined : [entryOf(path, node)];
      }
      const object = objectAt(applied, path);
      if (object === undefined) return undefined;
      const found: ParameterEntry[] = [];
      for (const entry of below(path, object)) {
        if (entry.node.kind === 'parameter') found.push(entryOf(entry.path, entry.node));
      }
      return found;
    },
    object: (path) => objectAt(applied, path),
    entries: (path, nextLevel) => {
      const object = objectAt(applied, path);
      if (object === undefined) return undefined;
      if (nextLevel) return [...childrenOf(path, object)];
      return path === '' ? [...below(path, object)] : [{ path, node: object }, ...below(path, object)];
    },
    committedObject: (path) => objectAt(committed, path),
    committedParameter: (path) => parameterAt(committed, path),
    write: (values, when) =>
      change(when, (tree) => [...values].reduce((edited, [path, value]) => withValue(edited, path, value), tree)),
    addInstance: (table, when) => {
      const present = objectAt(committed, table) ?? EMPTY_OBJECT;
      const number = Math.max(lastNumbers.get(table) ?? 0, ...instancesOf(present)) + 1;
      lastNumbers.set(table, number);
      return { number, changed: change(when, (tree) => withInstance(tree, table, number)) };
    },
    removeInstance: (path, when) => {
      const table = parentOf(path);
      const number = Number(nameOf(path));
      lastNumbers.set(
        table,
        Math.max(lastNumbers.get(table) ?? 0, number, ...instancesOf(objectAt(committed, table) ?? EMPTY_OBJECT)),
      );
      return change(when, (tree) => countInstances(replaceAt(tree, segmentsOf(path), undefined), table));
    },
    compute: (path, read) => void computed.set(path, read),
    applyCommitted: () => {
      const before = applied;
      applied = committed;
      return before === applied ? [] : changedParameters(before, applied);
    },
    reset: () => {
      applied = factory;
      committed = factory;
      lastNumbers.clear();
    },
  };
}

function withValue(tree: ObjectNode, path: string, value: string): ObjectNode {
  const node = parameterAt(tree, path);
  return node === undefined || node.value === value ? tree : replaceAt(tree, segmentsOf(path), { ...node, value });
}

function withInstance(tree: ObjectNode, table: string, number: number): ObjectNode {
  const object = objectAt(tree, table);
  if (object === undefined) return tree;
  const instance = named(templateOf(object), number);
  return countInstances(replaceAt(tree, [...segmentsOf(table), String(number)], instance), table);
}

/** The template of the table; else a sibling's shape with nothing in it, its own tables empty. */
function templateOf(table: ObjectNode): ObjectNode {
  if (table.template !== undefined) return table.template;
  const sibling = [...table.children.values()].find((node) => node.kind === 'object');
  return sibling === undefined ? { ...EMPTY_OBJECT, writable: true } : { ...emptied(sibling), writable: true };
}

function emptied(object: ObjectNode): ObjectNode {
  const children = new Map<string, Node>();
  for (const [name, node] of object.children) {
    if (node.kind === 'parameter') children.set(name, { ...node, value: emptyValue(node.type) });
    else if (!isInstanceName(name)) children.set(name, emptied(node));
  }
  const template = isTable(object) ? templateOf(object) : undefined;
  return { kind: 'object', writable: object.writable, children, ...(template !== undefined && { template }) };
}

/** TR-069 §A.2.2.2: an Alias that nobody chose is `cpe-` and something unique. */
function named(instance: ObjectNode, number: number): ObjectNode {
  const alias = instance.children.get('Alias');
  return alias?.kind === 'parameter' ? replaceAt(instance, ['Alias'], { ...alias, value: `cpe-${number}` }) : instance;
}

/** Sets the parameter that counts a table's instances, where there is one: by its facet, else by its name. */
function countInstances(tree: ObjectNode, table: string): ObjectNode {
  const parent = parentOf(table);
  const name = nameOf(table);
  const count = String(instancesOf(objectAt(tree, table) ?? EMPTY_OBJECT).length);
  for (const [sibling, node] of objectAt(tree, parent)?.children ?? []) {
    const counts =
      node.kind === 'parameter' &&
      (node.facets.countOf === name || (node.facets.countOf === undefined && sibling === `${name}NumberOfEntries`));
    if (counts) return withValue(tree, `${parent}${sibling}`, count);
  }
  return tree;
}

/** Parameters that hold another value, appeared or are gone; shared branches are not looked into. */
function changedParameters(before: ObjectNode, after: ObjectNode, path = ''): string[] {
  const changed: string[] = [];
  for (const name of new Set([...before.children.keys(), ...after.children.keys()])) {
    const old = before.children.get(name);
    const now = after.children.get(name);
    if (old === now) continue;
    if (old?.kind === 'parameter' || now?.kind === 'parameter') {
      if (old?.kind !== 'parameter' || now?.kind !== 'parameter' || old.value !== now.value)
        changed.push(`${path}${name}`);
    } else changed.push(...changedParameters(old ?? EMPTY_OBJECT, now ?? EMPTY_OBJECT, `${path}${name}.`));
  }
  return changed;
}
