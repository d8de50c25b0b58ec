// A CPE that runs a USP Agent of its own says so in its CWMP model (Device.USPAgent., facts: usp-agent-requirements §1.5).
// Where that one is on, a second Agent of the same Endpoint ID or of another would stand in its light.
import { hasParameter, type InstanceTree } from './instance-tree/tree.ts';
import type { Ask } from './discovery.ts';

const OBJECT = 'USPAgent.';
/** Rows that are looked at: an Agent has a few. */
const MOST_ROWS = 16;
const TRUE = /^(?:1|true)$/i;

/** Endpoint ID of the CPE's own Agent that is switched on, with Controllers and ways to them; '' where there is none. */
export async function findNativeAgent(ask: Ask, tree: InstanceTree): Promise<string> {
  const agent = tree.root + OBJECT;
  const EndpointID = `${agent}EndpointID`;
  if (!hasParameter(tree, EndpointID)) return '';
  const [ways, controllers] = ['MTP.', 'Controller.'].map((table) => enablesOf(tree, agent + table));
  const ParameterNames = [EndpointID, ...(ways ?? []), ...(controllers ?? [])];
  const answer = await ask('GetParameterValues', { ParameterNames });
  if (answer.kind !== 'response') return '';
  const values = new Map(answer.value.ParameterList.map(({ Name, Value }) => [Name.trim(), Value.trim()]));
  const isOn = (names: readonly string[] = []): boolean => names.some((name) => TRUE.test(values.get(name) ?? ''));
  return isOn(ways) && isOn(controllers) ? (values.get(EndpointID) ?? '') : '';
}

const enablesOf = (tree: InstanceTree, table: string): readonly string[] =>
  (tree.objects.get(table)?.instances ?? [])
    .slice(0, MOST_ROWS)
    .map((row) => `${table}${row}.Enable`)
    .filter((name) => hasParameter(tree, name));
