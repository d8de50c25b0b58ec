// Due work: what was promised for a time happens then, on whichever node has the lease, though the one that promised it
// may be gone (DESIGN mechanism 8). Handlers are idempotent; one that fails is tried again when its lease is over.
import type { Clock, Timer } from '../operate/clock.ts';
import type { Log } from '../operate/log.ts';
import type { Metrics } from '../operate/metrics.ts';
import type { DueItem } from '../store/due-steps.ts';
import type { DeviceKey, Store } from '../store/store.ts';

/** Does the work; resolves with the time at which it is due again, or undefined. */
export type DueHandler = (key: DeviceKey) => Promise<number | undefined>;

/** Another node may have scheduled something: nobody rings for that. */
const LOOK_MS = 1000;
const LEASE_MS = 30_000;
const BATCH = 256;

export interface DueContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Handlers by kind; a kind without one is left for a node that knows it. */
  readonly handlers: Readonly<Record<string, DueHandler>>;
}

export class DueWork {
  readonly #context: DueContext;
  #timer: Timer | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  /** Looks under way; one may begin while a slow one still is. */
  readonly #running = new Set<Promise<void>>();
  #stopped = true;

  constructor(context: DueContext) {
    this.#context = context;
  }

  start(): void {
    this.#stopped = false;
    this.#look(0);
  }

  /** Resolves when the work in hand is done; nothing new begins. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await Promise.all(this.#running);
  }

  async schedule(kind: string, key: DeviceKey, at: number): Promise<void> {
    await this.#context.store.due.schedule({ kind, key, at });
    this.#look(Math.max(0, at - this.#context.clock.now()));
  }

  #look(inMs: number): void {
    const { clock } = this.#context;
    const delay = Math.min(inMs, LOOK_MS);
    if (this.#stopped || clock.now() + delay >= this.#timerAt) return;
    this.#timer?.cancel();
    this.#timerAt = clock.now() + delay;
    this.#timer = clock.after(delay, () => {
      this.#timerAt = Number.POSITIVE_INFINITY;
      const work = this.#work().finally(() => this.#running.delete(work));
      this.#running.add(work);
    });
  }

  async #work(): Promise<void> {
    const { store, clock, log, metrics } = this.#context;
    try {
      const items = await store.due.takeDue(clock.now(), LEASE_MS, BATCH);
      await Promise.all(items.map((item) => this.#handle(item)));
      const next = await store.due.nextDue();
      this.#look(next === undefined ? LOOK_MS : Math.max(0, next - clock.now()));
    } catch (error) {
      metrics.count('failure', 'due');
      log.error({ err: error }, 'due work could not be looked at; it is tried again');
      this.#look(LOOK_MS);
    }
  }

  async #handle(item: DueItem): Promise<void> {
    const { store, log, metrics, handlers } = this.#context;
    const handler = handlers[item.kind];
    if (handler === undefined) return;
    try {
      const next = await handler(item.key);
      await store.due.finishDue(item, next);
      metrics.count('due_work', item.kind);
    } catch (error) {
      metrics.count('failure', `due-${item.kind}`);
      log.error({ kind: item.kind, device: item.key.device, err: error }, 'due work failed; it is tried again');
    }
  }
}
