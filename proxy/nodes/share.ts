// What each node does for some devices only, so that each device is done for by one of them: rendezvous hashing of its id
// over the incarnations that are alive. A node that comes or goes moves its own share and no other.
import { createHash } from 'node:crypto';
import type { Clock, Timer } from '../operate/clock.ts';

/** The incarnation among these whose a device is. Pure; the same on every node that sees the same ones. */
export function shareHolder(device: string, alive: Iterable<string>): string | undefined {
  let holder: string | undefined;
  let highest = '';
  for (const incarnation of alive) {
    const weight = createHash('sha1').update(`${incarnation} ${device}`).digest('hex');
    if (holder !== undefined && weight <= highest) continue;
    holder = incarnation;
    highest = weight;
  }
  return holder;
}

/**
 * Nodes see each other come and go a beat apart. What moves away from here is let go at once; what moves here is taken when
 * the same nodes have been seen for so long, so that the one before has let go.
 */
const SETTLED_MS = 5000;

export interface ShareContext {
  readonly incarnation: string;
  readonly clock: Clock;
  /** Some devices are not ours any more. */
  readonly lost: () => void;
  /** Some devices may have become ours. */
  readonly gained: () => void;
}

export class Share {
  readonly #context: ShareContext;
  /** As seen last, and as seen for long enough. */
  #alive: ReadonlySet<string> = new Set();
  #settled: ReadonlySet<string> = new Set();
  #timer: Timer | undefined;

  constructor(context: ShareContext) {
    this.#context = context;
  }

  /** Who is alive now, ourselves among them. */
  seen(alive: Iterable<string>): void {
    const now = new Set([...alive, this.#context.incarnation]);
    if (isSame(now, this.#alive)) return;
    this.#alive = now;
    this.#timer?.cancel();
    // Alone from the start: there is nobody who would have to let go first.
    if (this.#settled.size === 0 && now.size === 1) this.#settle(now);
    else this.#timer = this.#context.clock.after(SETTLED_MS, () => this.#settle(now));
    this.#context.lost();
  }

  isOurs(device: string): boolean {
    const { incarnation } = this.#context;
    if (this.#alive.size === 1 && this.#settled.size === 1) return true;
    return shareHolder(device, this.#alive) === incarnation && shareHolder(device, this.#settled) === incarnation;
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #settle(alive: ReadonlySet<string>): void {
    this.#settled = alive;
    this.#context.gained();
  }
}

const isSame = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  one.size === other.size && [...one].every((member) => other.has(member));
