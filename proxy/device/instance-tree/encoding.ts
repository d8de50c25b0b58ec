// One device's tree, written against its model's catalogue: the rows of each table, and only what deviates from "every
// object of the catalogue is there in its first shape".
import { generalise, instanceNumbersOf, instantiate, lastNameOf, parentOf, rowNumberOf } from '../../path/concrete.ts';
import { type Catalogue, formatShape, parseShape, shapeIndex } from './catalogue.ts';
import type { InstanceTree, Shape, TreeObject } from './tree.ts';

interface Encoded {
  readonly v: 1;
  readonly root: string;
  /** How many paths the catalogue had: a descendant only appends, and what it appends is not here. */
  readonly known: number;
  /** Index of a row object in the catalogue → instance numbers of its rows, outer ones first: `1.1 1.2 2.1`. */
  readonly rows: Readonly<Record<string, string>>;
  /** Objects that the catalogue would have here and this device has not. */
  readonly absent?: readonly string[];
  /** Objects in another shape than the first: its index, or the shape itself. */
  readonly shapes?: Readonly<Record<string, number | string>>;
}

const isRowPath = (generalised: string): boolean => generalised.endsWith('.{i}.');
/** The row prefix of a generalised path up to its last `{i}.`; '' where it has none. */
function rowPrefix(generalised: string): string {
  const at = generalised.lastIndexOf('{i}.');
  return at < 0 ? '' : generalised.slice(0, at + 4);
}

export function encodeTree(tree: InstanceTree, catalogue: Catalogue): string {
  const index = new Map(catalogue.paths.map((path, position) => [path, position]));
  const rows: Record<string, string> = {};
  const shapes: Record<string, number | string> = {};
  for (const object of tree.objects.values()) {
    const generalised = generalise(object.path);
    const position = index.get(generalised);
    if (isRowPath(generalised) && position !== undefined) {
      const numbers = instanceNumbersOf(object.path).join('.');
      rows[position] = rows[position] === undefined ? numbers : `${rows[position]} ${numbers}`;
    }
    const shape = shapeIndex(catalogue, object);
    if (shape !== 0) shapes[object.path] = shape > 0 ? shape : formatShape(object);
  }
  const bare: Encoded = { v: 1, root: tree.root, known: catalogue.paths.length, rows };
  const absent = [...expectedPaths(catalogue, bare)].filter((path) => !tree.objects.has(path));
  const encoded: Encoded = {
    ...bare,
    ...(absent.length === 0 ? {} : { absent }),
    ...(Object.keys(shapes).length === 0 ? {} : { shapes }),
  };
  return JSON.stringify(encoded);
}

/** Every concrete object path that the catalogue and the rows give, in catalogue order. */
function* expectedPaths(catalogue: Catalogue, { known, rows }: Encoded): Generator<string> {
  const numbersOf = new Map<string, readonly string[]>();
  const paths = catalogue.paths.slice(0, known);
  paths.forEach((path, position) => {
    if (isRowPath(path)) numbersOf.set(path, rows[position]?.split(' ') ?? []);
  });
  for (const path of paths) {
    const prefix = rowPrefix(path);
    if (prefix === '') yield path;
    else
      for (const numbers of numbersOf.get(prefix) ?? [])
        yield instantiate(path, numbers.split('.').map(Number)) ?? path;
  }
}

/** The inverse of encodeTree, with the same catalogue or a descendant of it. */
export function decodeTree(catalogue: Catalogue, text: string): InstanceTree {
  const encoded = JSON.parse(text) as Encoded;
  const absent = new Set(encoded.absent);
  const drafts = new Map<string, TreeObject & { objects: string[]; instances: number[] }>();
  const shapeOf = (path: string, generalised: string): Shape => {
    const deviation = encoded.shapes?.[path];
    if (typeof deviation === 'string') return parseShape(deviation);
    return catalogue.shapes.get(generalised)?.[deviation ?? 0] ?? { writable: false, parameters: new Map() };
  };
  for (const path of expectedPaths(catalogue, encoded)) {
    if (absent.has(path)) continue;
    const { writable, parameters } = shapeOf(path, generalise(path));
    drafts.set(path, { path, writable, parameters, objects: [], instances: [] });
  }
  for (const path of drafts.keys()) {
    if (path === encoded.root) continue;
    const parent = drafts.get(parentOf(path));
    const number = rowNumberOf(path);
    if (number === undefined) parent?.objects.push(lastNameOf(path));
    else parent?.instances.push(number);
  }
  for (const object of drafts.values()) object.instances.sort((one, other) => one - other);
  return { root: encoded.root, objects: drafts };
}
