// From stored Notify rows to the transport that the Controller has on this node. The rows are the truth: what is not
// acknowledged stays stored, and is written again by the retry formula or when the Controller is back.
import type { Agent } from '../agent/agent.ts';
import type { SessionPolicy } from '../agent/local-agent/controller/e2e-session.ts';
import type { Clock, Randomness } from '../operate/clock.ts';
import type { Log } from '../operate/log.ts';
import type { Metrics } from '../operate/metrics.ts';
import { type NotifyRow, ON_BOARD } from '../store/outbox-steps.ts';
import type { DeviceKey, Store } from '../store/store.ts';
import type { Connection } from './connection.ts';
import type { Connections } from './connections.ts';
import type { SessionContexts } from './session-context/contexts.ts';
import { retryWait, STANDARD_RETRY } from './retry.ts';

/** Devices looked up in one go. */
const BATCH = 500;

export interface OutboxContext {
  readonly store: Store;
  readonly connections: Connections;
  readonly contexts: SessionContexts;
  /** What a Controller's row says of its Session Contexts; and who is told that it has answered an OnBoardRequest. */
  readonly agent: Pick<Agent, 'sessionPolicy' | 'onBoarded'>;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly schedule: (kind: string, key: DeviceKey, at: number) => Promise<void>;
}

/** What a Controller's writer has still to look at. */
interface Wanted {
  all: boolean;
  readonly devices: Map<string, DeviceKey>;
}

/** Whose Notifies are written, and how its Controller wants its Records. */
interface From {
  readonly key: DeviceKey;
  readonly agent: string;
  readonly policy: SessionPolicy;
}

/** msg_id follows from `<event>.<subscription>.<n>`. */
const ON_BOARD_MSG = new RegExp(`^notify-[0-9]+\\.${ON_BOARD}\\.`);

const NOT_NEW: ReadonlySet<Connection> = new Set();

export class Outbox {
  readonly #context: OutboxContext;
  /** One writer for each Controller at a time, so that nothing overtakes; bells that ring meanwhile make one more round. */
  readonly #writing = new Map<string, Wanted>();
  /** Connections on which everything that waited for them has been written. */
  readonly #caughtUp = new WeakSet<Connection>();

  constructor(context: OutboxContext) {
    this.#context = context;
  }

  /** A bell: the Controller has Notifies waiting (of one device, or of any), or has just connected. */
  ring(tenant: string, controller: string, key?: DeviceKey): void {
    if (!this.#context.connections.has(tenant, controller)) return;
    const name = `${tenant}/${controller}`;
    const writing = this.#writing.get(name);
    const wanted = writing ?? { all: false, devices: new Map<string, DeviceKey>() };
    if (key === undefined) wanted.all = true;
    else wanted.devices.set(key.device, key);
    if (writing !== undefined) return;
    this.#writing.set(name, wanted);
    this.#write(tenant, controller, wanted).catch((error: unknown) => {
      this.#context.metrics.count('failure', 'outbox');
      this.#context.log.error({ controller, err: error }, 'Notifies could not be written; they stay stored');
    });
  }

  /** A NotifyResp, or an Error in its place. */
  async answered(key: DeviceKey, controller: string, msgId: string): Promise<void> {
    const known = await this.#context.store.outbox.notifyAnswered(key, controller, msgId);
    this.#context.metrics.count('notify', known ? 'answered' : 'answer-unknown');
    if (known && ON_BOARD_MSG.test(msgId)) await this.#context.agent.onBoarded(key, controller);
  }

  /** Due work `notify`: drops what is over, writes what is due, and says when to look again. */
  async look(key: DeviceKey): Promise<number | undefined> {
    const { store, clock, metrics } = this.#context;
    const expired = await store.outbox.expireNotifies(key, clock.now());
    for (let count = 0; count < expired; count += 1) metrics.count('notify', 'expired');
    const rows = await store.outbox.listNotifies(key, undefined);
    const now = clock.now();
    const due = rows.filter(({ nextAt }) => nextAt <= now);
    for (const controller of new Set(due.map((row) => row.controller))) this.ring(key.tenant, controller, key);
    const times = rows.map(({ nextAt, expiresAt }) => (nextAt > now ? Math.min(nextAt, expiresAt) : expiresAt));
    return times.length === 0 ? undefined : Math.min(...times);
  }

  async #write(tenant: string, controller: string, wanted: Wanted): Promise<void> {
    try {
      while (wanted.all || wanted.devices.size > 0) {
        const devices = wanted.all ? [] : [...wanted.devices.values()];
        const { all } = wanted;
        wanted.all = false;
        wanted.devices.clear();
        if (all) await this.#writeAll(tenant, controller);
        for (const key of devices) await this.#writeDevice(key, controller, NOT_NEW);
      }
    } finally {
      // In the same turn as the last look at `wanted`: a bell after it starts a writer of its own.
      this.#writing.delete(`${tenant}/${controller}`);
    }
  }

  async #writeAll(tenant: string, controller: string): Promise<void> {
    const { store, connections } = this.#context;
    const fresh = new Set(connections.of(tenant, controller).filter((one) => !this.#caughtUp.has(one)));
    let after = '';
    while (connections.has(tenant, controller)) {
      const keys = await store.outbox.listOutbox(tenant, controller, after, BATCH);
      for (const key of keys) await this.#writeDevice(key, controller, fresh);
      after = keys.at(-1)?.device ?? '';
      if (keys.length < BATCH) break;
    }
    for (const connection of fresh) this.#caughtUp.add(connection);
  }

  /** `fresh`: connections on which rows are written though an earlier one has had them: their answer was lost with it. */
  async #writeDevice(key: DeviceKey, controller: string, fresh: ReadonlySet<Connection>): Promise<void> {
    const { store, clock, connections, agent: agents } = this.#context;
    const rows = await store.outbox.listNotifies(key, controller);
    if (rows.length === 0) return;
    const [device, template] = await Promise.all([
      store.devices.readDevice(key),
      store.tenants.readTemplate(key.tenant),
    ]);
    if (device === undefined) return;
    const agent = device.identity.endpointId;
    const from: From = { key, agent, policy: agents.sessionPolicy(device, template, controller) };
    for (const row of rows) {
      const way = connections.wayTo(key.tenant, controller, agent);
      if (way === undefined) return;
      const now = clock.now();
      const waits = row.nextAt > now && !fresh.has(way);
      if (waits || row.expiresAt <= now) continue;
      if (!(await this.#writeRow(from, row, way))) return;
    }
  }

  /** False when the connection is over. */
  async #writeRow({ key, agent, policy }: From, row: NotifyRow, way: Connection): Promise<boolean> {
    const { store, contexts, clock, randomness, metrics, schedule } = this.#context;
    const payload = Buffer.from(row.payload, 'base64');
    const pair = { tenant: key.tenant, controller: way.controller, agent };
    if (!contexts.tell(pair, way, payload, policy)) return false;
    const random = Buffer.from(randomness(4)).readUInt32BE() / 2 ** 32;
    const now = clock.now();
    const nextAt = now + retryWait(row.backOff ?? STANDARD_RETRY, row.attempts + 1, random);
    // NotifExpiration counts from the first try.
    const expiresAt = row.attempts === 0 && row.expiration !== undefined ? now + row.expiration : undefined;
    await store.outbox.notifyWritten(key, row.id, nextAt, expiresAt);
    if (row.retry) await schedule('notify', key, nextAt);
    metrics.count('notify', 'written');
    await way.drained();
    return true;
  }
}
