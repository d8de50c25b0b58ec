// A rate with a burst: tokens run in evenly, up to a second's worth, and each Record takes one.

export class TokenBucket {
  readonly #perSecond: number;
  #tokens: number;
  #at = Number.NEGATIVE_INFINITY;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
    this.#tokens = perSecond;
  }

  /** Takes some, on credit where there are none; how many milliseconds it then takes until there is no debt any more. */
  take(now: number, count = 1): number {
    // A clock that was set back brings nothing, and takes nothing.
    const ran = Math.max(0, now - this.#at) * (this.#perSecond / 1000);
    this.#at = now;
    this.#tokens = Math.min(this.#perSecond, this.#tokens + ran) - count;
    return this.#tokens >= 0 ? 0 : Math.ceil((-this.#tokens * 1000) / this.#perSecond);
  }
}
