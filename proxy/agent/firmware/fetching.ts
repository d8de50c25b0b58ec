// Fetches of images that this node has under way. That one is under way stands in the store: its operation is due when the
// node that fetches must be dead, and the node that lives puts that off. Then another begins anew.
import type { Clock } from '../../operate/clock.ts';
import type { OperationRecord } from '../../store/operation-steps.ts';
import { type DeviceKey, nameOfDevice, type Store } from '../../store/store.ts';

/** After which a node that does not say so fetches no more. */
export const LEASE_MS = 30_000;
const RENEW_MS = LEASE_MS / 3;

export class Fetching {
  readonly #clock: Clock;
  readonly #store: Pick<Store, 'operations'>;
  readonly #running = new Map<string, AbortController>();

  constructor(clock: Clock, store: Pick<Store, 'operations'>) {
    this.#clock = clock;
    this.#store = store;
  }

  /** Nobody wants what this node fetches for the operation. */
  stop(key: DeviceKey, number: number): void {
    this.#running.get(nameOf(key, number))?.abort();
  }

  /** `run` is told when it is not wanted any more. Never rejects for the lease: what is lost with it another begins anew. */
  async under<Result>(
    key: DeviceKey,
    { number }: OperationRecord,
    run: (signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    const abort = new AbortController();
    const name = nameOf(key, number);
    this.#running.set(name, abort);
    let timer = this.#clock.after(RENEW_MS, () => renew());
    const renew = (): void => {
      const change = { dueAt: this.#clock.now() + LEASE_MS };
      timer = this.#clock.after(RENEW_MS, renew);
      this.#store.operations.changeOperation(key, number, ['Active'], change).then(
        (changed) => {
          if (changed === 'unchanged') abort.abort();
        },
        // The store is away: the lease runs out, and the outcome of this fetch finds that somebody else has gone on.
        () => undefined,
      );
    };
    try {
      return await run(abort.signal);
    } finally {
      timer.cancel();
      if (this.#running.get(name) === abort) this.#running.delete(name);
    }
  }
}

const nameOf = (key: DeviceKey, number: number): string => `${nameOfDevice(key)} ${number}`;
