// Steps on the firmware banks that the Agent keeps for a CPE which shows none: one row is what the CPE runs, the other the
// gateway's own, in which an image waits until it is wanted (facts: cwmp-usp-translation §8.2).
import type { OperationChange, OperationOutcome } from './operation-steps.ts';
import type { DeviceKey } from './store.ts';

/** Instance numbers of Device.DeviceInfo.FirmwareImage.{i}. */
export const BANKS = [1, 2] as const;
export type BankNumber = (typeof BANKS)[number];

/** As FirmwareImage.{i}.Status has them, of the bank that does not run. */
export type BankStatus =
  'NoImage' | 'Downloading' | 'Available' | 'DownloadFailed' | 'ValidationFailed' | 'InstallationFailed';

export interface VirtualBank {
  readonly status: BankStatus;
  /** Id of the image that is kept; '' without one. */
  readonly blob: string;
  readonly name: string;
  /** Why the CPE did not come to run it. */
  readonly failureLog: string;
}

export interface FirmwareRecord {
  /** The row that is what the CPE runs. */
  readonly active: BankNumber;
  /** The other row. */
  readonly bank: VirtualBank;
}

export const EMPTY_BANK: VirtualBank = { status: 'NoImage', blob: '', name: '', failureLog: '' };
/** Of a device that nobody gave an image. */
export const FIRST_FIRMWARE: FirmwareRecord = { active: 1, bank: EMPTY_BANK };

/** The event of kind `firmware`. */
export interface FirmwareBody {
  readonly before: FirmwareRecord;
  readonly after: FirmwareRecord;
}

/** One step of an operation on the banks. */
export interface FirmwareMove {
  readonly number: number;
  /** The operation's detail as it was read: where it is another by now, somebody else has gone on with it. */
  readonly detail: string;
  readonly at: number;
  /** Undefined: the banks stay as they are. */
  readonly firmware: FirmwareRecord | undefined;
  readonly operation:
    | { readonly kind: 'goes-on'; readonly change: OperationChange }
    | { readonly kind: 'ends'; readonly outcome: OperationOutcome };
}

export interface FirmwareSteps {
  /**
   * The operation goes on or ends, and the banks change with it; other banks are an event `firmware`, an end is one as in
   * `endOperation`. `stale`: nothing was done.
   */
  moveFirmware(key: DeviceKey, move: FirmwareMove): Promise<'moved' | 'stale'>;
}
