// The test CPE: a CWMP device driven by a dump, and the hands that a test lays on it. It imports nothing from proxy/, for
// it is the witness against the gateway's own SOAP.
//
//   const cpe = createCpe({ dump: loadDump('tiny-tr181'), acsUrl });
//   const ended = cpe.nextSession();
//   await cpe.start();
//   const { rpcs } = await ended;
import type { AcsRequest } from './acs-requests.ts';
import type { Attributes } from './attributes.ts';
import { systemClock } from './clock.ts';
import { dialects } from './dialects.ts';
import { BOOT, BOOTSTRAP, event } from './events.ts';
import { createFaultRules, type FaultRule } from './fault-rules.ts';
import type { DeviceId } from './inform.ts';
import { createLife } from './life.ts';
import { createObserver, type Occurrence, type Observer, type RpcRecord, type SessionRecord } from './observe.ts';
import type { CpeOptions } from './options.ts';
import { canonicalValue } from './value-type.ts';

export interface Cpe extends Pick<Observer, 'on' | 'waitFor'> {
  readonly deviceId: DeviceId;
  /** Switches it on; a device that was never on reports BOOTSTRAP and BOOT. Resolves when it listens. */
  start(events?: readonly string[]): Promise<void>;
  /** Switches it off for good, cutting a running session. */
  stop(): Promise<void>;
  /** Events to report, as soon as a session may be opened. */
  inform(...codes: readonly string[]): void;
  /** A request of its own to the ACS. */
  ask(request: AcsRequest): void;
  /** The value it has now, hidden ones included; undefined when there is no such parameter. */
  get(path: string): string | undefined;
  attributesOf(path: string): Attributes | undefined;
  /** Somebody changes a value, read-only or not, without the ACS. */
  setLocally(path: string, value: string): void;
  /** A row appears without the ACS; returns its number. */
  addInstance(table: string, values?: Readonly<Record<string, string>>): number;
  removeInstance(path: string): void;
  /** Off and on again, whatever it was doing. */
  powerCycle(): void;
  /** From now on it answers as the rule says. */
  misbehave(rule: FaultRule): void;
  /** Drops all rules. */
  behave(): void;
  /** The next session to end. */
  nextSession(limit?: number): Promise<SessionRecord>;
  readonly connectionRequestUrl: string;
  readonly inSession: boolean;
  readonly rpcs: readonly RpcRecord[];
  readonly sessions: readonly SessionRecord[];
  readonly complaints: readonly string[];
}

export function createCpe(options: CpeOptions): Cpe {
  const { clock = systemClock, random = Math.random, dialect = dialects.plain } = options;
  const rules = createFaultRules(options.faults ?? []);
  const observer = createObserver(options.deviceId?.serialNumber ?? options.dump.root);
  const log = options.log === false ? EMPTY_LOG : keepLog(observer);
  const report = (occurrence: Occurrence): void => observer.report(occurrence);
  const life = createLife({ options, clock, random, dialect, rules, report });
  const { device, sessions } = life;
  const { model } = device;

  return {
    deviceId: device.deviceId,
    start: async (events = [BOOTSTRAP, BOOT]) => await life.switchOn(events),
    stop: async () => await life.switchOff(),
    powerCycle: () => life.restart(),
    inform: (...codes) => {
      for (const code of codes) sessions.add(event(code));
    },
    ask: (request) => sessions.ask(request),
    get: (path) => model.peek(path),
    attributesOf: (path) => {
      const node = model.parameter(path)?.node;
      return node === undefined ? undefined : device.attributes.of(path, node.facets);
    },
    setLocally: (path, value) => {
      const type = model.parameter(path)?.node.type;
      const canonical = type === undefined ? undefined : canonicalValue(type, value);
      if (canonical === undefined) throw new Error(`${path} does not take "${value}"`);
      life.changedByDevice(model.write(new Map([[path, canonical]]), 'now'));
    },
    addInstance: (table, values = {}) => {
      const { number, changed } = model.addInstance(table, 'now');
      const settings = new Map(Object.entries(values).map(([name, value]) => [`${table}${number}.${name}`, value]));
      life.changedByDevice([...new Set([...changed, ...model.write(settings, 'now')])]);
      return number;
    },
    removeInstance: (path) => life.changedByDevice(model.removeInstance(path, 'now')),
    misbehave: (rule) => rules.add(rule),
    behave: () => rules.clear(),
    on: (listener) => observer.on(listener),
    waitFor: async (kind, accept, limit) => await observer.waitFor(kind, accept, limit),
    nextSession: async (limit) => await observer.waitFor('session-ended', undefined, limit),
    get connectionRequestUrl() {
      return device.managementServer('ConnectionRequestURL');
    },
    get inSession() {
      return sessions.isRunning();
    },
    ...log,
  };
}

interface Log {
  readonly rpcs: RpcRecord[];
  readonly sessions: SessionRecord[];
  readonly complaints: string[];
}

const EMPTY_LOG: Log = { rpcs: [], sessions: [], complaints: [] };

function keepLog(observer: Observer): Log {
  const log: Log = { rpcs: [], sessions: [], complaints: [] };
  observer.on((occurrence) => {
    if (occurrence.kind === 'rpc') log.rpcs.push(occurrence);
    if (occurrence.kind === 'session-ended') log.sessions.push(occurrence);
    if (occurrence.kind === 'complaint') log.complaints.push(occurrence.text);
  });
  return log;
}
