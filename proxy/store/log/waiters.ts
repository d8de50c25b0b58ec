// Promises that resolve when a rising number has reached theirs. All who wait for the same number share one promise.

interface Waiter {
  readonly target: number;
  readonly resolve: () => void;
  readonly reject: (reason: Error) => void;
}

export class Waiters {
  /** Ascending by target: who asks later asks for as much or more. */
  #waiting: Waiter[] = [];
  #latest: { readonly target: number; readonly promise: Promise<void> } | undefined;

  wait(target: number): Promise<void> {
    if (this.#latest?.target === target) return this.#latest.promise;
    const promise = new Promise<void>((resolve, reject) => {
      this.#waiting.push({ target, resolve, reject });
    });
    this.#latest = { target, promise };
    return promise;
  }

  reached(value: number): void {
    let done = 0;
    for (const { target, resolve } of this.#waiting) {
      if (target > value) break;
      resolve();
      done++;
    }
    if (done > 0) this.#waiting.splice(0, done);
  }

  fail(reason: Error): void {
    for (const { reject } of this.#waiting) reject(reason);
    this.#waiting = [];
  }
}
