// One after the other: what waits for the store must not overtake, where the order in which it came is the point.

export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /** Runs `work` when all that was given under this name before is done, however it ended. */
  take(name: string, work: () => Promise<void>): Promise<void> {
    const before = this.#last.get(name);
    const turn = before === undefined ? work() : before.then(work, work);
    this.#last.set(name, turn);
    const done = (): void => {
      if (this.#last.get(name) === turn) this.#last.delete(name);
    };
    turn.then(done, done);
    return turn;
  }
}
