// The keys in byte order, for listings. Built when the first listing asks and kept from then on: sorted runs of bounded
// length, so that a new key moves a few hundred pointers and not a million. Keys carry no surrogates (see log.ts), and so
// the order of JavaScript's `<` is the order of their UTF-8 bytes.
import { type KeyListener } from './key-index.ts';

const LONGEST_RUN = 1024;

/** The first position whose key is not less than `key`; with `orEqual` false, the first that is greater. */
function position(run: readonly string[], key: string, orEqual: boolean): number {
  let [low, high] = [0, run.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const candidate = run[middle] ?? '';
    if (candidate < key || (!orEqual && candidate === key)) low = middle + 1;
    else high = middle;
  }
  return low;
}

export class KeyOrder implements KeyListener {
  /** No run is empty. */
  readonly #runs: string[][] = [];

  constructor(keys: Iterable<string>) {
    const sorted = [...keys].sort();
    const half = LONGEST_RUN / 2;
    for (let from = 0; from < sorted.length; from += half) this.#runs.push(sorted.slice(from, from + half));
  }

  add(key: string): void {
    const at = this.#runFor(key);
    const run = this.#runs[at];
    if (run === undefined) {
      this.#runs.push([key]);
      return;
    }
    run.splice(position(run, key, true), 0, key);
    if (run.length > LONGEST_RUN) this.#runs.splice(at + 1, 0, run.splice(run.length / 2));
  }

  remove(key: string): void {
    const at = this.#runFor(key);
    const run = this.#runs[at];
    if (run === undefined) return;
    const where = position(run, key, true);
    if (run[where] !== key) return;
    run.splice(where, 1);
    if (run.length === 0) this.#runs.splice(at, 1);
  }

  /** Keys that begin with `prefix` and are greater than `after`, in order. */
  *from(prefix: string, after: string | undefined): Generator<string, void> {
    const skipAfter = after !== undefined && after >= prefix;
    const start = skipAfter ? after : prefix;
    for (let at = this.#runFor(start), first = true; at < this.#runs.length; at++, first = false) {
      const run = this.#runs[at] ?? [];
      for (let here = first ? position(run, start, !skipAfter) : 0; here < run.length; here++) {
        const key = run[here] ?? '';
        if (!key.startsWith(prefix)) {
          if (key > prefix) return;
          continue;
        }
        yield key;
      }
    }
  }

  /** The last run that begins at or before `key`; the first one when none does. */
  #runFor(key: string): number {
    let [low, high] = [0, this.#runs.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#runs[middle]?.[0] ?? '') <= key) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }
}
