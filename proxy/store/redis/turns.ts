// One step at a time on each device: steps of one node on one device never compete, they take turns.

export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /** Runs after all that was begun under this name before, however that ended. */
  async take<T>(name: string, run: () => Promise<T>): Promise<T> {
    const before = this.#last.get(name);
    const turn = before === undefined ? run() : before.then(run);
    const ended = turn.then(
      () => undefined,
      () => undefined,
    );
    this.#last.set(name, ended);
    try {
      return await turn;
    } finally {
      if (this.#last.get(name) === ended) this.#last.delete(name);
    }
  }
}
