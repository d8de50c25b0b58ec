// Finding out what a CPE has: its methods and, below the root that its Inform named, every object and parameter.
import { lastNameOf, parentOf } from '../path/concrete.ts';
import type { ParameterInfo } from '../rpc/structs.ts';
import type { Answer, SafeMethodName } from './access.ts';
import { buildTree, type InstanceTree, replaceBelow } from './instance-tree/tree.ts';
import { isUnchanged } from './instance-tree/unchanged.ts';
import type { CpeRequest } from '../rpc/methods.ts';

/** Calls a safe RPC; throws RunInterrupted when the link is lost. */
export type Ask = <N extends SafeMethodName>(method: N, request: CpeRequest<N>) => Promise<Answer<N>>;

/** Level-by-level walks end here: a CPE with more objects than this is not walked to its end. */
const LEVELS_ASKED = 2000;

export async function askMethods(ask: Ask): Promise<readonly string[]> {
  const answer = await ask('GetRPCMethods', {});
  return answer.kind === 'response' ? answer.value.MethodList : [];
}

/** One GetParameterNames for everything or, where the CPE cannot do that, one for each object. */
export async function discoverTree(ask: Ask, root: string): Promise<InstanceTree | undefined> {
  const whole = await ask('GetParameterNames', { ParameterPath: root, NextLevel: false });
  if (whole.kind === 'response' && whole.value.ParameterList.length > 0) {
    return buildTree(root, whole.value.ParameterList);
  }
  return walk(ask, root);
}

async function walk(ask: Ask, root: string): Promise<InstanceTree | undefined> {
  const found: ParameterInfo[] = [];
  const queue = [root];
  for (let asked = 0; asked < LEVELS_ASKED; asked += 1) {
    const path = queue.shift();
    if (path === undefined) break;
    const level = await ask('GetParameterNames', { ParameterPath: path, NextLevel: true });
    if (level.kind !== 'response') {
      if (path === root) return undefined;
      continue;
    }
    for (const info of level.value.ParameterList) {
      // Some CPEs list the object itself among its children.
      if (info.Name === path || !info.Name.startsWith(path)) continue;
      found.push(info);
      if (info.Name.endsWith('.')) queue.push(info.Name);
    }
  }
  return found.length === 0 ? undefined : buildTree(root, found);
}

const INVALID_NAME = 9005;

/** Asks again what is below `path`; the same tree when nothing changed. A CPE that says it knows no such object has none. */
export async function refreshTree(ask: Ask, tree: InstanceTree, path: string): Promise<InstanceTree> {
  const answer = await ask('GetParameterNames', { ParameterPath: path, NextLevel: false });
  if (answer.kind === 'response') {
    const { ParameterList } = answer.value;
    return isUnchanged(tree, path, ParameterList) ? tree : replaceBelow(tree, path, ParameterList);
  }
  if (answer.kind === 'fault' && answer.fault.FaultCode === INVALID_NAME) return removeObject(tree, path);
  return tree;
}

function removeObject(tree: InstanceTree, path: string): InstanceTree {
  if (!tree.objects.has(path)) return tree;
  const objects = new Map([...tree.objects].filter(([key]) => !key.startsWith(path)));
  const parent = objects.get(parentOf(path));
  if (parent !== undefined) {
    const name = lastNameOf(path);
    objects.set(parent.path, {
      ...parent,
      objects: parent.objects.filter((object) => object !== name),
      instances: parent.instances.filter((instance) => String(instance) !== name),
    });
  }
  return { root: tree.root, objects };
}
