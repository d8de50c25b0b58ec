// What all devices of a model and software have in common, so that a device stores little more than its instance
// numbers: for each kind of object the shapes it was seen in, and the wire types of parameters. Immutable under its
// hash; a merge only ever appends, so that what was encoded against an ancestor reads the same with a descendant.
import { createHash } from 'node:crypto';
import { generalise } from '../../path/concrete.ts';
import { type InstanceTree, sameParameters, type Shape, type TreeObject } from './tree.ts';

export interface Catalogue {
  readonly hash: string;
  /** Generalised object paths in order of appearance: `Device.WiFi.SSID.{i}.` */
  readonly paths: readonly string[];
  readonly shapes: ReadonlyMap<string, readonly Shape[]>;
  /** Generalised parameter path → xsi:type as CPEs of the model send it. */
  readonly types: ReadonlyMap<string, string>;
}

/** Objects whose rows all differ would fill a catalogue; beyond this a device keeps the shape itself. */
const SHAPES_PER_OBJECT = 32;

const NO_PATHS: readonly string[] = [];
export const EMPTY_CATALOGUE: Catalogue = { hash: '', paths: NO_PATHS, shapes: new Map(), types: new Map() };

/** A shape as one word: `+` or `-` for what may be written, then the name. */
export function formatShape(shape: Shape): string {
  const names = [...shape.parameters].map(([name, writable]) => (writable ? `+${name}` : `-${name}`));
  return [shape.writable ? '+' : '-', ...names].join(' ');
}

export function parseShape(text: string): Shape {
  const [object = '-', ...names] = text.split(' ');
  return { writable: object === '+', parameters: new Map(names.map((name) => [name.slice(1), name.startsWith('+')])) };
}

/** JSON with `v`, as it is stored. */
export function formatCatalogue({ paths, shapes, types }: Omit<Catalogue, 'hash'>): string {
  const objects = paths.map((path) => [path, ...(shapes.get(path) ?? []).map(formatShape)]);
  return JSON.stringify({ v: 1, objects, types: Object.fromEntries(types) });
}

export function parseCatalogue(hash: string, text: string): Catalogue {
  const stored = JSON.parse(text) as {
    readonly objects: readonly (readonly [string, ...string[]])[];
    readonly types: Readonly<Record<string, string>>;
  };
  return {
    hash,
    paths: stored.objects.map(([path]) => path),
    shapes: new Map(stored.objects.map(([path, ...shapes]) => [path, shapes.map(parseShape)])),
    types: new Map(Object.entries(stored.types)),
  };
}

const seal = (content: Omit<Catalogue, 'hash'>): Catalogue => ({
  ...content,
  hash: createHash('sha256').update(formatCatalogue(content)).digest('base64url').slice(0, 22),
});

const sameShape = (one: Shape, other: Shape): boolean =>
  one.writable === other.writable && sameParameters(one.parameters, other.parameters);

/** Which of the catalogue's shapes of its kind an object has; -1 when none. */
export function shapeIndex(catalogue: Catalogue, object: TreeObject): number {
  return catalogue.shapes.get(generalise(object.path))?.findIndex((shape) => sameShape(shape, object)) ?? -1;
}

/** The catalogue with what a tree and its observed types add; the same object when they add nothing. */
export function mergeCatalogue(
  catalogue: Catalogue,
  tree: InstanceTree,
  types: ReadonlyMap<string, string>,
): Catalogue {
  const shapes = new Map(catalogue.shapes);
  const paths = [...catalogue.paths];
  let changed = false;
  for (const object of tree.objects.values()) {
    const path = generalise(object.path);
    const known = shapes.get(path);
    if (known === undefined) paths.push(path);
    else if (known.length >= SHAPES_PER_OBJECT || known.some((shape) => sameShape(shape, object))) continue;
    const shape: Shape = { writable: object.writable, parameters: object.parameters };
    shapes.set(path, [...(known ?? []), shape]);
    changed = true;
  }
  const newTypes = [...types].filter(([path, type]) => catalogue.types.get(path) !== type);
  if (!changed && newTypes.length === 0) return catalogue;
  return seal({ paths, shapes, types: new Map([...catalogue.types, ...newTypes]) });
}
