// What the device room is told of the configuration, and what it needs from the rooms above it. `main` fills both.
import type { Clock, Randomness } from '../operate/clock.ts';
import type { Log } from '../operate/log.ts';
import type { Metrics } from '../operate/metrics.ts';
import type { Behaviour, ProfileSubject } from '../profile/profile.ts';
import type { DeviceKey, Store } from '../store/store.ts';
import type { DeviceRecord } from '../store/device-steps.ts';
import type { MailboxEntry } from '../store/mailbox-steps.ts';
import type { Derived } from '../store/outbox-steps.ts';
import type { TemplateRecord } from '../store/tenant-steps.ts';
import type { Runner } from './access.ts';
import type { OwnCredentials } from './credentials/own-credentials.ts';
import type { InstanceTree } from './instance-tree/tree.ts';
import type { NamedValue } from './ledger.ts';
import type { ParkSettings } from './parking.ts';
import type { Tenancy } from './tenancy.ts';

/** Durations in milliseconds. */
export interface DeviceSettings {
  readonly park: ParkSettings;
  readonly parkCap: number;
  readonly rpcTimeoutMs: number;
  readonly readBatch: number;
  readonly requestDeadlineMs: number;
  readonly requestMaxMs: number;
  readonly mailboxEntries: number;
  /** How long a diagnostic may keep the CPE from being called. */
  readonly diagnosticBoundMs: number;
  readonly treeFreshMs: number;
  readonly treeMaxAgeMs: number;
  readonly registryCap: number;
  /** Only devices that are enrolled are taken. */
  readonly mustBeEnrolled: boolean;
  readonly notifyCap: number;
  readonly wakeArrivalMs: number;
  /** A CPE that reports BOOTSTRAP gets a PeriodicInformTime of its own. */
  readonly spreadInforms: boolean;
}

/** What became of one attempt to wake a CPE; the south edge that tried says so. */
export interface WakeOutcome {
  /** True when the CPE said that it will come; the Inform is still awaited. */
  readonly accepted: boolean;
  /** Trying again soon may help. */
  readonly retryable: boolean;
  /** A name from the edge's own catalogue of outcomes. */
  readonly outcome: string;
  /** One sentence for a person. */
  readonly detail: string;
  readonly trace: readonly WakeStep[];
  /** How it was tried, in the edge's own words. */
  readonly way?: string;
  /** There is another way, which this attempt has not tried. */
  readonly moreWays?: boolean;
  /** What was tried before in the same attempt, and failed. */
  readonly earlier?: readonly WakeOutcome[];
}
export interface WakeStep {
  /** Milliseconds since the attempt began. */
  readonly at: number;
  readonly what: string;
  readonly detail: string;
}

/** What pending events make, and whether the watched parameters are to be armed anew. */
export interface DerivedNotifies extends Derived {
  readonly arm: 'no' | Arming;
}
/** `force`: the CPE has forgotten all attributes. `anew`: it has told of values by which its rows are others. */
export type Arming = 'yes' | 'force' | 'anew';

/** What `device` needs from above; nothing here is imported from there. */
export interface DeviceNeeds {
  /** The runner of a kind of mailbox entry. */
  runner(kind: string): Runner | undefined;
  /** Notify rows that a device's pending events make; undefined when they make none and change no ledger. */
  derive(
    record: DeviceRecord,
    template: TemplateRecord,
    read?: readonly NamedValue[],
  ): Promise<DerivedNotifies | undefined>;
  /**
   * Parameters, by the CPE's own names, that its pending events want read first: their values are given to `derive`. What
   * cannot be read is left out.
   */
  bootReads(record: DeviceRecord, template: TemplateRecord): Promise<readonly string[]>;
  /** The tree of a device has changed and is about to be stored: what hangs on rows that are not in it goes first. */
  forgetGoneRows(record: DeviceRecord, tree: InstanceTree): Promise<void>;
  /** A bell: Notifies of the device wait for these Controllers. */
  outboxChanged(key: DeviceKey, controllers: readonly string[]): void;
  /** Tells whoever asked; `returnPath` is in the words of `endpoint`. */
  answered(entry: MailboxEntry, returnPath: string | undefined, answer: string): void;
  /** One attempt to make the CPE open a session, by other ways than those that are named. */
  wake(record: DeviceRecord, notBy?: readonly string[]): Promise<WakeOutcome>;
  /**
   * The device has come, and transfers wait for that: they ask for their turns before its Inform is answered, so that the
   * session does not end without them. Never rejects.
   */
  transfersWait(key: DeviceKey): Promise<void>;
  /** A device with commands that go on has come, with these events: their ends are looked for. Never rejects. */
  operationsWait(record: DeviceRecord, eventCodes: readonly string[]): Promise<void>;
  /** Schedules due work of a kind that this room handles. */
  schedule(kind: string, key: DeviceKey, at: number): Promise<void>;
}

export interface DeviceContext {
  readonly store: Store;
  readonly incarnation: string;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly settings: DeviceSettings;
  readonly tenancy: Tenancy;
  readonly behaviourOf: (subject: ProfileSubject) => Behaviour;
  /** What an incarnation that is dead wanted counts no more. */
  readonly isAlive: (incarnation: string) => boolean;
  readonly needs: DeviceNeeds;
  /** Undefined: devices are given none. */
  readonly ownCredentials?: OwnCredentials | undefined;
  readonly log: Log;
  readonly metrics: Metrics;
}
