// The objects and parameters that one CPE has now, as its GetParameterNames answers told them. Immutable: a change makes
// a new tree that shares what did not change. Paths are the CPE's own, objects end in a dot.
import { lastNameOf, parentOf, rowNumberOf } from '../../path/concrete.ts';
import type { ParameterInfo } from '../../rpc/structs.ts';

/** Names and access of the parameters of an object, and whether AddObject or DeleteObject may be called on it. */
export interface Shape {
  readonly writable: boolean;
  /** Parameter name → writable, in the order the CPE lists them. */
  readonly parameters: ReadonlyMap<string, boolean>;
}

/** Same names and access, in whatever order. */
export function sameParameters(one: Shape['parameters'], other: Shape['parameters']): boolean {
  if (one === other) return true;
  if (one.size !== other.size) return false;
  for (const [name, writable] of one) if (other.get(name) !== writable) return false;
  return true;
}

export interface TreeObject extends Shape {
  readonly path: string;
  /** Names of child objects that are not instances: `['Stats', 'Security']`. */
  readonly objects: readonly string[];
  /** Instance numbers of a table, ascending. */
  readonly instances: readonly number[];
}

export interface InstanceTree {
  /** `Device.` or `InternetGatewayDevice.` */
  readonly root: string;
  /** By path; every ancestor of an object is there. */
  readonly objects: ReadonlyMap<string, TreeObject>;
}

interface Draft {
  writable: boolean;
  parameters: Map<string, boolean>;
  objects: string[];
  instances: number[];
}

const EMPTY_OBJECT: TreeObject = { path: '', writable: false, parameters: new Map(), objects: [], instances: [] };

class Drafts {
  readonly byPath = new Map<string, Draft>();
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** The object and, since some CPEs list a child only, every ancestor of it. */
  object(path: string): Draft {
    const known = this.byPath.get(path);
    if (known !== undefined) return known;
    if (path.length > this.#root.length) {
      const parent = this.object(parentOf(path));
      const number = rowNumberOf(path);
      if (number === undefined) parent.objects.push(lastNameOf(path));
      else parent.instances.push(number);
    }
    const draft: Draft = { writable: false, parameters: new Map(), objects: [], instances: [] };
    this.byPath.set(path, draft);
    return draft;
  }

  finish(): ReadonlyMap<string, TreeObject> {
    return new Map(
      [...this.byPath].map(([path, draft]) => {
        draft.instances.sort((one, other) => one - other);
        return [path, { path, ...draft }];
      }),
    );
  }
}

/** Names that have others below them are objects, even where the CPE forgot their trailing dot (quirk 23). */
function objectNames(entries: readonly ParameterInfo[]): ReadonlySet<string> {
  const parents = new Set<string>();
  for (const { Name } of entries) {
    for (let dot = Name.lastIndexOf('.', Name.length - 2); dot > 0; dot = Name.lastIndexOf('.', dot - 1)) {
      const parent = Name.slice(0, dot);
      if (parents.has(parent)) break;
      parents.add(parent);
    }
  }
  return parents;
}

/**
 * Builds a tree from what GetParameterNames said of everything below `root`. Names outside the root, and names with an
 * empty segment, are left out (quirk 23); of a name listed twice the last word on Writable counts.
 */
export function buildTree(root: string, entries: readonly ParameterInfo[]): InstanceTree {
  const drafts = new Drafts(root);
  drafts.object(root);
  const parents = objectNames(entries);
  for (const { Name, Writable } of entries) {
    if (!Name.startsWith(root) || Name.includes('..')) continue;
    if (Name.endsWith('.') || parents.has(Name)) {
      drafts.object(Name.endsWith('.') ? Name : `${Name}.`).writable = Writable;
      continue;
    }
    const dot = Name.lastIndexOf('.');
    drafts.object(Name.slice(0, dot + 1)).parameters.set(Name.slice(dot + 1), Writable);
  }
  return { root, objects: drafts.finish() };
}

/** What is worked out for a shape is kept by its very map: an object that looks as before keeps the map it had. */
const inKnownShape = (object: TreeObject, before: TreeObject | undefined): TreeObject =>
  before !== undefined && sameParameters(before.parameters, object.parameters)
    ? { ...object, parameters: before.parameters }
    : object;

/** Makes every ancestor of an object list its child; ancestors that are not there yet are made. */
function linkUpwards(objects: Map<string, TreeObject>, root: string, path: string): void {
  for (let child = path; child.length > root.length; child = parentOf(child)) {
    const parent = parentOf(child);
    const known = objects.get(parent) ?? EMPTY_OBJECT;
    const name = lastNameOf(child);
    const row = rowNumberOf(child);
    if (row === undefined ? known.objects.includes(name) : known.instances.includes(row)) return;
    objects.set(parent, {
      ...known,
      path: parent,
      ...(row === undefined
        ? { objects: [...known.objects, name] }
        : { instances: [...known.instances, row].sort((one, other) => one - other) }),
    });
  }
}

/**
 * The tree with everything below `path` (an object that exists) replaced by what the CPE says is there now. An answer
 * that does not repeat the object itself, or is empty, leaves the object with what was known of it and no rows.
 */
export function replaceBelow(tree: InstanceTree, path: string, entries: readonly ParameterInfo[]): InstanceTree {
  const below = buildTree(tree.root, entries);
  const objects = new Map<string, TreeObject>();
  for (const [key, object] of tree.objects) if (!key.startsWith(path)) objects.set(key, object);
  for (const [key, object] of below.objects) {
    if (key.startsWith(path)) objects.set(key, inKnownShape(object, tree.objects.get(key)));
  }
  const before = tree.objects.get(path) ?? EMPTY_OBJECT;
  const now = objects.get(path) ?? EMPTY_OBJECT;
  const parameters = now.parameters.size > 0 ? now.parameters : before.parameters;
  objects.set(path, { ...now, path, writable: now.writable || before.writable, parameters });
  linkUpwards(objects, tree.root, path);
  return { root: tree.root, objects };
}

/** The tree with one more row, shaped like its youngest sibling until the CPE is asked. */
export function addRow(tree: InstanceTree, table: string, instance: number): InstanceTree {
  const parent = tree.objects.get(table);
  if (parent === undefined || parent.instances.includes(instance)) return tree;
  const objects = new Map(tree.objects);
  objects.set(table, { ...parent, instances: [...parent.instances, instance].sort((one, other) => one - other) });
  const sibling = parent.instances.at(-1);
  const path = `${table}${instance}.`;
  if (sibling === undefined) {
    objects.set(path, { path, writable: true, parameters: new Map(), objects: [], instances: [] });
    return { root: tree.root, objects };
  }
  const model = `${table}${sibling}.`;
  for (const [key, object] of tree.objects) {
    if (!key.startsWith(model)) continue;
    const inRow = key.slice(model.length);
    if (inRow.split('.').some((name) => rowNumberOf(name) !== undefined)) continue;
    objects.set(path + inRow, { ...object, path: path + inRow, instances: [] });
  }
  return { root: tree.root, objects };
}

/** The tree without a row and everything below it. */
export function removeRow(tree: InstanceTree, row: string): InstanceTree {
  const table = parentOf(row);
  const parent = tree.objects.get(table);
  if (parent === undefined || !tree.objects.has(row)) return tree;
  const instance = Number(lastNameOf(row));
  const objects = new Map<string, TreeObject>();
  for (const [key, object] of tree.objects) if (!key.startsWith(row)) objects.set(key, object);
  objects.set(table, { ...parent, instances: parent.instances.filter((number) => number !== instance) });
  return { root: tree.root, objects };
}

/** Rows that one tree has and another has not: what was created or deleted between two looks. */
export function rowsMissingFrom(tree: InstanceTree, other: InstanceTree): readonly string[] {
  const missing: string[] = [];
  for (const object of tree.objects.values()) {
    const known = other.objects.get(object.path)?.instances;
    for (const instance of object.instances) {
      if (known === undefined || !known.includes(instance)) missing.push(`${object.path}${instance}.`);
    }
  }
  return missing;
}

/** True when the CPE has the parameter; `path` is its full name. */
export function hasParameter(tree: InstanceTree, path: string): boolean {
  const dot = path.lastIndexOf('.');
  return tree.objects.get(path.slice(0, dot + 1))?.parameters.has(path.slice(dot + 1)) ?? false;
}
