// The device room on a real embedded store, with a clock moved by hand, runners of the test's own and a CPE that is one
// function: what the mailbox promises can be looked at without HTTP.
import { join } from 'node:path';
import type { Runner, RunResult } from '../../proxy/device/access.ts';
import type { Arrival } from '../../proxy/device/inform.ts';
import type { CallOutcome, Link, LossReason } from '../../proxy/device/link.ts';
import { DeviceRoom, type Submission, type Submitted } from '../../proxy/device/room.ts';
import type { DeviceSession } from '../../proxy/device/session.ts';
import type { DeviceNeeds, DeviceSettings, WakeOutcome } from '../../proxy/device/settings.ts';
import { Tenancy } from '../../proxy/device/tenancy.ts';
import { systemRandomness } from '../../proxy/operate/clock.ts';
import { type Deferred, deferred } from '../../proxy/operate/deferred.ts';
import { createLog } from '../../proxy/operate/log.ts';
import type { CounterName, Metrics } from '../../proxy/operate/metrics.ts';
import type { Behaviour } from '../../proxy/profile/profile.ts';
import type { CpeMethodName, CpeRequest } from '../../proxy/rpc/methods.ts';
import type { InformRequest } from '../../proxy/rpc/inform.ts';
import { createEmbeddedStore } from '../../proxy/store/embedded/embedded.ts';
import { openLog } from '../../proxy/store/log/log.ts';
import type { DeviceRecord } from '../../proxy/store/device-steps.ts';
import type { MailboxEntry, RequestOutcome } from '../../proxy/store/mailbox-steps.ts';
import type { DeviceKey, Store } from '../../proxy/store/store.ts';
import { type ManualClock, manualClock } from '../cpe/clock.ts';
import { temporaryFolder } from '../gateway/harness.ts';

interface Test {
  teardown(run: () => unknown): void;
}

export const KEY: DeviceKey = { tenant: 'default', device: '02C0DE-Router-1' };
export const SETTINGS: DeviceSettings = {
  park: { holdMs: 25_000, idleMs: 60_000, maxMs: 300_000, pollMs: 10_000, batch: 64 },
  parkCap: 100,
  rpcTimeoutMs: 90_000,
  readBatch: 64,
  requestDeadlineMs: 30_000,
  requestMaxMs: 120_000,
  mailboxEntries: 4,
  diagnosticBoundMs: 600_000,
  treeFreshMs: 60_000,
  treeMaxAgeMs: 86_400_000,
  registryCap: 10,
  mustBeEnrolled: false,
  notifyCap: 1000,
  wakeArrivalMs: 15_000,
  spreadInforms: false,
};

const BEHAVIOUR: Behaviour = {
  park: 'always',
  emptySerial: 'refuse',
  readBatch: undefined,
  discovery: 'whole',
  nonceCounts: 'ignore',
  booleans: 'digits',
};

/** What the CPE says to an RPC; undefined: nothing, ever. */
export type Answering = (method: CpeMethodName, request: unknown) => CallOutcome<CpeMethodName> | undefined;

export interface Told {
  readonly id: string;
  readonly returnPath: string | undefined;
  readonly answer: string;
}

export interface SessionAtHand {
  readonly session: DeviceSession;
  readonly rpcs: readonly { readonly method: CpeMethodName; readonly request: unknown }[];
  /** Resolves when the room has let the CPE go. */
  readonly over: Promise<unknown>;
  /** The CPE closes its connection. */
  hangUp(reason?: LossReason): Promise<void>;
}

export interface RoomOptions {
  /** `default` among them. */
  readonly tenants?: readonly string[];
  readonly settings?: Partial<DeviceSettings>;
  readonly behaviour?: Partial<Behaviour>;
  /** In front of the store, to spoil steps. */
  readonly store?: (store: Store) => Store;
  readonly derive?: DeviceNeeds['derive'];
  readonly bootReads?: DeviceNeeds['bootReads'];
  readonly forgetGoneRows?: DeviceNeeds['forgetGoneRows'];
  /** One attempt; without it, attempts never end. */
  readonly wake?: () => Promise<WakeOutcome>;
}

export const refusedCall: WakeOutcome = {
  accepted: false,
  retryable: false,
  outcome: 'no-url',
  detail: 'the CPE has never told where it listens',
  trace: [],
};

export type Run = (entry: MailboxEntry, access: Parameters<Runner['run']>[1]) => Promise<RunResult>;
export const done = (answer = 'done'): RunResult => ({ state: 'succeeded', error: '', answer });

export interface RoomAtHand {
  readonly room: DeviceRoom;
  /** The real one, unspoilt. */
  readonly store: Store;
  readonly clock: ManualClock;
  readonly told: readonly Told[];
  readonly counted: readonly string[];
  readonly scheduled: readonly { readonly kind: string; readonly at: number }[];
  readonly logged: readonly string[];
  /** Bells of the outbox: a device and the Controllers it owes. */
  readonly rung: readonly (readonly string[])[];
  /** Attempts to wake the CPE. */
  readonly calls: number;
  /** What every entry does from now on. */
  runs(next: Run): void;
  submit(submission?: Partial<Submission>): Promise<Submitted>;
  /** The CPE comes, and its link is served. */
  session(answering?: Answering, informing?: Partial<InformRequest>): Promise<SessionAtHand>;
  /** The CPE has come once and gone: it is known. */
  introduce(informing?: Partial<InformRequest>): Promise<void>;
  record(): Promise<DeviceRecord>;
}

export async function openRoom(t: Test, options: RoomOptions = {}): Promise<RoomAtHand> {
  const clock = manualClock();
  const now = (): number => clock.now();
  const log = await openLog({
    folder: join(temporaryFolder(t), 'data'),
    sync: 'none',
    clock: now,
    onEvent: () => undefined,
  });
  const embedded = createEmbeddedStore(log, now);
  t.teardown(() => embedded.close());
  const store = options.store?.(embedded) ?? embedded;
  const told: Told[] = [];
  const counted: string[] = [];
  const scheduled: { readonly kind: string; readonly at: number }[] = [];
  const logged: string[] = [];
  const rung: (readonly string[])[] = [];
  let calls = 0;
  let run: Run = async () => done();
  const runner: Runner = {
    run: (entry, access) => run(entry, access),
    answerFor: (_entry, outcome: RequestOutcome) => `${outcome.state}: ${outcome.error}`,
  };
  const metrics: Metrics = {
    count: (name: CounterName, label) => void counted.push(`${name} ${label}`),
    gauge: () => undefined,
    text: async () => '',
  };
  const room = new DeviceRoom({
    store,
    incarnation: 'NODE1',
    clock: {
      now,
      after(ms, due) {
        const cancel = clock.after(ms, due);
        return { cancel };
      },
    },
    randomness: systemRandomness,
    settings: { ...SETTINGS, ...options.settings },
    tenancy: new Tenancy({ tenants: options.tenants ?? ['default'], fallback: 'default' }, store.devices),
    behaviourOf: () => ({ ...BEHAVIOUR, ...options.behaviour }),
    isAlive: (incarnation) => incarnation === 'NODE1',
    needs: {
      runner: (kind) => (kind === 'unknown' ? undefined : runner),
      forgetGoneRows: options.forgetGoneRows ?? (async () => undefined),
      derive: options.derive ?? (async () => undefined),
      bootReads: options.bootReads ?? (async () => []),
      outboxChanged: ({ device }, controllers) => void rung.push([device, ...controllers]),
      answered: ({ id }, returnPath, answer) => void told.push({ id, returnPath, answer }),
      wake: () => {
        calls += 1;
        return options.wake?.() ?? new Promise(() => undefined);
      },
      transfersWait: async () => undefined,
      operationsWait: async () => undefined,
      schedule: async (kind, _key, at) => void scheduled.push({ kind, at }),
    },
    log: createLog('debug', { write: (line) => void logged.push(line) }),
    metrics,
  });
  return {
    room,
    store: embedded,
    clock,
    told,
    counted,
    scheduled,
    logged,
    rung,
    get calls() {
      return calls;
    },
    runs(next) {
      run = next;
    },
    submit: (submission = {}) =>
      room.submit(KEY, { kind: 'usp', payload: 'payload', origin: undefined, returnPath: 'path', ...submission }),
    async session(answering = answerNothing, informing = {}) {
      const verdict = await room.inform(arrival(informing));
      if (verdict.kind !== 'accepted') throw new Error(verdict.reason);
      return serve(verdict.session, answering, now);
    },
    async introduce(informing = {}) {
      const verdict = await room.inform(arrival(informing));
      if (verdict.kind !== 'accepted') throw new Error(verdict.reason);
      await verdict.session.ended({ reason: 'done', heldMs: undefined });
    },
    async record() {
      const record = await embedded.devices.readDevice(KEY);
      if (record === undefined) throw new Error('not known');
      return record;
    },
  };
}

export const arrival = (informing: Partial<InformRequest> = {}, parameterKey = ''): Arrival => ({
  inform: {
    DeviceId: { Manufacturer: 'Example', OUI: '02C0DE', ProductClass: 'Router', SerialNumber: '1' },
    Event: [{ EventCode: '2 PERIODIC', CommandKey: '' }],
    MaxEnvelopes: 1,
    CurrentTime: '2026-01-01T00:00:00Z',
    RetryCount: 0,
    ParameterList: informedValues(parameterKey),
    ...informing,
  },
  cwmpVersion: 2,
  sourceAddress: '127.0.0.1',
  username: '',
  sessionTimeoutMs: undefined,
});

export const informedValues = (parameterKey = '', software = '1.0'): InformRequest['ParameterList'] => [
  { Name: 'Device.DeviceInfo.SoftwareVersion', Value: software, Type: 'xsd:string' },
  { Name: 'Device.ManagementServer.ParameterKey', Value: parameterKey, Type: 'xsd:string' },
];

/** GetRPCMethods and a tree of nothing; everything else is refused. */
export const answerNothing: Answering = (method) => {
  if (method === 'GetRPCMethods') return { kind: 'response', value: { MethodList: [] } };
  if (method === 'GetParameterNames') {
    const ParameterList = [{ Name: 'Device.DeviceInfo.SoftwareVersion', Writable: false }];
    return { kind: 'response', value: { ParameterList } };
  }
  if (method === 'GetParameterValues') return { kind: 'response', value: { ParameterList: [] } };
  return { kind: 'fault', fault: { FaultCode: 9000, FaultString: '', SetParameterValuesFault: [] } };
};

function serve(session: DeviceSession, answering: Answering, now: () => number): SessionAtHand {
  const rpcs: { readonly method: CpeMethodName; readonly request: unknown }[] = [];
  const ended = deferred<undefined>();
  let open: Deferred<CallOutcome<CpeMethodName>> | undefined;
  let over = false;
  /** When the CPE's last request arrived: its empty POST, then each answer. */
  let heldSince = now();
  const link: Link = {
    get heldSince() {
      return heldSince;
    },
    mayHold: true,
    get over() {
      return over;
    },
    call<N extends CpeMethodName>(method: N, request: CpeRequest<N>) {
      if (over) return Promise.resolve<CallOutcome<N>>({ kind: 'lost', written: false, reason: 'ended' });
      rpcs.push({ method, request });
      const answer = answering(method, request);
      heldSince = now();
      if (answer?.kind === 'lost') void hangUp(answer.reason);
      // The test answers each method with what it is.
      if (answer !== undefined) return Promise.resolve(answer as CallOutcome<N>);
      open = deferred();
      return open.promise as Promise<CallOutcome<N>>;
    },
    end() {
      if (over) return;
      over = true;
      void session.ended({ reason: 'done', heldMs: undefined }).then(() => ended.resolve(undefined));
    },
  };
  const hangUp = async (reason: LossReason = 'closed'): Promise<void> => {
    over = true;
    open?.resolve({ kind: 'lost', written: true, reason });
    await session.ended({ reason, heldMs: undefined });
    ended.resolve(undefined);
  };
  void session.serve(link);
  return { session, rpcs, over: ended.promise, hangUp };
}

/** Looks until something holds; the store answers in its own time. */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + 5000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not seen: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
