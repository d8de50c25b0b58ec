// Time and chance, handed to everything that needs them, so that a test can hold both still.
import { randomBytes } from 'node:crypto';

export interface Timer {
  cancel(): void;
}
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs once after `ms`; does not keep the process alive. */
  after(ms: number, run: () => void): Timer;
}

/** Node's setTimeout fires at once when told to wait longer. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    let timer: NodeJS.Timeout;
    const wait = (left: number): void => {
      const now = Math.min(left, LONGEST_TIMEOUT_MS);
      timer = setTimeout(() => (left > now ? wait(left - now) : run()), now);
      timer.unref();
    };
    wait(ms);
    return { cancel: () => clearTimeout(timer) };
  },
};

/** Random bytes from a cryptographic source. */
export type Randomness = (length: number) => Uint8Array;

/** The source is asked for many bytes at once: a call for sixteen costs nearly as much as one for thousands. */
const POOL_BYTES = 4096;
let pool = new Uint8Array(0);
let taken = 0;

export const systemRandomness: Randomness = (length) => {
  if (length > POOL_BYTES) return randomBytes(length);
  if (taken + length > pool.length) {
    pool = randomBytes(POOL_BYTES);
    taken = 0;
  }
  taken += length;
  return pool.slice(taken - length, taken);
};

/** By chance, from 0 to just below 1, in 256 steps: so that what failed together does not come again together. */
export const chance = (randomness: Randomness): number => (randomness(1)[0] ?? 0) / 256;

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** `length` characters of base32, five random bits each: letters and digits only, so that any CPE can carry it. */
export function randomName(randomness: Randomness, length: number): string {
  let name = '';
  for (const byte of randomness(length)) name += BASE32.charAt(byte & 31);
  return name;
}
