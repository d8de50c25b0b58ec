// The import arrows of ARCHITECTURE.md as data, and a check of a set of source files against them. Pure.

export interface SourceFile {
  /** Path from the project's root, with forward slashes: `proxy/device/link.ts`. */
  readonly path: string;
  readonly text: string;
}

/** Leaves, in order: each may import those before it. */
const LEAVES = ['errors', 'operate', 'path', 'profile', 'rpc', 'soap', 'usp', 'bus'];

/** Layers above the leaves, lowest first. A room imports rooms of lower layers, and no other room of its own. */
const LAYERS = [
  ['store'],
  ['access', 'nodes'],
  ['device'],
  ['mapping'],
  ['agent'],
  ['endpoint', 'channels'],
  ['cwmp', 'mtp', 'light', 'api', 'files'],
];

/** South edges stand beside the whole north: they see `device` and what lies below it. */
const SOUTH_EDGES = new Set(['cwmp', 'light/south', 'files']);
const NORTH_ONLY = new Set(['mapping', 'agent', 'endpoint', 'channels']);

/** Commands that look at mappings without a gateway: they know what reads these, too. */
const OFFLINE = 'proxy/cli/map/';

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\b[^'";]*?from\s*'([^']+)'|\bimport\(\s*'([^']+)'\s*\)|(?:^|\n)import\s*'([^']+)'/g;

/** The room of a path under `proxy/`: a folder, or the bare name of a file (`errors`, `main`, `config`). */
export function roomOf(path: string): string {
  const inside = path.replace(/^proxy\//, '');
  const slash = inside.indexOf('/');
  return slash < 0 ? inside.replace(/\.ts$/, '') : inside.slice(0, slash);
}

function layerOf(room: string): number {
  const leaf = LEAVES.indexOf(room);
  if (leaf >= 0) return leaf - LEAVES.length;
  return LAYERS.findIndex((rooms) => rooms.includes(room));
}

function resolve(fromPath: string, specifier: string): string {
  const parts = fromPath.split('/').slice(0, -1);
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}

function breachOf(from: string, to: string, fromPath: string): string | undefined {
  if (from === to) {
    const north = /^proxy\/light\/north\//;
    const south = /^proxy\/light\/south\//;
    return north.test(fromPath) && south.test(to) ? 'light/north and light/south do not know each other' : undefined;
  }
  if (from === 'main') return undefined;
  if (to === 'main') return 'nothing imports main';
  if (to === 'config') return 'only main knows config; settings are handed in as arguments';
  if (from === 'config') return layerOf(to) < 0 ? undefined : 'config knows leaves only';
  if (from === 'cli') {
    if (LEAVES.includes(to) || (fromPath.startsWith(OFFLINE) && to === 'mapping')) return undefined;
    return 'cli knows leaves only';
  }
  if (to === 'cli') return 'nothing imports cli';
  const [fromLayer, toLayer] = [layerOf(from), layerOf(to)];
  if (!LEAVES.includes(from) && fromLayer < 0) return `room "${from}" is not in the picture`;
  if (!LEAVES.includes(to) && toLayer < 0) return `room "${to}" is not in the picture`;
  const south =
    SOUTH_EDGES.has(from) || (from === 'light' && SOUTH_EDGES.has(fromPath.split('/').slice(1, 3).join('/')));
  if (south && NORTH_ONLY.has(to)) return 'south edges import from device downward only';
  return fromLayer > toLayer ? undefined : `${from} may not import ${to}: it is not in a lower layer`;
}

/** One line for each import that points the wrong way; empty when the picture holds. */
export function findArrowBreaches(files: readonly SourceFile[]): string[] {
  const breaches: string[] = [];
  for (const { path, text } of files) {
    for (const match of text.matchAll(IMPORT)) {
      const specifier = match[1] ?? match[2] ?? match[3] ?? '';
      if (!specifier.startsWith('.')) continue;
      const target = resolve(path, specifier);
      if (!target.startsWith('proxy/')) {
        breaches.push(`${path} → ${specifier}: the product does not import from outside proxy/`);
        continue;
      }
      const reason = breachOf(roomOf(path), roomOf(target), path);
      if (reason !== undefined) breaches.push(`${path} → ${specifier}: ${reason}`);
    }
  }
  return breaches;
}
