// The wire types (xsi:type) of a CPE's parameters: those that its model's catalogue has, and what this session saw
// otherwise. Only the latter is kept here, for it is written back.
import { generalise, lastNameOf, parentOf } from '../path/concrete.ts';

interface Grouped {
  /** By generalised object, then by parameter name. */
  readonly byObject: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** By concrete path: those that were looked up before. */
  readonly found: Map<string, string>;
}
const FOUND_KEPT = 20_000;
const groups = new WeakMap<ReadonlyMap<string, string>, Grouped>();

/** Catalogues are shared by many sessions, and so is what is made of their types. */
function groupedBy(types: ReadonlyMap<string, string>): Grouped {
  const known = groups.get(types);
  if (known !== undefined) return known;
  const byObject = new Map<string, Map<string, string>>();
  for (const [path, type] of types) {
    const object = parentOf(path);
    const names = byObject.get(object) ?? new Map<string, string>();
    byObject.set(object, names.set(lastNameOf(path), type));
  }
  const grouped = { byObject, found: new Map<string, string>() };
  groups.set(types, grouped);
  return grouped;
}

const NOTHING_KNOWN = groupedBy(new Map());

export class ObservedTypes {
  #known = NOTHING_KNOWN;
  readonly #added = new Map<string, string>();

  /** Generalised parameter path → type, as the catalogue does not have it (or not so). */
  get added(): ReadonlyMap<string, string> {
    return this.#added;
  }

  /** What the device's catalogue knows. */
  know(types: ReadonlyMap<string, string>): void {
    this.#known = groupedBy(types);
    for (const [path, type] of this.#added) if (types.get(path) === type) this.#added.delete(path);
  }

  observe(name: string, type: string): void {
    if (type === '') return;
    if (this.#knownType(name) !== type) this.#added.set(generalise(name), type);
    else if (this.#added.size > 0) this.#added.delete(generalise(name));
  }

  typeOf(name: string): string | undefined {
    return this.#added.get(generalise(name)) ?? this.#knownType(name);
  }

  #knownType(name: string): string | undefined {
    const { byObject, found } = this.#known;
    const before = found.get(name);
    if (before !== undefined) return before;
    const type = byObject.get(generalise(parentOf(name)))?.get(lastNameOf(name));
    if (found.size >= FOUND_KEPT) found.clear();
    if (type !== undefined) found.set(name, type);
    return type;
  }
}
