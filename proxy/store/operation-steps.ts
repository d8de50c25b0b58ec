// Steps on a device's operations: asynchronous commands of Controllers, which go on after their answer and end in an
// OperationComplete (R-OPR.0). Each is a row of Device.LocalAgent.Request. until it ends.
import type { DeviceKey } from './store.ts';
import type { TransferRecord } from './transfer-steps.ts';

/** What brings an operation to its end: a time, a test of the CPE, a transfer, or an image on its way through the banks. */
export const OPERATION_KINDS = ['timer', 'diagnostic', 'transfer', 'firmware'] as const;
export type OperationKind = (typeof OPERATION_KINDS)[number];

/** As Device.LocalAgent.Request.{i}.Status has them, before the end. */
export type OperationStatus = 'Requested' | 'Active' | 'Canceling';

export interface NewOperation {
  readonly kind: OperationKind;
  /** Endpoint ID of the Controller. */
  readonly originator: string;
  /** Concrete command path. */
  readonly command: string;
  /** The Controller's own mark. */
  readonly command_key: string;
  readonly status: OperationStatus;
  readonly createdAt: number;
  /** When somebody looks after it unasked. */
  readonly dueAt: number;
  /** CommandKey of the transfer whose end is its end, or of kind `firmware` its next step; '' without one. */
  readonly transfer: string;
  /** What it is about, the agent's own JSON, without secrets. */
  readonly detail: string;
  /** What it needs to begin; may be secret. Forgotten as soon as it has begun. */
  readonly input: string;
  /** Names the request and the command in it: asked for again, it is the same operation. '' for one that is never. */
  readonly token: string;
}

export interface OperationRecord extends Omit<NewOperation, 'input' | 'token'> {
  /** Instance number of its row; never reused. */
  readonly number: number;
  /** When it became Active; undefined while it waits. */
  readonly startedAt: number | undefined;
  /** How often it was looked for its end without finding it. */
  readonly looks: number;
}
export interface OperationToRun extends OperationRecord {
  readonly input: string;
}

/** How an operation ended, as its OperationComplete tells. */
export type OperationOutcome =
  | { readonly kind: 'done'; readonly output_args: Readonly<Record<string, string>> }
  | { readonly kind: 'failed'; readonly err_code: number; readonly err_msg: string };

/** The event of kind `operation`. */
export interface OperationBody {
  readonly operation: OperationRecord;
  readonly outcome: OperationOutcome;
}
/** The event of kind `transfer`; `operation` is the one that ended with it. */
export interface TransferBody {
  readonly transfer: TransferRecord;
  /** Sequence of the report that told so, where one did. */
  readonly report?: number;
  readonly operation?: OperationRecord;
}

export type OperationBegun =
  | { readonly kind: 'begun'; readonly operation: OperationRecord }
  /** It was begun by the same request before. */
  | { readonly kind: 'known'; readonly operation: OperationRecord }
  /** It was, and it has ended already. */
  | { readonly kind: 'ended' | 'full' | 'unknown-device' };

export interface OperationChange {
  readonly status?: OperationStatus;
  readonly startedAt?: number;
  readonly dueAt?: number;
  readonly looks?: number;
  readonly transfer?: string;
  readonly detail?: string;
}

/**
 * Nothing here raises the device's `localVersion`: rows of Request are not rows that anybody changes. Every step raises
 * `version`, so that an owner reads anew.
 */
export interface OperationSteps {
  /** `full`: as many as `cap` have not ended. */
  beginOperation(key: DeviceKey, operation: NewOperation, cap: number): Promise<OperationBegun>;
  /**
   * Changes it if it is in one of these states. Once it is Active its input is forgotten; once it is Canceling the CPE
   * may be called, though it runs a test.
   */
  changeOperation(
    key: DeviceKey,
    number: number,
    from: readonly OperationStatus[],
    change: OperationChange,
  ): Promise<'changed' | 'unchanged'>;
  /** Ends it, once: its row goes, and in the same step an event `operation` is raised. */
  endOperation(key: DeviceKey, number: number, outcome: OperationOutcome, at: number): Promise<'ended' | 'unknown'>;
  /** It never began, and its Controller is told so by the answer: its row goes, and there is no event. */
  dropOperation(key: DeviceKey, number: number): Promise<void>;
  /** For whoever runs it. */
  readOperation(key: DeviceKey, number: number): Promise<OperationToRun | undefined>;
}
