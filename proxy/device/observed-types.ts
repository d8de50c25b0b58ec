// The wire types (xsi:type) of a CPE's parameters: those that its model's catalogue has, and what this session saw
// otherwise. Only the latter is kept here, for it is written back.
import { ByObject } from '../path/by-object.ts';
import { generalise, lastNameOf } from '../path/concrete.ts';

export class ObservedTypes {
  #known: ReadonlyMap<string, string> = new Map();
  readonly #added = new Map<string, string>();
  /** The generalised object; undefined when it is as the object itself. */
  readonly #generalObjects = new ByObject((object) => {
    const general = generalise(object);
    return general === object ? undefined : general;
  });

  /** Generalised parameter path → type, as the catalogue does not have it (or not so). */
  get added(): ReadonlyMap<string, string> {
    return this.#added;
  }

  /** What the device's catalogue knows. */
  know(types: ReadonlyMap<string, string>): void {
    this.#known = types;
    for (const [path, type] of this.#added) if (types.get(path) === type) this.#added.delete(path);
  }

  observe(name: string, type: string): void {
    if (type === '') return;
    const path = this.#general(name);
    if (this.#known.get(path) === type) this.#added.delete(path);
    else this.#added.set(path, type);
  }

  typeOf(name: string): string | undefined {
    const path = this.#general(name);
    return this.#added.get(path) ?? this.#known.get(path);
  }

  #general(name: string): string {
    const object = this.#generalObjects.of(name);
    return object === undefined ? name : object + lastNameOf(name);
  }
}
