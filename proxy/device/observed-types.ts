// The wire types (xsi:type) of a CPE's parameters: those that its model's catalogue has, and what this session saw
// otherwise. Only the latter is kept here, for it is written back.
import { ByObject } from '../path/by-object.ts';
import { generalise, lastNameOf, parentOf } from '../path/concrete.ts';

/** By generalised object, then by parameter name. */
type Grouped = ReadonlyMap<string, ReadonlyMap<string, string>>;
const groups = new WeakMap<ReadonlyMap<string, string>, Grouped>();

/** Catalogues are shared by many sessions, and so is what is made of their types. */
function groupedBy(types: ReadonlyMap<string, string>): Grouped {
  const known = groups.get(types);
  if (known !== undefined) return known;
  const grouped = new Map<string, Map<string, string>>();
  for (const [path, type] of types) {
    const object = parentOf(path);
    const names = grouped.get(object) ?? new Map<string, string>();
    grouped.set(object, names.set(lastNameOf(path), type));
  }
  groups.set(types, grouped);
  return grouped;
}

const NONE: ReadonlyMap<string, string> = new Map();

export class ObservedTypes {
  #known: Grouped = new Map();
  readonly #added = new Map<string, string>();
  #knownOf = this.#byObject();

  /** Generalised parameter path → type, as the catalogue does not have it (or not so). */
  get added(): ReadonlyMap<string, string> {
    return this.#added;
  }

  /** What the device's catalogue knows. */
  know(types: ReadonlyMap<string, string>): void {
    this.#known = groupedBy(types);
    this.#knownOf = this.#byObject();
    for (const [path, type] of this.#added) if (types.get(path) === type) this.#added.delete(path);
  }

  observe(name: string, type: string): void {
    if (type === '') return;
    const isKnown = this.#knownOf.of(name).get(lastNameOf(name)) === type;
    if (!isKnown) this.#added.set(generalise(name), type);
    else if (this.#added.size > 0) this.#added.delete(generalise(name));
  }

  typeOf(name: string): string | undefined {
    return this.#added.get(generalise(name)) ?? this.#knownOf.of(name).get(lastNameOf(name));
  }

  #byObject(): ByObject<ReadonlyMap<string, string>> {
    return new ByObject((object) => this.#known.get(generalise(object)) ?? NONE);
  }
}
