// The highest count that came under each nonce (RFC 7616 §3.4, nc), for CPEs whose profile wants it to rise: an answer
// that was overheard cannot be sent again then. Kept by this node only, as long as a nonce may be good.

/** More at once would be somebody's flood: the older half is forgotten, and may be repeated. */
const CAP = 50_000;

export class NonceCounts {
  readonly #keepMs: number;
  #young = new Map<string, number>();
  #old = new Map<string, number>();
  #youngSince = 0;

  /** A count is kept for `keepMs` at least. */
  constructor(keepMs: number) {
    this.#keepMs = keepMs;
  }

  /** Whether this count is above all that came before it. An answer without one (RFC 2069) is good once. */
  rises(nonce: string, nc: number | undefined, nowMs: number): boolean {
    if (nowMs - this.#youngSince > this.#keepMs || this.#young.size >= CAP) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#youngSince = nowMs;
    }
    const highest = this.#young.get(nonce) ?? this.#old.get(nonce) ?? 0;
    const count = nc ?? 1;
    if (count <= highest) return false;
    this.#young.set(nonce, count);
    return true;
  }
}
