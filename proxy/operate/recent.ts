// Memory of bounded size for what can be found out again.

/** A map that forgets what was not used for longest. */
export class Recent<T> {
  readonly #items = new Map<string, T>();
  readonly #cap: number;

  constructor(cap: number) {
    this.#cap = cap;
  }

  get(name: string): T | undefined {
    const item = this.#items.get(name);
    if (item !== undefined) {
      this.#items.delete(name);
      this.#items.set(name, item);
    }
    return item;
  }

  set(name: string, item: T): void {
    this.#items.delete(name);
    this.#items.set(name, item);
    const oldest = this.#items.keys().next();
    if (this.#items.size > this.#cap && oldest.done !== true) this.#items.delete(oldest.value);
  }
}
