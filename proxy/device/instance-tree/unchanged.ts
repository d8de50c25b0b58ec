// Whether a CPE says again what is known of it, which is the rule: then the tree stays the very object it was, and nothing
// that hangs on it is worked out anew. A plain walk along both; whatever it does not recognise counts as a change.
import { parentOf } from '../../path/concrete.ts';
import type { ParameterInfo } from '../../rpc/structs.ts';
import type { InstanceTree, TreeObject } from './tree.ts';

interface Walk {
  readonly object: TreeObject;
  /** Parameters in the order in which the CPE listed them before. */
  readonly names: readonly string[];
  next: number;
}

/** By the very map of a shape, which all objects alike share. */
const namesOf = new WeakMap<TreeObject['parameters'], readonly string[]>();
function walkOf(object: TreeObject): Walk {
  const { parameters } = object;
  const names = namesOf.get(parameters) ?? [...parameters.keys()];
  namesOf.set(parameters, names);
  return { object, names, next: 0 };
}

/** True when `entries` are what the tree has below `path` (an object), in the order in which it was told before. */
export function isUnchanged(tree: InstanceTree, path: string, entries: readonly ParameterInfo[]): boolean {
  const walks = new Map<string, Walk>();
  let current: Walk | undefined;
  let parameters = 0;
  let objects = 0;
  for (const { Name, Writable } of entries) {
    if (Name.endsWith('.')) {
      const object = tree.objects.get(Name);
      if (object?.writable !== Writable || !Name.startsWith(path) || walks.has(Name)) return false;
      current = walkOf(object);
      walks.set(Name, current);
      objects += Name === path ? 0 : 1;
      continue;
    }
    const object: string = parentOf(Name);
    if (current?.object.path !== object) current = walks.get(object);
    const name = current?.names[current.next];
    if (current === undefined || name === undefined || Name.slice(object.length) !== name) return false;
    if (current.object.parameters.get(name) !== Writable) return false;
    current.next += 1;
    parameters += 1;
  }
  return counts(tree, path, walks.has(path), objects, parameters);
}

/** Whether nothing of the tree was left out. An answer need not repeat the object that was asked about. */
function counts(tree: InstanceTree, path: string, repeated: boolean, objects: number, parameters: number): boolean {
  let leftObjects = objects;
  let leftParameters = parameters;
  for (const object of tree.objects.values()) {
    if (!object.path.startsWith(path) || (object.path === path && !repeated)) continue;
    if (object.path !== path) leftObjects -= 1;
    leftParameters -= object.parameters.size;
  }
  return leftObjects === 0 && leftParameters === 0;
}
