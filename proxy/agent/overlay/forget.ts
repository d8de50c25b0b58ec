// Names of rows go with their rows: where the CPE's tree shows that they are gone, and where the CPE has been reset.
import type { DeviceEvent } from '../../device/events.ts';
import { BOOTSTRAP, hasEvent } from '../../device/events.ts';
import type { InstanceTree } from '../../device/instance-tree/tree.ts';
import type { View } from '../../mapping/view.ts';
import type { DeviceRecord } from '../../store/device-steps.ts';
import type { Store } from '../../store/store.ts';
import { formatRows, parseRows, type Rows } from '../local-agent/rows.ts';
import { namesRows, withoutRows } from './values.ts';

/** Attempts to store it while others change the rows of the same device. */
const ATTEMPTS = 100;

/** Called before the tree is stored: after a crash in between the tree still tells that they are gone. */
export async function forgetGoneRows(
  store: Store,
  record: DeviceRecord,
  viewOf: (device: DeviceRecord) => Promise<View | undefined>,
  tree: InstanceTree,
): Promise<void> {
  if (!mayNameRows(record)) return;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const device = await store.devices.readDevice(record.key);
    // By what is remembered now: rows that came with this very message have their numbers since.
    const view = device === undefined ? undefined : await viewOf(device);
    if (device === undefined || view === undefined) return;
    const { objects } = view.instances(tree);
    const rows = parseRows(device.local);
    const left = withoutRows(rows, (row) => !objects.has(row));
    if (left === rows) return;
    if ((await store.devices.changeLocal(record.key, device.localVersion, formatRows(left))) === 'changed') return;
  }
}

const mayNameRows = ({ local }: DeviceRecord): boolean => local !== '' && namesRows(parseRows(local));

/**
 * The rows after these events. A reset gives the rows of the CPE's tables numbers anew; a BOOTSTRAP that comes with a
 * ParameterKey tells of another ACS URL only, since a reset clears the key (TR-069 §3.7.1.5, facts: §14 trap 23).
 */
export function afterReset(rows: Rows, events: readonly DeviceEvent[]): Rows {
  return events.some(tellsReset) ? withoutRows(rows, () => true) : rows;
}

function tellsReset(event: DeviceEvent): boolean {
  if (event.kind !== 'inform') return false;
  const codes = event.events.map(({ EventCode }) => EventCode);
  const key = event.values.find(([name]) => name.endsWith('.ManagementServer.ParameterKey'))?.[1] ?? '';
  return hasEvent(codes, BOOTSTRAP) && key === '';
}
