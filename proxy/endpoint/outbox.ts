// From stored Notify rows to the transport that the Controller has on this node. The rows are the truth: what is not
// acknowledged stays stored, and is written again by the retry formula or when the Controller is back.
import type { Clock, Randomness } from '../operate/clock.ts';
import type { Log } from '../operate/log.ts';
import type { Metrics } from '../operate/metrics.ts';
import type { NotifyRow } from '../store/outbox-steps.ts';
import type { DeviceKey, Store } from '../store/store.ts';
import type { Connections } from './connections.ts';
import { retryWait } from './retry.ts';

/** Devices looked up in one go. */
const BATCH = 500;

export interface OutboxContext {
  readonly store: Store;
  readonly connections: Connections;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly schedule: (kind: string, key: DeviceKey, at: number) => Promise<void>;
}

export class Outbox {
  readonly #context: OutboxContext;
  /** One writer for each Controller at a time, so that nothing overtakes. */
  readonly #writing = new Map<string, Promise<void>>();

  constructor(context: OutboxContext) {
    this.#context = context;
  }

  /** A bell: the Controller has Notifies waiting, or has just connected. */
  ring(tenant: string, controller: string): void {
    if (!this.#context.connections.has(tenant, controller)) return;
    this.#after(`${tenant}/${controller}`, async () => {
      let after = '';
      while (this.#context.connections.has(tenant, controller)) {
        const keys = await this.#context.store.outbox.listOutbox(tenant, controller, after, BATCH);
        for (const key of keys) await this.#write(key, controller);
        after = keys.at(-1)?.device ?? '';
        if (keys.length < BATCH) break;
      }
    });
  }

  /** A NotifyResp, or an Error in its place. */
  async answered(key: DeviceKey, controller: string, msgId: string): Promise<void> {
    const known = await this.#context.store.outbox.notifyAnswered(key, controller, msgId);
    this.#context.metrics.count('notify', known ? 'answered' : 'answer-unknown');
  }

  /** Due work `notify`: drops what is over, writes what is due, and says when to look again. */
  async look(key: DeviceKey): Promise<number | undefined> {
    const { store, clock, metrics } = this.#context;
    const expired = await store.outbox.expireNotifies(key, clock.now());
    for (let count = 0; count < expired; count += 1) metrics.count('notify', 'expired');
    const rows = await store.outbox.listNotifies(key, undefined);
    for (const controller of new Set(rows.map((row) => row.controller))) this.ring(key.tenant, controller);
    const now = clock.now();
    const times = rows.map((row) => (row.nextAt > now ? Math.min(row.nextAt, row.expiresAt) : row.expiresAt));
    return times.length === 0 ? undefined : Math.min(...times);
  }

  #after(name: string, write: () => Promise<void>): void {
    const work = (this.#writing.get(name) ?? Promise.resolve()).then(write).catch((error: unknown) => {
      this.#context.metrics.count('failure', 'outbox');
      this.#context.log.error({ controller: name, err: error }, 'Notifies could not be written; they stay stored');
    });
    this.#writing.set(name, work);
    void work.finally(() => {
      if (this.#writing.get(name) === work) this.#writing.delete(name);
    });
  }

  async #write(key: DeviceKey, controller: string): Promise<void> {
    const { store, clock } = this.#context;
    const rows = await store.outbox.listNotifies(key, controller);
    const device = rows.length === 0 ? undefined : await store.devices.readDevice(key);
    for (const row of rows) {
      if (device === undefined || row.nextAt > clock.now() || row.expiresAt <= clock.now()) continue;
      if (!(await this.#writeRow(key, device.identity.endpointId, row))) return;
    }
  }

  /** False when there is no way to the Controller any more. */
  async #writeRow(key: DeviceKey, agent: string, row: NotifyRow): Promise<boolean> {
    const { store, connections, clock, randomness, metrics, schedule } = this.#context;
    const payload = Buffer.from(row.payload, 'base64');
    if (!connections.notify(key.tenant, row.controller, agent, { kind: 'no_session_context', payload })) return false;
    const random = Buffer.from(randomness(4)).readUInt32BE() / 2 ** 32;
    const nextAt = clock.now() + retryWait(row.attempts + 1, random);
    await store.outbox.notifyWritten(key, row.id, nextAt);
    if (row.retry) await schedule('notify', key, nextAt);
    metrics.count('notify', 'written');
    return true;
  }
}
