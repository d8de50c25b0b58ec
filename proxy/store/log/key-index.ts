// Where the value of every key lies. Locations are columns of numbers instead of an object a key: a Map entry, 20 bytes
// of columns and the key itself are all that a key costs. Knows nothing of files.
import { recordBytes } from './format.ts';

/** What a listing in key order needs to hear. */
export interface KeyListener {
  add(key: string): void;
  remove(key: string): void;
}

export const NO_SLOT = -1;
const FIRST_CAPACITY = 1024;

/** A key's slot stays the same for as long as the key is there, wherever its value moves. */
export class KeyIndex {
  readonly #slots = new Map<string, number>();
  readonly #liveIn = new Map<number, number>();
  #segments = new Uint32Array(FIRST_CAPACITY);
  #offsets = new Uint32Array(FIRST_CAPACITY);
  #lengths = new Uint32Array(FIRST_CAPACITY);
  #expiries = new Float64Array(FIRST_CAPACITY);
  /** Slots of removed keys are chained through `#offsets`. */
  #free = NO_SLOT;
  #used = 0;
  #liveBytes = 0;
  #expiring = 0;
  #sweep: Iterator<[string, number], undefined> | undefined;
  #listener: KeyListener | undefined;

  get keyCount(): number {
    return this.#slots.size;
  }
  /** What the records of all keys would take, packed. */
  get liveBytes(): number {
    return this.#liveBytes;
  }

  keys(): IterableIterator<string> {
    return this.#slots.keys();
  }
  listen(listener: KeyListener): void {
    this.#listener = listener;
  }

  find(key: string): number {
    return this.#slots.get(key) ?? NO_SLOT;
  }
  segmentOf(slot: number): number {
    return this.#segments[slot] ?? 0;
  }
  offsetOf(slot: number): number {
    return this.#offsets[slot] ?? 0;
  }
  lengthOf(slot: number): number {
    return this.#lengths[slot] ?? 0;
  }
  isExpired(slot: number, now: number): boolean {
    const expiresAt = this.#expiries[slot] ?? 0;
    return expiresAt !== 0 && expiresAt <= now;
  }
  /** How many keys have their value in a segment. */
  liveIn(segment: number): number {
    return this.#liveIn.get(segment) ?? 0;
  }

  /** Its slot. `key` is kept: hand in a string of its own, not one that holds on to the message it was cut from. */
  insert(key: string, keyBytes: number, segment: number, offset: number, length: number, expiresAt: number): number {
    const slot = this.#takeSlot();
    this.#slots.set(key, slot);
    this.#fill(slot, keyBytes, segment, offset, length, expiresAt);
    this.#listener?.add(key);
    return slot;
  }

  replace(slot: number, keyBytes: number, segment: number, offset: number, length: number, expiresAt: number): void {
    this.#empty(slot, keyBytes);
    this.#fill(slot, keyBytes, segment, offset, length, expiresAt);
  }

  /** The same value at another place. */
  move(slot: number, segment: number, offset: number): void {
    this.#countLive(this.segmentOf(slot), -1);
    this.#countLive(segment, 1);
    this.#segments[slot] = segment;
    this.#offsets[slot] = offset;
  }

  remove(key: string): void {
    const slot = this.find(key);
    if (slot === NO_SLOT) return;
    this.#empty(slot, Buffer.byteLength(key));
    this.#slots.delete(key);
    this.#offsets[slot] = this.#free === NO_SLOT ? 0xffff_ffff : this.#free;
    this.#free = slot;
    this.#listener?.remove(key);
  }

  /** Visits the next `count` keys, round and round over all calls, and gives those that have expired to `visit`. */
  sweep(count: number, now: number, visit: (key: string, slot: number) => void): void {
    if (this.#expiring === 0) return;
    this.#sweep ??= this.#slots.entries();
    for (let visited = 0; visited < count; visited++) {
      const next = this.#sweep.next();
      if (next.done === true) {
        this.#sweep = undefined;
        return;
      }
      const [key, slot] = next.value;
      if (this.isExpired(slot, now)) visit(key, slot);
    }
  }

  #fill(slot: number, keyBytes: number, segment: number, offset: number, length: number, expiresAt: number): void {
    this.#segments[slot] = segment;
    this.#offsets[slot] = offset;
    this.#lengths[slot] = length;
    this.#expiries[slot] = expiresAt;
    this.#liveBytes += recordBytes(keyBytes, length, expiresAt);
    if (expiresAt !== 0) this.#expiring++;
    this.#countLive(segment, 1);
  }

  #empty(slot: number, keyBytes: number): void {
    const expiresAt = this.#expiries[slot] ?? 0;
    this.#liveBytes -= recordBytes(keyBytes, this.lengthOf(slot), expiresAt);
    if (expiresAt !== 0) this.#expiring--;
    this.#countLive(this.segmentOf(slot), -1);
  }

  #countLive(segment: number, change: number): void {
    const count = this.liveIn(segment) + change;
    if (count === 0) this.#liveIn.delete(segment);
    else this.#liveIn.set(segment, count);
  }

  #takeSlot(): number {
    const free = this.#free;
    if (free !== NO_SLOT) {
      const next = this.offsetOf(free);
      this.#free = next === 0xffff_ffff ? NO_SLOT : next;
      return free;
    }
    if (this.#used === this.#segments.length) this.#grow();
    return this.#used++;
  }

  #grow(): void {
    const capacity = Math.ceil(this.#segments.length * 1.5);
    const [segments, offsets, lengths] = [this.#segments, this.#offsets, this.#lengths];
    (this.#segments = new Uint32Array(capacity)).set(segments);
    (this.#offsets = new Uint32Array(capacity)).set(offsets);
    (this.#lengths = new Uint32Array(capacity)).set(lengths);
    const expiries = this.#expiries;
    (this.#expiries = new Float64Array(capacity)).set(expiries);
  }
}
