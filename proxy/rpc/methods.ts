// All RPCs of TR-069 Amendment 6 by name, and the types that follow from them.
import { AddObject } from './add-object.ts';
import { AutonomousDUStateChangeComplete } from './autonomous-du-state-change-complete.ts';
import { AutonomousTransferComplete } from './autonomous-transfer-complete.ts';
import { CancelTransfer } from './cancel-transfer.ts';
import { ChangeDUState } from './change-du-state.ts';
import { DeleteObject } from './delete-object.ts';
import { Download } from './download.ts';
import { DUStateChangeComplete } from './du-state-change-complete.ts';
import { FactoryReset } from './factory-reset.ts';
import { GetAllQueuedTransfers } from './get-all-queued-transfers.ts';
import { GetOptions } from './get-options.ts';
import { GetParameterAttributes } from './get-parameter-attributes.ts';
import { GetParameterNames } from './get-parameter-names.ts';
import { GetParameterValues } from './get-parameter-values.ts';
import { GetQueuedTransfers } from './get-queued-transfers.ts';
import { GetRPCMethods } from './get-rpc-methods.ts';
import { Inform } from './inform.ts';
import { Kicked } from './kicked.ts';
import { Reboot } from './reboot.ts';
import { RequestDownload } from './request-download.ts';
import { ScheduleDownload } from './schedule-download.ts';
import { ScheduleInform } from './schedule-inform.ts';
import { SetParameterAttributes } from './set-parameter-attributes.ts';
import { SetParameterValues } from './set-parameter-values.ts';
import { SetVouchers } from './set-vouchers.ts';
import { TransferComplete } from './transfer-complete.ts';
import { Upload } from './upload.ts';
import { type RequestOf, type ResponseOf } from './rpc.ts';

/** What the ACS, here the gateway, calls on a CPE. */
export const CPE_METHODS = {
  GetRPCMethods,
  SetParameterValues,
  GetParameterValues,
  GetParameterNames,
  SetParameterAttributes,
  GetParameterAttributes,
  AddObject,
  DeleteObject,
  Reboot,
  Download,
  Upload,
  ScheduleInform,
  FactoryReset,
  GetQueuedTransfers,
  GetAllQueuedTransfers,
  ScheduleDownload,
  CancelTransfer,
  ChangeDUState,
  SetVouchers,
  GetOptions,
} as const;

/** What a CPE calls on the ACS. */
export const ACS_METHODS = {
  Inform,
  TransferComplete,
  AutonomousTransferComplete,
  Kicked,
  RequestDownload,
  DUStateChangeComplete,
  AutonomousDUStateChangeComplete,
  GetRPCMethods,
} as const;

export type CpeMethodName = keyof typeof CPE_METHODS;
export type AcsMethodName = keyof typeof ACS_METHODS;
export type CpeRequest<N extends CpeMethodName> = RequestOf<(typeof CPE_METHODS)[N]>;
export type CpeResponse<N extends CpeMethodName> = ResponseOf<(typeof CPE_METHODS)[N]>;
export type AcsRequest<N extends AcsMethodName> = RequestOf<(typeof ACS_METHODS)[N]>;
export type AcsResponse<N extends AcsMethodName> = ResponseOf<(typeof ACS_METHODS)[N]>;

// A name out of a message is looked up as an own property only: `constructor` is no method.
export const isCpeMethod = (name: string): name is CpeMethodName => Object.hasOwn(CPE_METHODS, name);
export const isAcsMethod = (name: string): name is AcsMethodName => Object.hasOwn(ACS_METHODS, name);
