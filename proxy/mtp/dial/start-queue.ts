// The turn of each dial. However many Agents want to dial at once (the gateway has started, a Controller is back), one
// place sees at most a small share of them in any second, and few handshakes are under way at a time.
import type { Clock, Timer } from '../../operate/clock.ts';

export interface StartQueueSettings {
  /** Handshakes of this node at once. */
  readonly handshakes: number;
}

/** So that a place which answers nobody leaves room for the others. */
const SHARE_OF_HANDSHAKES = 1 / 4;

/** Of all dials to one place, those that may begin within a second: below the 5 % that a Controller is promised. */
const SHARE_A_SECOND = 0.03;
/** So that a handful of Agents does not wait for each other. */
const LEAST_A_SECOND = 10;
/** What a node bears beside its other work. */
const MOST_A_SECOND = 500;
/** What a late timer has missed is made good for this long, and no longer: it would come all at once. */
const CATCH_UP_MS = 100;

interface Place {
  /** Dials that there are to it, in whatever state. */
  members: number;
  readonly waiting: Map<object, () => void>;
  running: number;
  /** When the next may begin. */
  nextAt: number;
}

export class StartQueue {
  readonly #clock: Clock;
  readonly #settings: StartQueueSettings;
  readonly #places = new Map<string, Place>();
  readonly #running = new Map<object, Place>();
  #timer: Timer | undefined;
  #timerAt = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, settings: StartQueueSettings) {
    this.#clock = clock;
    this.#settings = settings;
  }

  /** A dial to a place (`host:port`) is there; each `join` needs its `leave`. */
  join(place: string): void {
    this.#placeOf(place).members += 1;
  }

  leave(place: string): void {
    const left = this.#placeOf(place);
    left.members -= 1;
    if (left.members === 0) this.#places.delete(place);
  }

  /** `start` is called when it is the turn of `who`, at once where nobody is in the way; `done` must follow it. */
  enter(place: string, who: object, start: () => void): void {
    this.#placeOf(place).waiting.set(who, start);
    this.#serve();
  }

  /** The handshake is over, or its turn is given up. */
  done(place: string, who: object): void {
    this.#places.get(place)?.waiting.delete(who);
    const ran = this.#running.get(who);
    if (ran === undefined) return;
    this.#running.delete(who);
    ran.running -= 1;
    this.#serve();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#places.clear();
  }

  #placeOf(name: string): Place {
    const known = this.#places.get(name);
    if (known !== undefined) return known;
    const place = { members: 0, waiting: new Map<object, () => void>(), running: 0, nextAt: 0 };
    this.#places.set(name, place);
    return place;
  }

  #serve(): void {
    let nextAt = Number.POSITIVE_INFINITY;
    for (const place of this.#places.values()) {
      this.#startAllDue(place);
      // Where all handshakes are taken the end of one is the bell.
      if (place.waiting.size > 0 && this.#hasRoom(place)) nextAt = Math.min(nextAt, place.nextAt);
    }
    if (nextAt < this.#timerAt) this.#wake(nextAt);
  }

  #hasRoom(place: Place): boolean {
    const { handshakes } = this.#settings;
    return this.#running.size < handshakes && place.running < Math.ceil(handshakes * SHARE_OF_HANDSHAKES);
  }

  #startAllDue(place: Place): void {
    const now = this.#clock.now();
    for (const [who, start] of place.waiting) {
      if (place.nextAt > now || !this.#hasRoom(place)) return;
      const perSecond = Math.min(MOST_A_SECOND, Math.max(LEAST_A_SECOND, place.members * SHARE_A_SECOND));
      place.nextAt = Math.max(place.nextAt, now - CATCH_UP_MS) + 1000 / perSecond;
      place.waiting.delete(who);
      place.running += 1;
      this.#running.set(who, place);
      start();
    }
  }

  #wake(at: number): void {
    this.#timer?.cancel();
    this.#timerAt = at;
    this.#timer = this.#clock.after(Math.max(0, at - this.#clock.now()), () => {
      this.#timerAt = Number.POSITIVE_INFINITY;
      this.#serve();
    });
  }
}
