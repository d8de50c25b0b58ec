// How many transfers run at once: on this node, and under one grant, since a CPE may leave a dead connection behind but
// no URL is to take all the room. And what they have sent so far.
import type { Range } from '../store/grant-steps.ts';

const PER_GRANT = 4;

export interface Transfer {
  /** Bytes that have gone out. */
  readonly sent: number;
  /** More of them. */
  moved(bytes: number): void;
  /** Nothing moves any more: others may. */
  stop(): void;
  /** And what became of it is known: `stop` included. */
  end(): void;
}

interface Progress {
  readonly start: number;
  end: number;
  runs: boolean;
}

export class Transfers {
  readonly #cap: number;
  readonly #underWay = new Map<string, Set<Progress>>();
  #running = 0;

  constructor(cap: number) {
    this.#cap = cap;
  }

  /** Those that move something. */
  get running(): number {
    return this.#running;
  }

  /** From `start` on; or why there is no room for it. */
  begin(grant: string, start: number): Transfer | 'transfers-full' | 'grant-busy' {
    const known = this.#underWay.get(grant) ?? new Set();
    if (this.#running >= this.#cap) return 'transfers-full';
    if ([...known].filter(({ runs }) => runs).length >= PER_GRANT) return 'grant-busy';
    const progress: Progress = { start, end: start, runs: true };
    this.#running += 1;
    this.#underWay.set(grant, known.add(progress));
    const stop = (): void => {
      if (progress.runs) this.#running -= 1;
      progress.runs = false;
    };
    return {
      get sent() {
        return progress.end - start;
      },
      moved: (bytes) => (progress.end += bytes),
      stop,
      end: () => {
        stop();
        known.delete(progress);
        if (known.size === 0) this.#underWay.delete(grant);
      },
    };
  }

  /** What has gone out under a grant by transfers that have not ended. */
  underWay(grant: string): readonly Range[] {
    return [...(this.#underWay.get(grant) ?? [])].map(({ start, end }) => [start, end]);
  }
}
