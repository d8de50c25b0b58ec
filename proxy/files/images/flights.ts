// Work that many ask for at the same moment and that is done once: each waits for it, and it is broken off when nobody does
// any more. What a server answers is as good for whoever asked before it answered as an answer of its own would be; who
// comes later waits for the end, and then it is done once more, for all of them together.

export interface Flight {
  /** Nobody waits for it any more. */
  readonly signal: AbortSignal;
  /** Told once the server has begun to answer. */
  readonly answered: () => void;
}

export interface Passenger {
  /** Who has it leaves. */
  readonly signal: AbortSignal;
  /** An answer of before it asked is as good to it: it can tell by other means that the file is the right one. */
  readonly takesEarlier: boolean;
}

interface Running<Result> {
  readonly result: Promise<Result>;
  readonly abort: AbortController;
  isAnswered: boolean;
  passengers: number;
}

export class Flights<Result> {
  readonly #running = new Map<string, Running<Result>>();

  /** `left` for one that has left before the end. Rejects as the work does. */
  async share(
    name: string,
    { signal, takesEarlier }: Passenger,
    work: (flight: Flight) => Promise<Result>,
  ): Promise<Result | 'left'> {
    const leaving = leavingOf(signal);
    try {
      while (!signal.aborted) {
        const running = this.#running.get(name);
        if (running === undefined) return await this.#board(name, this.#begin(name, work), leaving.left);
        if (takesEarlier || !running.isAnswered) return await this.#board(name, running, leaving.left);
        await Promise.race([running.result.catch(() => undefined), leaving.left]);
      }
      return 'left';
    } finally {
      leaving.stop();
    }
  }

  #begin(name: string, work: (flight: Flight) => Promise<Result>): Running<Result> {
    const abort = new AbortController();
    const running: Running<Result> = {
      abort,
      isAnswered: false,
      passengers: 0,
      // Begins when it stands in the map: whatever it does at once, it does once.
      result: Promise.resolve()
        .then(() => work({ signal: abort.signal, answered: () => (running.isAnswered = true) }))
        .finally(() => this.#over(name, running)),
    };
    this.#running.set(name, running);
    return running;
  }

  async #board(name: string, running: Running<Result>, left: Promise<'left'>): Promise<Result | 'left'> {
    running.passengers += 1;
    try {
      return await Promise.race([running.result, left]);
    } finally {
      running.passengers -= 1;
      if (running.passengers === 0) {
        running.abort.abort();
        // Nobody is to join what is being broken off.
        this.#over(name, running);
      }
    }
  }

  #over(name: string, running: Running<Result>): void {
    if (this.#running.get(name) === running) this.#running.delete(name);
  }
}

function leavingOf(signal: AbortSignal): { readonly left: Promise<'left'>; readonly stop: () => void } {
  let stop = (): void => undefined;
  const left = new Promise<'left'>((resolve) => {
    const leave = (): void => resolve('left');
    signal.addEventListener('abort', leave, { once: true });
    stop = () => signal.removeEventListener('abort', leave);
  });
  return { left, stop };
}
