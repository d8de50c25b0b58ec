// Device.LocalAgent.TransferComplete! and Device.SoftwareModules.DUStateChange!: how work ended that outlives a session
// (facts: cwmp-usp-translation §8.1, §8.3, §10.3). Pure.
import type { DeviceEvent } from '../../device/events.ts';
import { unknownTime } from '../../path/date-time.ts';
import { valueFromCpe } from '../../path/values.ts';
import type { AcsRequest } from '../../rpc/methods.ts';
import type { FaultInfo } from '../../rpc/structs.ts';
import type { TransferBody } from '../../store/operation-steps.ts';
import { codes } from '../../usp/codes.ts';
import type { EventNotification } from '../../usp/messages/notify.ts';
import { isOnFirmware } from '../firmware/task.ts';
import { NO_ORIGIN, originOf, type TransferOrigin } from './transfer-origin.ts';

const LONGEST_FAULT = 256;

/** The code of TR-369 that stands for one of CWMP in these events. */
const TRANSFER_FAULTS: Readonly<Record<number, number>> = {
  0: 0,
  9001: codes.requestDenied,
  9002: codes.internalError,
};
/** TR-369 has codes of its own for software modules. */
const UNIT_FAULTS: Readonly<Record<number, number>> = {
  0: 0,
  9001: 7002,
  9003: 7004,
  9012: 7033,
  9013: 7004,
  9015: 7033,
  9016: 7033,
  9017: 7033,
  9018: 7035,
  9019: 7036,
  9022: 7004,
  9023: 7223,
  9024: 7002,
  9025: 7225,
  9026: 7226,
  9027: 7227,
  9028: 7229,
  9029: 7229,
  9030: 7229,
  9031: 7229,
  9032: 7226,
};

const faultText = ({ FaultCode, FaultString }: FaultInfo): string =>
  FaultCode === 0 ? '' : `CWMP ${FaultCode}: ${FaultString}`.slice(0, LONGEST_FAULT);

function timeOf(text: string): string {
  return valueFromCpe({ base: 'dateTime' }, text.trim() === '' ? `${unknownTime}Z` : text).value;
}

interface Ended {
  readonly origin: TransferOrigin;
  readonly isDownload: boolean;
  readonly StartTime: string;
  readonly CompleteTime: string;
  readonly FaultCode: number;
  readonly FaultString: string;
}

const transferComplete = ({ origin, isDownload, ...end }: Ended): EventNotification => ({
  kind: 'event',
  obj_path: 'Device.LocalAgent.',
  event_name: 'TransferComplete!',
  params: new Map([
    ['Command', origin.Command],
    ['CommandKey', origin.CommandKey],
    ['Requestor', origin.Requestor],
    ['TransferType', isDownload ? 'Download' : 'Upload'],
    ['Affected', origin.Affected],
    ['TransferURL', origin.TransferURL],
    ['StartTime', timeOf(end.StartTime)],
    ['CompleteTime', timeOf(end.CompleteTime)],
    ['FaultCode', String(end.FaultCode)],
    ['FaultString', end.FaultString],
    ['CheckSumAlgorithm', ''],
    ['CheckSum', ''],
  ]),
});

function ofTransfer(body: TransferBody): readonly EventNotification[] {
  const { end, kind } = body.transfer;
  if (end === undefined || kind === 'change-du-state') return [];
  // A part of an operation, whose end is told (`firmware-events.ts`).
  if (body.operation !== undefined && isOnFirmware(body.operation)) return [];
  // What ended without a word of the CPE's has no code of CWMP.
  const silent = end.state === 'cancelled' || end.state === 'expired';
  const code = end.state === 'cancelled' ? codes.commandCanceled : codes.commandFailure;
  return [
    transferComplete({
      origin: originOf(body),
      isDownload: kind !== 'upload',
      StartTime: end.StartTime,
      CompleteTime: end.CompleteTime,
      FaultCode: silent ? code : (TRANSFER_FAULTS[end.FaultCode] ?? codes.commandFailure),
      FaultString: silent ? `the transfer was ${end.state}` : faultText(end),
    }),
  ];
}

function ofReport(
  { FaultStruct, StartTime, CompleteTime }: AcsRequest<'TransferComplete'>,
  isDownload: boolean,
  TransferURL: string,
): EventNotification {
  return transferComplete({
    origin: { ...NO_ORIGIN, TransferURL },
    isDownload,
    StartTime,
    CompleteTime,
    FaultCode: TRANSFER_FAULTS[FaultStruct.FaultCode] ?? codes.commandFailure,
    FaultString: faultText(FaultStruct),
  });
}

type UnitResult = AcsRequest<'DUStateChangeComplete'>['Results'][number];

const unitChanged = (result: UnitResult, operation: string): EventNotification => ({
  kind: 'event',
  obj_path: 'Device.SoftwareModules.',
  event_name: 'DUStateChange!',
  params: new Map([
    ['UUID', result.UUID],
    ['DeploymentUnitRef', result.DeploymentUnitRef.replace(/\.$/, '')],
    ['Version', result.Version],
    ['CurrentState', result.CurrentState],
    ['Resolved', String(result.Resolved)],
    ['ExecutionUnitRefList', result.ExecutionUnitRefList],
    ['StartTime', timeOf(result.StartTime)],
    ['CompleteTime', timeOf(result.CompleteTime)],
    ['OperationPerformed', operation],
    ['Fault.FaultCode', String(UNIT_FAULTS[result.Fault.FaultCode] ?? codes.commandFailure)],
    ['Fault.FaultString', faultText(result.Fault)],
  ]),
});

/** `events`: all that are derived together; a report and the transfer that it ended are among them, or neither. */
export function transferNotifications(
  event: DeviceEvent,
  events: readonly DeviceEvent[],
): readonly EventNotification[] {
  if (event.kind === 'transfer') return ofTransfer(event);
  if (event.kind !== 'report') return [];
  const ended = events.find((one) => one.kind === 'transfer' && one.report === event.sequence);
  const transfer = ended?.kind === 'transfer' ? ended.transfer : undefined;
  switch (event.method) {
    case 'TransferComplete':
      // One that we asked for is told by its transfer. Of another's nobody says which way it went.
      return transfer === undefined ? [ofReport(event.value as AcsRequest<'TransferComplete'>, true, '')] : [];
    case 'AutonomousTransferComplete': {
      const report = event.value as AcsRequest<'AutonomousTransferComplete'>;
      return [ofReport({ CommandKey: '', ...report }, report.IsDownload, report.TransferURL)];
    }
    case 'DUStateChangeComplete': {
      const { Operation = '' } = JSON.parse(transfer?.order ?? '{}') as { readonly Operation?: string };
      return (event.value as AcsRequest<'DUStateChangeComplete'>).Results.map((one) => unitChanged(one, Operation));
    }
    case 'AutonomousDUStateChangeComplete':
      return (event.value as AcsRequest<'AutonomousDUStateChangeComplete'>).Results.map((one) =>
        unitChanged(one, one.OperationPerformed),
      );
    default:
      return [];
  }
}

/** Whether the Controller's TransferCompletePolicy lets it pass; '' for both. */
export function passesPolicy({ event_name, params }: EventNotification, filter: string): boolean {
  if (event_name !== 'TransferComplete!' || filter === '' || filter === 'Both') return true;
  return (params.get('FaultCode') === '0') === (filter === 'Success');
}
