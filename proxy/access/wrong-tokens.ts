// Wrong tokens from one address: after some in a minute the next are told to come later, and each time later. Only wrong ones
// are counted and only they are put off: many Controllers may stand behind one proxy, and none is to lock out the others. It
// spares work and tells the operator; that a token cannot be guessed is a matter of its length. In memory, of bounded size.
import { Recent } from '../operate/recent.ts';

const WINDOW_MS = 60_000;
const LONGEST_WAIT_S = 60;
/** Addresses looked after at once; of more, those that were quiet for longest are forgotten. */
const ADDRESSES_KEPT = 16_384;

interface Source {
  wrong: number;
  lastAt: number;
}

export interface PutOff {
  /** Seconds; 0: not yet. */
  readonly waitS: number;
  /** The first time in a row. */
  readonly begins: boolean;
}

const NOT_YET: PutOff = { waitS: 0, begins: false };

export class WrongTokens {
  readonly #perMinute: number;
  readonly #sources = new Recent<Source>(ADDRESSES_KEPT);

  /** `perMinute`: 0 for no limit. */
  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  /** A wrong token has come. `now` in milliseconds. */
  came(address: string, now: number): PutOff {
    if (this.#perMinute === 0) return NOT_YET;
    const known = this.#sources.get(address);
    if (known === undefined || now - known.lastAt >= WINDOW_MS) {
      this.#sources.set(address, { wrong: 1, lastAt: now });
      return NOT_YET;
    }
    known.wrong += 1;
    known.lastAt = now;
    const beyond = known.wrong - this.#perMinute;
    if (beyond <= 0) return NOT_YET;
    return { waitS: Math.min(LONGEST_WAIT_S, 2 ** (beyond - 1)), begins: beyond === 1 };
  }
}
