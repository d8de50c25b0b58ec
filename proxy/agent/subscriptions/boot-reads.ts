// What Boot! wants to be read of the CPE: parameters that BootParameters of its Recipients name and that its Inform has not
// brought. By what was known of the CPE's rows before it booted: it is asked once, and what it does not have any more is
// left out. Pure.
import type { InstanceTree } from '../../device/instance-tree/tree.ts';
import { parseEvent } from '../../device/events.ts';
import type { View } from '../../mapping/view.ts';
import { lastNameOf, parentOf } from '../../path/concrete.ts';
import type { LocalAgent } from '../local-agent/local-agent.ts';
import { isLocal } from '../local-agent/root.ts';
import { mayRead, rightsOf } from '../permissions/rights.ts';
import { bootNotification } from './boot.ts';
import { enabledSubscriptions } from './enabled.ts';
import { momentOf } from './local-changes.ts';
import { concerns, referenceOf } from './matching.ts';
import { bootParameters } from './parameter-map.ts';
import { parametersOf } from './shown-parameters.ts';

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
        if (secured || !mayRead(rights, parentOf(parameter), lastNameOf(parameter))) continue;
        const missing = cpeNames.filter((cpeName) => !brought.has(cpeName) && !wanted.has(cpeName));
        // What is made of several is told whole or not at all.
        if (wanted.size + missing.length > MOST_BOOT_READS) return [...wanted];
        for (const cpeName of missing) wanted.add(cpeName);
      }
    }
  }
  return [...wanted];
}
