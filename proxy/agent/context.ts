// What the Agent is given from outside: the store, the view, and bells.
import type { Submission, Submitted } from '../device/room.ts';
import type { Trees } from '../device/trees.ts';
import type { Views } from '../mapping/views.ts';
import type { Clock, Randomness } from '../operate/clock.ts';
import type { Log } from '../operate/log.ts';
import type { Metrics } from '../operate/metrics.ts';
import type { DeviceRecord } from '../store/device-steps.ts';
import type { DeviceKey, Store } from '../store/store.ts';
import type { LocalSettings } from './local-agent/definition.ts';
import type { OperationsContext } from './operations/operations.ts';

/** Durations in milliseconds. */
export interface AgentSettings extends LocalSettings {
  readonly rebootGraceMs: number;
  readonly diagnosticBoundMs: number;
  readonly notifyKeepMs: number;
  /** CPEs that run a USP Agent of their own have none here. */
  readonly leavesNative: boolean;
}

export interface AgentContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly settings: AgentSettings;
  readonly trees: Trees;
  readonly transfers: OperationsContext['transfers'];
  readonly images: OperationsContext['images'];
  readonly views: Views;
  readonly submit: (key: DeviceKey, submission: Submission, record?: DeviceRecord) => Promise<Submitted>;
  /** A bell: events of the device wait to be derived. */
  readonly derive: (key: DeviceKey) => void;
  /** Deletes a Subscription at the end of its TimeToLive. */
  readonly schedule: (kind: string, key: DeviceKey, at: number) => Promise<void>;
  /** A bell: rows that a device has of its own have changed. */
  readonly rowsChanged?: (key: DeviceKey) => void;
}
