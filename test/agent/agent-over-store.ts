// The Agent over a real store and no CPE at all: what it submits, schedules and stores is there to be looked at.
import { pino } from 'pino';
import type { Test } from 'tap';
import { Agent, type Handled } from '../../proxy/agent/agent.ts';
import type { AgentSettings } from '../../proxy/agent/context.ts';
import { ensureController } from '../../proxy/agent/local-agent/controller/controllers.ts';
import type { Submission, Submitted } from '../../proxy/device/room.ts';
import { DeviceTransfers, type TransfersContext } from '../../proxy/device/transfers/transfers.ts';
import { Trees } from '../../proxy/device/trees.ts';
import { Views } from '../../proxy/mapping/views.ts';
import { createMetrics } from '../../proxy/operate/metrics.ts';
import type { DeviceRecord } from '../../proxy/store/device-steps.ts';
import { createEmbeddedStore } from '../../proxy/store/embedded/embedded.ts';
import { openLog } from '../../proxy/store/log/log.ts';
import type { Store } from '../../proxy/store/store.ts';
import { decodeMsg } from '../../proxy/usp/msg-codec.ts';
import type { Notification, NotifyRequest } from '../../proxy/usp/messages/notify.ts';
import type { UspBody } from '../../proxy/usp/msg.ts';
import { claim, KEY, read, START, TENANT } from '../store/contract/samples.ts';
import { CONTROLLER } from './agent-at-hand.ts';
import { noImages } from './firmware/no-images.ts';

const SETTINGS: AgentSettings = {
  softwareVersion: '0.1.0',
  subscriptionCap: 100,
  webSocket: { port: 8080, encrypted: false, keepAliveSeconds: 30 },
  rebootGraceMs: 90_000,
  diagnosticBoundMs: 600_000,
  leavesNative: true,
  notifyKeepMs: 7 * 24 * 3600 * 1000,
};

export class AgentOverStore {
  readonly store: Store;
  readonly agent: Agent;
  readonly metrics = createMetrics();
  readonly submitted: Submission[] = [];
  /** Devices whose events were rung for. */
  readonly derived: string[] = [];
  readonly scheduled: (readonly [kind: string, at: number])[] = [];
  /** What the device room says of the next submission. */
  admits: Submitted = { kind: 'queued', id: 'request' };
  now = START;
  #msgIds = 0;

  private constructor(store: Store) {
    this.store = store;
    const effects: Omit<TransfersContext, 'settings' | 'randomness'> = {
      store,
      clock: { now: () => this.now, after: () => ({ cancel: () => undefined }) },
      log: pino({ level: 'silent' }),
      metrics: this.metrics,
      submit: (_key, submission) => {
        this.submitted.push(submission);
        return Promise.resolve(this.admits);
      },
      schedule: (kind, _key, at) => {
        this.scheduled.push([kind, at]);
        return Promise.resolve();
      },
    };
    const randomness = (bytes: number): Uint8Array => new Uint8Array(bytes);
    this.agent = new Agent({
      ...effects,
      randomness,
      settings: SETTINGS,
      transfers: new DeviceTransfers({ ...effects, randomness, settings: { keepMs: 86_400_000, cap: 8 } }),
      images: noImages(),
      trees: new Trees(store),
      views: new Views(),
      derive: (key) => this.derived.push(key.device),
    });
  }

  /** A device that has reported once, and a Controller that is let in. */
  static async open(t: Test): Promise<AgentOverStore> {
    const store = createEmbeddedStore(
      await openLog({ folder: t.testdir(), sync: 'none', clock: Date.now }),
      () => START,
    );
    t.teardown(() => store.close());
    await claim(store);
    await ensureController(store, TENANT, CONTROLLER, 'full');
    return new AgentOverStore(store);
  }

  /** Another node with the same store. */
  beside(): AgentOverStore {
    return new AgentOverStore(this.store);
  }

  device(): Promise<DeviceRecord> {
    return read(this.store, KEY);
  }

  /** What the outbox has after all events are derived, answered by their Controllers. */
  async told(): Promise<readonly (readonly [to: string, NotifyRequest])[]> {
    await this.deriveAll();
    const rows = await this.store.outbox.listNotifies(KEY, undefined);
    for (const { controller, msg_id } of rows) await this.store.outbox.notifyAnswered(KEY, controller, msg_id);
    return rows.flatMap(({ controller, payload }) => {
      const decoded = decodeMsg(Buffer.from(payload, 'base64'));
      return decoded.ok && decoded.msg.body.kind === 'notify' ? [[controller, decoded.msg.body] as const] : [];
    });
  }

  async notifications(): Promise<readonly Notification[]> {
    return (await this.told()).map(([, { notification }]) => notification);
  }

  /** As the device room does, until nothing is left. */
  async deriveAll(): Promise<void> {
    for (;;) {
      const record = await this.device();
      const derived = await this.agent.telling.derive(record, await this.store.tenants.readTemplate(TENANT));
      const { lastEvent } = record;
      const nothing = { rows: [], ledger: undefined, local: undefined };
      await this.store.outbox.deriveNotifies(KEY, lastEvent, derived ?? nothing, 1000);
      if (derived?.events === undefined) return;
    }
  }

  async handle(body: UspBody, roles: readonly string[] = [], from_id = CONTROLLER): Promise<Handled> {
    this.#msgIds += 1;
    const msg = { msg_id: `m${this.#msgIds}`, body };
    const device = await this.device();
    return this.agent.handle({ device, from_id, roles, msg, returnPath: 'socket-1' });
  }

  /** The answer, which must come at once. */
  async answer(body: UspBody, from_id = CONTROLLER): Promise<UspBody> {
    const handled = await this.handle(body, [], from_id);
    if (handled.kind !== 'answered') throw new Error(`it was ${handled.kind}`);
    return handled.msg.body;
  }
}
