// The wire types (xsi:type) of a CPE's parameters: those that its model's catalogue has, and what this session saw
// otherwise. Only the latter is kept here, for it is written back.
import { generalise } from '../path/concrete.ts';

export class ObservedTypes {
  #known: ReadonlyMap<string, string> = new Map();
  readonly #added = new Map<string, string>();
  /** Of neighbours in an answer the object is the same. */
  #object = '';
  #generalObject = '';

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
    const end = name.lastIndexOf('.') + 1;
    if (end !== this.#object.length || !name.startsWith(this.#object)) {
      this.#object = name.slice(0, end);
      this.#generalObject = generalise(this.#object);
    }
    return this.#generalObject === this.#object ? name : this.#generalObject + name.slice(end);
  }
}
