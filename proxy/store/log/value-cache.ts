// Values read or written lately, bounded by the bytes they hold: the next step on a device reads what the last one wrote.
// Keyed by index slot, so that a caller's key string is not kept.

/** What an entry costs beside its bytes: the Buffer object, its backing store's header, the Map entry. */
const ENTRY_BYTES = 200;

export class ValueCache {
  readonly #values = new Map<number, Buffer | string>();
  readonly #capacity: number;
  #bytes = 0;

  constructor(capacityBytes: number) {
    this.#capacity = capacityBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(slot: number): Buffer | string | undefined {
    const value = this.#values.get(slot);
    if (value !== undefined) {
      // A Map keeps the order of insertion: the first entry is the one that was not asked for the longest.
      this.#values.delete(slot);
      this.#values.set(slot, value);
    }
    return value;
  }

  /**
   * `value` must own its memory: a slice would hold more than is counted. One value takes at most a sixteenth. A text is
   * counted as if it were Latin; of any other half as many are kept in truth.
   */
  set(slot: number, value: Buffer | string): void {
    this.drop(slot);
    const bytes = value.length + ENTRY_BYTES;
    if (bytes > this.#capacity / 16) return;
    this.#values.set(slot, value);
    this.#bytes += bytes;
    for (const oldest of this.#values.keys()) {
      if (this.#bytes <= this.#capacity) return;
      this.drop(oldest);
    }
  }

  drop(slot: number): void {
    const value = this.#values.get(slot);
    if (value === undefined) return;
    this.#values.delete(slot);
    this.#bytes -= value.length + ENTRY_BYTES;
  }
}
