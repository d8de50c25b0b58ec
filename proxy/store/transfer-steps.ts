// Steps on a device's transfers: Download, Upload, ScheduleDownload and ChangeDUState, which end days and restarts after
// they were asked for. A transfer is known by its CommandKey from the moment in which somebody wants it.
import type { NewEvent } from './device-steps.ts';
import type { DeviceKey } from './store.ts';

export const TRANSFER_KINDS = ['download', 'upload', 'schedule-download', 'change-du-state'] as const;
export type TransferKind = (typeof TRANSFER_KINDS)[number];

/** `waiting`: not asked for yet. `asked`: the RPC may have left, its answer is not known. `pending`: the CPE has agreed. */
export type OpenTransferState = 'waiting' | 'asked' | 'pending';
export type EndedTransferState = 'succeeded' | 'failed' | 'cancelled' | 'expired';
export type TransferState = OpenTransferState | EndedTransferState;

export interface NewTransfer {
  readonly CommandKey: string;
  readonly kind: TransferKind;
  /** What is asked for, without secrets: the device room's own JSON. */
  readonly order: string;
  /** Forgotten as soon as the CPE has answered. */
  readonly secrets: string;
  readonly createdAt: number;
  /** When it ends as `expired` if nothing has ended it before. */
  readonly expiresAt: number;
}

/** How a transfer ended, by the CPE's words where it said anything. */
export interface TransferEnd {
  readonly state: EndedTransferState;
  readonly at: number;
  /** 0 when it succeeded, and where no CPE has spoken. */
  readonly FaultCode: number;
  readonly FaultString: string;
  /** As the CPE wrote them; '' where it said nothing. */
  readonly StartTime: string;
  readonly CompleteTime: string;
}

/** What a CPE answered to the RPC of a transfer; without an end it has agreed to do it after the session. */
export interface TransferAnswer {
  readonly CommandKey: string;
  readonly at: number;
  readonly end?: TransferEnd;
}

export interface TransferRecord {
  readonly CommandKey: string;
  readonly kind: TransferKind;
  readonly state: TransferState;
  readonly order: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** When its RPC was recorded; undefined while it waits. */
  readonly askedAt: number | undefined;
  /** When the CPE agreed to do it after the session. */
  readonly acceptedAt: number | undefined;
  readonly end: TransferEnd | undefined;
}
export interface TransferToAsk extends TransferRecord {
  readonly secrets: string;
}

/** What a report of a CPE (TransferComplete, DUStateChangeComplete) tells of a transfer. */
export interface TransferReport {
  readonly CommandKey: string;
  /** The CommandKey has the form of ours: then it is the key of no other transfer. */
  readonly ours: boolean;
  /** Kinds that are told of by such a report. */
  readonly kinds: readonly TransferKind[];
  readonly end: TransferEnd;
}

/** Why a report ended nothing. */
export type NoMatch =
  /** Its transfer has ended already. */
  | 'ended'
  /** One of our keys, of a transfer that is not known any more. */
  | 'forgotten'
  /** It names none, and none is pending. */
  | 'none-pending'
  /** It names none, and more than one is pending. */
  | 'several-pending';
export type ReportMatch =
  | { readonly kind: 'by-key' | 'only-pending'; readonly transfer: TransferRecord }
  | { readonly kind: 'none'; readonly why: NoMatch };
export type TransferReportSaved =
  { readonly kind: 'saved'; readonly match: ReportMatch } | { readonly kind: 'repeat' | 'stale' };

export type TransferEnded =
  | { readonly kind: 'ended'; readonly transfer: TransferRecord }
  /** It is in another state than those asked for. */
  | { readonly kind: 'unchanged'; readonly state: TransferState }
  | { readonly kind: 'unknown' };

export interface ExpiredTransfers {
  readonly ended: readonly TransferRecord[];
  /** When to look again; undefined when nothing is left to end or to forget. */
  readonly next: number | undefined;
}

/**
 * Whatever ends a transfer raises an event `transfer` in the same step. The last 16 that ended are kept for 7 days.
 * That a transfer is `asked` is marked by the journal, with the step of its RPC (`MailboxSteps.recordStep`), and what the
 * CPE answered with the outcome of the request that asked (`MailboxSteps.settle`).
 */
export interface TransferSteps {
  /** `full`: as many as `cap` have not ended. One whose CommandKey is known is not begun a second time. */
  beginTransfer(key: DeviceKey, transfer: NewTransfer, cap: number): Promise<'begun' | 'full' | 'unknown-device'>;
  /** Ends it if it is in one of these states: the first end wins. */
  endTransfer(
    key: DeviceKey,
    CommandKey: string,
    end: TransferEnd,
    from: readonly OpenTransferState[],
  ): Promise<TransferEnded>;
  /**
   * Saves a report as `DeviceSteps.saveReport` does, and ends the transfer that it tells of: the one with its CommandKey,
   * else the only one that is asked or pending.
   */
  saveTransferReport(
    key: DeviceKey,
    epoch: number,
    digest: string,
    event: NewEvent,
    report: TransferReport,
  ): Promise<TransferReportSaved>;
  /** Ends what has outlived its time, and forgets what ended long ago. */
  expireTransfers(key: DeviceKey, now: number): Promise<ExpiredTransfers>;
  /** For whoever asks the CPE for it. */
  readTransfer(key: DeviceKey, CommandKey: string): Promise<TransferToAsk | undefined>;
  /** Those that have not ended, then those that have; in each the newest first. */
  listTransfers(key: DeviceKey): Promise<readonly TransferRecord[]>;
}
