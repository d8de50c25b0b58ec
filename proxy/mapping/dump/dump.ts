// What one CPE had at one moment: its parameters and their values, as an ACS wrote them into a file. What the rules make of
// a device can be looked at with it, and no device. Pure.
import { buildTree, type InstanceTree } from '../../device/instance-tree/tree.ts';
import type { ParameterInfo, ParameterValueItem } from '../../rpc/structs.ts';

export interface Dump {
  readonly tree: InstanceTree;
  /** By full name; of what the ACS has never read there is none. Types are without prefix: `unsignedInt`. */
  readonly values: ReadonlyMap<string, ParameterValueItem>;
}

export interface DumpEntry {
  /** As ParameterInfo has it: objects end in a dot. */
  readonly name: string;
  readonly writable: boolean;
  /** Undefined of an object, and of a parameter that was never read. */
  readonly value: string | undefined;
  /** With or without prefix; '' where the file does not say. */
  readonly type: string;
}

export type ReadDump = { readonly ok: true; readonly dump: Dump } | { readonly ok: false; readonly why: string };

const ROOTS = ['InternetGatewayDevice.', 'Device.'];

/** Names outside a root are the collector's own notes (`DeviceID.…`, `_lastInform`, `Tags.…`). */
export function dumpOf(entries: readonly DumpEntry[]): ReadDump {
  const root = ROOTS.find((candidate) => entries.some(({ name }) => name.startsWith(candidate)));
  if (root === undefined) return { ok: false, why: `no name begins with ${ROOTS.join(' or ')}` };
  const names: ParameterInfo[] = [];
  const values = new Map<string, ParameterValueItem>();
  for (const { name, writable, value, type } of entries) {
    if (!name.startsWith(root)) continue;
    names.push({ Name: name, Writable: writable });
    if (value !== undefined) values.set(name, { Name: name, Value: value, Type: type.replace(/^.*:/, '') || 'string' });
  }
  return { ok: true, dump: { tree: buildTree(root, names), values } };
}
