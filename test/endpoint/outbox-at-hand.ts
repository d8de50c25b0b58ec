// An outbox on a real store with one device, a clock that a test moves, and Notifies that it derives.
import type { Test } from 'tap';
import { type SessionPolicy, STANDARD_POLICY } from '../../proxy/agent/local-agent/controller/e2e-session.ts';
import { Connections } from '../../proxy/endpoint/connections.ts';
import { Outbox } from '../../proxy/endpoint/outbox.ts';
import { SessionContexts } from '../../proxy/endpoint/session-context/contexts.ts';
import type { Clock } from '../../proxy/operate/clock.ts';
import { createLog } from '../../proxy/operate/log.ts';
import type { Metrics } from '../../proxy/operate/metrics.ts';
import { createEmbeddedStore } from '../../proxy/store/embedded/embedded.ts';
import { openLog } from '../../proxy/store/log/log.ts';
import type { NotifyRow } from '../../proxy/store/outbox-steps.ts';
import type { DeviceKey, Store } from '../../proxy/store/store.ts';
import { encodeMsg } from '../../proxy/usp/msg-codec.ts';
import { claim, deriveFrom, KEY, row, START } from '../store/contract/samples.ts';

export interface OutboxAtHand {
  readonly outbox: Outbox;
  readonly connections: Connections;
  readonly contexts: SessionContexts;
  /** What the Controller's row says of its Session Contexts; a test may change it. */
  readonly policy: { -readonly [Name in keyof SessionPolicy]: SessionPolicy[Name] };
  readonly store: Store;
  readonly clock: { now: number };
  /** By `name label`. */
  readonly counted: Map<string, number>;
  /** Times for which due work was asked. */
  readonly scheduled: number[];
  /** Controllers that have answered an OnBoardRequest. */
  readonly onBoarded: readonly string[];
  /** Stores Notifies of one event, by their msg_id; nobody is rung. */
  readonly derive: (
    msgIds: readonly string[],
    change?: Partial<NotifyRow>,
    key?: DeviceKey,
    cap?: number,
  ) => Promise<void>;
  /** msg_ids that are still stored. */
  readonly stored: (key?: DeviceKey) => Promise<readonly string[]>;
}

export async function outboxAtHand(t: Test): Promise<OutboxAtHand> {
  const time = { now: START };
  const now = (): number => time.now;
  const store = createEmbeddedStore(await openLog({ folder: t.testdir(), sync: 'none', clock: now }), now);
  t.teardown(() => store.close());
  await claim(store);
  const clock: Clock = { now, after: () => ({ cancel: () => undefined }) };
  const counted = new Map<string, number>();
  const scheduled: number[] = [];
  const onBoarded: string[] = [];
  const connections = new Connections('n1');
  const metrics: Metrics = {
    count: (name, label) => void counted.set(`${name} ${label}`, (counted.get(`${name} ${label}`) ?? 0) + 1),
    gauge: () => undefined,
    text: async () => '',
  };
  const randomness = (length: number): Uint8Array => new Uint8Array(length);
  const contexts = new SessionContexts({ connections, clock, randomness, metrics });
  const policy = { ...STANDARD_POLICY };
  const outbox = new Outbox({
    store,
    connections,
    contexts,
    agent: {
      sessionPolicy: () => policy,
      onBoarded: async (_key, controller) => void onBoarded.push(controller),
    },
    clock,
    randomness,
    log: createLog('silent'),
    metrics,
    schedule: async (_kind, _key, at) => void scheduled.push(at),
  });
  return {
    outbox,
    connections,
    contexts,
    policy,
    store,
    clock: time,
    counted,
    scheduled,
    onBoarded,
    async derive(msgIds, change = {}, key = KEY, cap = 1000) {
      await deriveFrom(
        t,
        store,
        (sequence) =>
          msgIds.map((msg_id, index) => {
            const id = `${sequence}.${change.subscription ?? 1}.${index}`;
            return row(sequence, { id, msg_id, payload: payloadOf(msg_id), ...change });
          }),
        key,
        cap,
      );
    },
    stored: async (key = KEY) => (await store.outbox.listNotifies(key, undefined)).map(({ msg_id }) => msg_id),
  };
}

const payloadOf = (msg_id: string): string => {
  const notification = { kind: 'event', obj_path: 'Device.', event_name: 'Boot!', params: new Map() } as const;
  const body = { kind: 'notify', subscription_id: 's', send_resp: true, notification } as const;
  return Buffer.from(encodeMsg({ msg_id, body })).toString('base64');
};

/** Waits for what is under way: ringing a bell says nothing of when it is done. */
export async function until(what: () => boolean): Promise<void> {
  for (let tries = 0; !what(); tries += 1) {
    if (tries > 5000) throw new Error(`never: ${String(what)}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
