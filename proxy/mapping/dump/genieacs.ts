// A dump as GenieACS's northbound interface gives a device (`GET /devices?query=…`): objects within objects, with what it
// knows of each under names that begin with an underscore. Pure.
import { dumpOf, type DumpEntry, type ReadDump } from './dump.ts';

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

function collect(node: Fields, path: string, entries: DumpEntry[]): void {
  const writable = node['_writable'] === true;
  if ('_value' in node) {
    entries.push({ name: path, writable, value: textOf(node['_value']), type: textOf(node['_type']) });
    return;
  }
  const below = Object.entries(node).filter(
    (entry): entry is [string, Fields] => !entry[0].startsWith('_') && isFields(entry[1]),
  );
  // A parameter that was never read has neither a value nor anything below it.
  const isObject = node['_object'] === true || below.length > 0;
  entries.push({ name: isObject ? `${path}.` : path, writable, value: undefined, type: '' });
  for (const [name, child] of below) collect(child, `${path}.${name}`, entries);
}

/** One device, or a list of one. */
export function readGenieacsDump(text: string): ReadDump {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : 'no JSON' };
  }
  const device: unknown = Array.isArray(json) && json.length === 1 ? json[0] : json;
  if (!isFields(device)) return { ok: false, why: 'not one device, nor a list of one' };
  const entries: DumpEntry[] = [];
  for (const [name, node] of Object.entries(device)) if (isFields(node)) collect(node, name, entries);
  return dumpOf(entries);
}
