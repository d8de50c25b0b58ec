// Finding out what a CPE has: its methods and, below the root that its Inform named, every object and parameter. Some
// CPEs cannot say all at once: they refuse, answer nothing, or fall over it (quirk 11).
import type { Discovery } from '../profile/profile.ts';
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

/** One GetParameterNames for everything or, where the CPE cannot do that or must not be asked, one for each object. */
export async function discoverTree(
  ask: Ask,
  root: string,
  discovery: Discovery = 'whole',
): Promise<InstanceTree | undefined> {
  if (discovery === 'whole') {
    const whole = await ask('GetParameterNames', { ParameterPath: root, NextLevel: false });
    if (whole.kind === 'response' && whole.value.ParameterList.length > 0) {
      return buildTree(root, whole.value.ParameterList);
    }
  }
  const walked = await walk(ask, root);
  return walked.kind === 'response' && walked.found.length > 0 ? buildTree(root, walked.found) : undefined;
}

type Walked =
  | { readonly kind: 'response'; readonly found: readonly ParameterInfo[] }
  | Exclude<Answer<'GetParameterNames'>, { readonly kind: 'response' }>;

/** What the CPE says of the first level is what it says of the whole; a level below that it will not tell is left out. */
async function walk(ask: Ask, from: string): Promise<Walked> {
  const found: ParameterInfo[] = [];
  const queue = [from];
  for (let asked = 0; asked < LEVELS_ASKED; asked += 1) {
    const path = queue.shift();
    if (path === undefined) break;
    const level = await ask('GetParameterNames', { ParameterPath: path, NextLevel: true });
    if (level.kind !== 'response') {
      if (path === from) return level;
      continue;
    }
    for (const info of level.value.ParameterList) {
      // Some CPEs list the object itself among its children.
      if (info.Name === path || !info.Name.startsWith(path)) continue;
      found.push(info);
      if (info.Name.endsWith('.')) queue.push(info.Name);
    }
  }
  return { kind: 'response', found };
}

const INVALID_NAME = 9005;

/** Asks again what is below `path`; the same tree when nothing changed. A CPE that says it knows no such object has none. */
export async function refreshTree(
  ask: Ask,
  tree: InstanceTree,
  path: string,
  discovery: Discovery = 'whole',
): Promise<InstanceTree> {
  const answer = await below(ask, path, discovery);
  if (answer.kind === 'response') {
    // A walk does not name the object it began at.
    const itself = discovery === 'walk' ? tree.objects.get(path) : undefined;
    const found = itself === undefined ? answer.found : [{ Name: path, Writable: itself.writable }, ...answer.found];
    return isUnchanged(tree, path, found) ? tree : replaceBelow(tree, path, found);
  }
  if (answer.kind === 'fault' && answer.fault.FaultCode === INVALID_NAME) return removeObject(tree, path);
  return tree;
}

async function below(ask: Ask, path: string, discovery: Discovery): Promise<Walked> {
  if (discovery === 'walk') return walk(ask, path);
  const answer = await ask('GetParameterNames', { ParameterPath: path, NextLevel: false });
  return answer.kind === 'response' ? { kind: 'response', found: answer.value.ParameterList } : answer;
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
