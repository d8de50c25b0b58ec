// Holds and hang-ups of models, gathered on this node and added to the store's counts now and then; and what follows
// from them for the next hold. A statistic: losing a minute of it loses nothing that was promised.
import type { Clock } from '../operate/clock.ts';
import type { HangUp } from '../store/catalogue-steps.ts';
import type { DeviceRecord } from '../store/device-steps.ts';
import type { Store } from '../store/store.ts';
import { learnedHold, modelHold, type ParkingRecord } from './hold-learning.ts';
import { modelOf } from './trees.ts';

interface Gathered {
  holds: number;
  hangUps: HangUp[];
}

const FLUSH_MS = 60_000;
const dayOf = (now: number): string => new Date(now).toISOString().slice(0, 10);

export class HoldCounter {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #gathered = new Map<string, Gathered>();
  /** What this node knows that models have learnt. */
  readonly #modelHolds = new Map<string, number>();
  #flushing = false;

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** A hold of the model ended by our own doing. */
  held(model: string): void {
    this.#of(model).holds += 1;
  }

  /** A hang-up that counts; the model may learn from it at once. */
  hungUp(model: string, hangUp: HangUp): Promise<void> {
    const gathered = this.#of(model);
    gathered.holds += 1;
    gathered.hangUps.push(hangUp);
    return this.#flush(model);
  }

  /** The shorter of what the CPE and its model taught; undefined when neither did. */
  learned(record: DeviceRecord, parking: ParkingRecord): number | undefined {
    const own = learnedHold(parking, this.#clock.now(), record.facts.SoftwareVersion);
    const ofModel = this.#modelHolds.get(modelOf(record));
    return own === undefined || ofModel === undefined ? (own ?? ofModel) : Math.min(own, ofModel);
  }

  #of(model: string): Gathered {
    const known = this.#gathered.get(model);
    if (known !== undefined) return known;
    const fresh: Gathered = { holds: 0, hangUps: [] };
    this.#gathered.set(model, fresh);
    if (!this.#flushing) {
      this.#flushing = true;
      this.#clock.after(FLUSH_MS, () => {
        this.#flushing = false;
        for (const name of [...this.#gathered.keys()]) this.#flush(name).catch(() => undefined);
      });
    }
    return fresh;
  }

  async #flush(model: string): Promise<void> {
    const gathered = this.#gathered.get(model);
    if (gathered === undefined) return;
    this.#gathered.delete(model);
    const day = dayOf(this.#clock.now());
    const counts = await this.#store.catalogues.countHolds(model, day, gathered.holds, gathered.hangUps);
    const proven = modelHold(counts);
    const learned =
      proven === undefined
        ? await this.#store.catalogues.modelHold(model)
        : await this.#store.catalogues.saveModelHold(model, proven);
    if (learned === undefined) this.#modelHolds.delete(model);
    else this.#modelHolds.set(model, learned);
  }
}
