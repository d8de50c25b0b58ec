// What reading has taught of each model, as this node last heard of it. A request never waits for it twice: what is known
// serves while it is asked for again behind, a minute old at most where the model is in use.
import type { Clock } from '../operate/clock.ts';
import { Recent } from '../operate/recent.ts';
import type { Lesson, ModelLessons as Lessons } from '../store/catalogue-steps.ts';
import type { Store } from '../store/store.ts';

interface Known {
  readonly lessons: Lessons;
  readonly askedAt: number;
}

const FRESH_MS = 60_000;
const MODELS_KEPT = 512;
/** Names that devices lately said they do not have, of all devices of this node. */
const OWN_WORDS_KEPT = 8192;
/** A name may come to life by what somebody sets: it is asked again after this. */
export const ASKED_AGAIN_MS = 24 * 3_600_000;

export const NOTHING_LEARNT: Lessons = { borne: 0, readBatch: undefined, badNames: new Map() };

export class ModelLessons {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #failed: (error: unknown) => void;
  readonly #known = new Recent<Known>(MODELS_KEPT);
  readonly #ownWords = new Recent<number>(OWN_WORDS_KEPT);

  constructor(store: Store, clock: Clock, failed: (error: unknown) => void) {
    this.#store = store;
    this.#clock = clock;
    this.#failed = failed;
  }

  /** What is known of the model here; nothing before `ready` was awaited once. */
  of(model: string): Lessons {
    return this.#known.get(model)?.lessons ?? NOTHING_LEARNT;
  }

  /** Undefined when `of` may be asked at once, else it resolves when it may. Never rejects: it is no condition for work. */
  ready(model: string): Promise<void> | undefined {
    const known = this.#known.get(model);
    const now = this.#clock.now();
    if (known !== undefined && now - known.askedAt < FRESH_MS) return undefined;
    // Not asked by every request while the answer is under way, nor again at once when the store is away.
    this.#known.set(model, { lessons: known?.lessons ?? NOTHING_LEARNT, askedAt: now });
    const asked = this.#take(model, () => this.#store.catalogues.modelLessons(model));
    return known === undefined ? asked : undefined;
  }

  /** Never rejects: what could not be kept is learnt another time. */
  learn(model: string, lesson: Lesson): Promise<void> {
    return this.#take(model, () => this.#store.catalogues.learn(model, lesson));
  }

  /** The device itself said that it does not have this very name. */
  noteOwnWord(device: string, name: string): void {
    this.#ownWords.set(`${device}\n${name}`, this.#clock.now());
  }

  /** It said so within the last day, as far as this node knows. */
  hasOwnWord(device: string, name: string): boolean {
    const at = this.#ownWords.get(`${device}\n${name}`);
    return at !== undefined && this.#clock.now() - at < ASKED_AGAIN_MS;
  }

  async #take(model: string, ask: () => Promise<Lessons>): Promise<void> {
    try {
      const lessons = await ask();
      this.#known.set(model, { lessons, askedAt: this.#clock.now() });
    } catch (error) {
      this.#failed(error);
    }
  }
}
