// Parameters come object by object, in requests and answers alike: what is looked up for the object of one is looked up
// once for all its neighbours.

export class ByObject<T> {
  readonly #lookUp: (object: string) => T;
  #last: { readonly object: string; readonly found: T } | undefined;

  constructor(lookUp: (object: string) => T) {
    this.#lookUp = lookUp;
  }

  /** What belongs to the object that holds a parameter, by the parameter's full path. */
  of(parameter: string): T {
    const end = parameter.lastIndexOf('.') + 1;
    const object = parameter.slice(0, end);
    if (this.#last?.object !== object) {
      this.#last = { object, found: this.#lookUp(object) };
    }
    return this.#last.found;
  }
}
