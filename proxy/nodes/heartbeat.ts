// One run of one node is an incarnation, alive while its heartbeat is young. Whoever finds a dead one looks after what it
// left, and then forgets it.
import type { Clock, Timer } from '../operate/clock.ts';
import type { Log } from '../operate/log.ts';
import type { Metrics } from '../operate/metrics.ts';
import type { Store } from '../store/store.ts';

const BEAT_MS = 2000;
const ALIVE_MS = 10_000;

export interface HeartbeatContext {
  readonly store: Store;
  readonly incarnation: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Takes over what a dead incarnation left; idempotent, since several nodes may do it at once. */
  readonly inherit: (incarnation: string) => Promise<void>;
  /** Who was alive at the last look; told at each. */
  readonly seen?: (alive: ReadonlySet<string>) => void;
}

export class Heartbeat {
  readonly #context: HeartbeatContext;
  #timer: Timer | undefined;
  #stopped = false;
  #working: Promise<void> = Promise.resolve();
  #alive: ReadonlySet<string> = new Set();

  constructor(context: HeartbeatContext) {
    this.#context = context;
  }

  /** Resolves after the first beat, so that nothing is claimed by an incarnation that nobody knows. */
  async start(): Promise<void> {
    await this.#beat();
    this.#next(0);
  }

  /** Whether an incarnation was alive at the last look, a beat ago at most. */
  isAlive(incarnation: string): boolean {
    return incarnation === this.#context.incarnation || this.#alive.has(incarnation);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await this.#working;
    const { store, incarnation, inherit } = this.#context;
    // What could not be given up in time is left as by a dead node, but not for ten seconds.
    await inherit(incarnation);
    await store.nodes.forgetIncarnation(incarnation);
  }

  #next(inMs = BEAT_MS): void {
    if (this.#stopped) return;
    this.#timer = this.#context.clock.after(inMs, () => {
      this.#working = this.#beat()
        .then(() => this.#bury())
        .catch((error: unknown) => {
          this.#context.metrics.count('failure', 'heartbeat');
          this.#context.log.warn({ err: error }, 'the heartbeat could not be stored; it is tried again');
        })
        .finally(() => this.#next());
    });
  }

  async #beat(): Promise<void> {
    const { store, incarnation, clock } = this.#context;
    await store.nodes.heartbeat(incarnation, clock.now(), ALIVE_MS);
    this.#alive = new Set(await store.nodes.listAlive(clock.now()));
    this.#context.seen?.(this.#alive);
  }

  async #bury(): Promise<void> {
    const { store, clock, log, inherit } = this.#context;
    for (const dead of await store.nodes.listDead(clock.now())) {
      log.info({ incarnation: dead }, 'a node incarnation is dead; its devices are looked after');
      await inherit(dead);
      await store.nodes.forgetIncarnation(dead);
    }
  }
}
