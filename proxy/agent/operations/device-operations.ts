// What a command sees of the operations of the device that it runs on: it begins one, and its answer names the row.
import type { TransferOrder, TransferSecrets } from '../../device/transfers/order.ts';
import type { FirmwareRecord } from '../../store/firmware-steps.ts';
import type { OperationKind, OperationRecord, OperationStatus } from '../../store/operation-steps.ts';
import { rowOf } from '../../path/concrete.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { CommandFailure, OutputArgs, StartedOperation } from '../../usp/messages/operate.ts';

const REQUEST_TABLE = 'Device.LocalAgent.Request.';

/** An operation that a Controller's command is to be. */
export interface WantedOperation {
  readonly kind: OperationKind;
  /** Concrete command path. */
  readonly command: string;
  readonly command_key: string;
  /** Endpoint ID of the Controller. */
  readonly from_id: string;
  readonly status: OperationStatus;
  readonly dueAt: number;
  readonly transfer?: string;
  readonly detail?: unknown;
  readonly input?: unknown;
}

export type Begun =
  | {
      readonly ok: true;
      readonly operation: OperationRecord;
      /** The same request began it before: it may be under way. */
      readonly again: boolean;
    }
  | { readonly ok: false; readonly failure: CommandFailure };

export interface DeviceOperations {
  now(): number;
  begin(wanted: WantedOperation): Promise<Begun>;
  /** Those that have not ended, as they are now. */
  list(): Promise<readonly OperationRecord[]>;
  /** It never began: nobody hears of it but by the answer. */
  drop(operation: OperationRecord): Promise<void>;
  /** Tests of the CPE. */
  readonly diagnostics: Diagnostics;
  /** How long a transfer may take, in milliseconds. */
  readonly transferKeepMs: number;
  /** A transfer whose end is the operation's end. */
  beginTransfer(
    wanted: Pick<WantedOperation, 'command' | 'command_key' | 'from_id'>,
    order: TransferOrder,
    secrets: TransferSecrets,
  ): Promise<Begun>;
  /** Images for the CPE, and the banks that they are kept in. */
  readonly firmware: DeviceFirmware;
  /** Device.LocalAgent.Request.{i}.Cancel() */
  cancel(number: number): Promise<OutputArgs | CommandFailure>;
}

/** What a command sees of the Agent's own firmware banks. */
export interface DeviceFirmware {
  banks(): Promise<FirmwareRecord>;
  /** Why the gateway may not fetch from there, for a person; undefined where it may. */
  refusal(URL: string): string | undefined;
  /** A bell: an operation on them is to be looked at. */
  ring(): Promise<void>;
}

export const started = ({ number }: OperationRecord): StartedOperation => ({
  kind: 'req_obj_path',
  req_obj_path: rowOf(REQUEST_TABLE, number),
});
