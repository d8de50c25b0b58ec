// What Boot! wants to be read of the CPE: parameters that BootParameters of its Recipients name and that its Inform has not
// brought. By what was known of the CPE's rows before it booted: it is asked once, and what it does not have any more is
// left out. Pure.
import type { InstanceTree } from '../../device/instance-tree/tree.ts';
import { parseEvent } from '../../device/events.ts';
import type { View, ViewTree } from '../../mapping/view.ts';
import { lastNameOf, parentOf, rowOf } from '../../path/concrete.ts';
import { asObject, type Path, type Segment } from '../../path/path.ts';
import type { LocalAgent } from '../local-agent/local-agent.ts';
import { isLocal } from '../local-agent/root.ts';
import { mayRead, rightsOf } from '../permissions/rights.ts';
import { bootNotification } from './boot.ts';
import { enabledSubscriptions } from './enabled.ts';
import { momentOf } from './local-changes.ts';
import { concerns, referenceOf } from './matching.ts';
import { bootParameters } from './parameter-map.ts';

/** No CPE is asked for more with a boot: it has other things to do, and Boot! waits for it. */
export const MOST_BOOT_READS = 64;

/** Names of the CPE's own. */
export function bootReads(local: LocalAgent, view: View, tree: InstanceTree): readonly string[] {
  const boots = local.record.pendingEvents.map(parseEvent).filter((event) => event.kind === 'inform');
  const told = boots.map(bootNotification).find((notification) => notification !== undefined);
  if (told === undefined) return [];
  const brought = new Set(boots.flatMap(({ values }) => values.map(([name]) => name)));
  const moments = [momentOf(local)];
  const recipients = new Set(
    enabledSubscriptions(local).flatMap((one) => (concerns(one, told, moments) ? [one.recipient] : [])),
  );
  const shown = view.instances(tree);
  const wanted = new Set<string>();
  for (const recipient of recipients) {
    const controller = recipient.replace(/\.$/, '');
    const rights = rightsOf(local, local.read(`${controller}.EndpointID`) ?? '');
    for (const name of bootParameters(local, controller)) {
      const path = isLocal(name) ? undefined : referenceOf(name);
      if (path === undefined) continue;
      for (const parameter of parametersOf(shown, path)) {
        const { cpeNames, secured } = view.reading(parameter);
        const [cpeName, another] = cpeNames;
        if (cpeName === undefined || another !== undefined || secured || brought.has(cpeName)) continue;
        if (mayRead(rights, parentOf(parameter), lastNameOf(parameter))) wanted.add(cpeName);
        if (wanted.size >= MOST_BOOT_READS) return [...wanted];
      }
    }
  }
  return [...wanted];
}

function* parametersOf(tree: ViewTree, path: Path): Iterable<string> {
  if (path.leaf.kind === 'parameter-or-object') {
    const { name } = path.leaf;
    for (const object of objectsOf(tree, path.segments)) if (tree.readings(object).has(name)) yield object + name;
  }
  for (const object of objectsOf(tree, asObject(path).segments)) yield* below(tree, object);
}

/** Objects that are there; a search finds none. */
const objectsOf = (tree: ViewTree, segments: readonly Segment[]): readonly string[] =>
  segments.reduce<readonly string[]>(
    (objects, segment) =>
      objects
        .flatMap((object) => {
          if (segment.kind === 'name') return [`${object}${segment.name}.`];
          if (segment.kind === 'instance') return [rowOf(object, segment.number)];
          if (segment.kind !== 'wildcard') return [];
          return (tree.objects.get(object)?.instances ?? []).map((number) => rowOf(object, number));
        })
        .filter((object) => tree.objects.has(object)),
    [''],
  );

function* below(tree: ViewTree, object: string): Iterable<string> {
  for (const name of tree.readings(object).keys()) yield object + name;
  const { objects = [], instances = [] } = tree.objects.get(object) ?? {};
  for (const name of objects) yield* below(tree, `${object}${name}.`);
  for (const number of instances) yield* below(tree, rowOf(object, number));
}
