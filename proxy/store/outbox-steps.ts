// Steps on the Notifies a device owes its Controllers (DESIGN mechanism 6).
import type { NewEvent } from './device-steps.ts';
import type { DeviceKey } from './store.ts';

export interface NotifyRow {
  /**
   * `<event sequence>.<subscription>.<n>`: deriving twice gives the same rows, and the store knows by it of which event a
   * row tells; msg_id follows from it.
   */
  readonly id: string;
  readonly msg_id: string;
  /** Endpoint ID of the Controller. */
  readonly controller: string;
  /** Instance number of the Subscription row; `ON_BOARD` of an OnBoardRequest, of which a Controller has one at most. */
  readonly subscription: number;
  /** NotifRetry: kept until NotifyResp; otherwise gone once written. */
  readonly retry: boolean;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** The encoded Msg, base64. */
  readonly payload: string;
  readonly attempts: number;
  /** Not to be written again before this. */
  readonly nextAt: number;
  /** NotifExpiration in milliseconds from the first try (R-NOT.1); undefined: `expiresAt` stands. */
  readonly expiration?: number;
  /** How its Controller wants to be tried again; undefined: as the standard has it. */
  readonly backOff?: BackOff;
}
/** USPNotifRetryMinimumWaitInterval, and USPNotifRetryIntervalMultiplier in thousandths. */
export interface BackOff {
  readonly minimumMs: number;
  readonly multiplier: number;
}

/** An OnBoardRequest belongs to no Subscription (R-NOT.7). */
export const ON_BOARD = 0;

export interface Derived {
  readonly rows: readonly NotifyRow[];
  /** The ledger after the events; undefined: as it is. */
  readonly ledger: string | undefined;
  /** LocalAgent rows after a boot, made from those at `version`; undefined: as they are. */
  readonly local: { readonly version: number; readonly rows: string } | undefined;
  /** What follows from that, to be derived next. */
  readonly events?: readonly NewEvent[];
  /** The device has started anew: what waits is tried from the start (R-NOT.4). */
  readonly restarted?: boolean;
}
export type DerivedStep =
  /** `renewed`: Controllers whose Notifies are tried from the start. */
  | { readonly kind: 'derived'; readonly dropped: number; readonly renewed?: readonly string[] }
  /** The events were marked before. */
  | { readonly kind: 'already' }
  /** The LocalAgent rows have changed since: derive anew. */
  | { readonly kind: 'conflict' };

export interface OutboxSteps {
  /**
   * Marks events up to `sequence` as derived and adds what they made, in one step. Rows of events that were marked before
   * are left out. Beyond `cap` rows of one Subscription the oldest goes; `dropped` counts them.
   */
  deriveNotifies(key: DeviceKey, sequence: number, derived: Derived, cap: number): Promise<DerivedStep>;
  /** Rows of one device, oldest first; for one Controller, or for all when it is undefined. */
  listNotifies(key: DeviceKey, controller: string | undefined): Promise<readonly NotifyRow[]>;
  /** Devices with rows for a Controller, in byte order of their ids, after `after`. */
  listOutbox(tenant: string, controller: string, after: string, limit: number): Promise<readonly DeviceKey[]>;
  /** Controllers with rows at all, in no order. */
  listOutboxControllers(tenant: string): Promise<readonly string[]>;
  /** A row without retry is gone; one with retry waits for its response until `nextAt`, from now on until `expiresAt`. */
  notifyWritten(key: DeviceKey, id: string, nextAt: number, expiresAt?: number): Promise<void>;
  /** The Controller answered: by msg_id, since that is all a NotifyResp is matched on (R-NOT.9). */
  notifyAnswered(key: DeviceKey, controller: string, msgId: string): Promise<boolean>;
  /** Drops rows whose time is over; says how many. */
  expireNotifies(key: DeviceKey, now: number): Promise<number>;
}
