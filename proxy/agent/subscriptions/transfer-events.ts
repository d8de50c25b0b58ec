// TransferComplete! and DUStateChange! (TR-181): the end of a transfer or of a change of a deployment unit, whoever wanted
// it: a Controller's command, an operator over REST, or the CPE itself (facts: cwmp-usp-translation §8.1, §8.3). Pure.
import type { DeviceEvent } from '../../device/events.ts';
import { parseOrder } from '../../device/transfers/ask.ts';
import { parentOf } from '../../path/concrete.ts';
import { valueFromCpe } from '../../path/values.ts';
import type { AcsRequest } from '../../rpc/methods.ts';
import { codes } from '../../usp/codes.ts';
import type { EventNotification } from '../../usp/messages/notify.ts';
import { transferFault } from './transfer-outcome.ts';

type TransferEvent = Extract<DeviceEvent, { readonly kind: 'transfer' }>;
type ReportEvent = Extract<DeviceEvent, { readonly kind: 'report' }>;
type UnitResult = AcsRequest<'DUStateChangeComplete'>['Results'][number];

const LOCAL_AGENT = 'Device.LocalAgent.';
const SOFTWARE_MODULES = 'Device.SoftwareModules.';
const UNKNOWN_TIME = '0001-01-01T00:00:00Z';
const timeOf = (text: string): string => (text === '' ? UNKNOWN_TIME : valueFromCpe({ base: 'dateTime' }, text).value);

/** What an event tells; `all` are the events that are derived with it: a report stands beside the end that it told. */
export function transferNotifications(event: DeviceEvent, all: readonly DeviceEvent[]): readonly EventNotification[] {
  if (event.kind === 'transfer') return ended(event, all);
  if (event.kind !== 'report') return [];
  switch (event.method) {
    case 'AutonomousTransferComplete':
      return [autonomous(event.value as AcsRequest<'AutonomousTransferComplete'>)];
    case 'DUStateChangeComplete': {
      // The end that it told of tells it, for it knows what was asked for.
      if (all.some((other) => other.kind === 'transfer' && other.report === event.sequence)) return [];
      const { Results } = event.value as AcsRequest<'DUStateChangeComplete'>;
      return Results.map((result) => unitChange(result, ''));
    }
    case 'AutonomousDUStateChangeComplete': {
      const { Results } = event.value as AcsRequest<'AutonomousDUStateChangeComplete'>;
      return Results.map((result) => unitChange(result, result.OperationPerformed));
    }
    default:
      return [];
  }
}

function ended(event: TransferEvent, all: readonly DeviceEvent[]): readonly EventNotification[] {
  const { transfer, operation } = event;
  const order = parseOrder(transfer.order);
  if (order.kind === 'change-du-state') {
    const report = all.find(
      (other): other is ReportEvent => other.kind === 'report' && other.sequence === event.report,
    );
    if (report === undefined) return [];
    const { Results } = report.value as AcsRequest<'DUStateChangeComplete'>;
    return Results.map((result) => unitChange(result, order.Operation));
  }
  return [
    complete({
      Command: operation?.command ?? '',
      CommandKey: operation?.command_key ?? '',
      Requestor: operation?.originator ?? '',
      TransferType: order.kind === 'upload' ? 'Upload' : 'Download',
      Affected: operation === undefined ? '' : parentOf(operation.command),
      TransferURL: order.URL,
      StartTime: timeOf(transfer.end?.StartTime ?? ''),
      CompleteTime: timeOf(transfer.end?.CompleteTime ?? ''),
      FaultCode: String(faultCode(transfer.end?.FaultCode ?? 0, transfer.end?.state === 'succeeded')),
      FaultString: transferFault(transfer),
    }),
  ];
}

function autonomous(report: AcsRequest<'AutonomousTransferComplete'>): EventNotification {
  const { FaultStruct, IsDownload, TransferURL, StartTime, CompleteTime } = report;
  const { FaultCode, FaultString } = FaultStruct;
  return complete({
    Command: '',
    CommandKey: '',
    Requestor: '',
    TransferType: IsDownload ? 'Download' : 'Upload',
    Affected: '',
    TransferURL,
    StartTime: timeOf(StartTime),
    CompleteTime: timeOf(CompleteTime),
    FaultCode: String(faultCode(FaultCode, FaultCode === 0)),
    FaultString: FaultCode === 0 ? '' : `CWMP ${FaultCode}: ${FaultString}`.slice(0, LONGEST_FAULT),
  });
}

const LONGEST_FAULT = 256;

const complete = (args: Readonly<Record<string, string>>): EventNotification => ({
  kind: 'event',
  obj_path: LOCAL_AGENT,
  event_name: 'TransferComplete!',
  params: new Map(Object.entries(args)),
});

/** TR-369's own code (§10.3). What ended without a word of the CPE's is a failure of the command. */
function faultCode(cwmp: number, succeeded: boolean): number {
  if (succeeded) return 0;
  if (cwmp === 9001) return codes.requestDenied;
  return cwmp === 9002 ? codes.internalError : codes.commandFailure;
}

const unitChange = (result: UnitResult, OperationPerformed: string): EventNotification => ({
  kind: 'event',
  obj_path: SOFTWARE_MODULES,
  event_name: 'DUStateChange!',
  params: new Map([
    ['UUID', result.UUID],
    ['DeploymentUnitRef', result.DeploymentUnitRef.replace(/\.$/, '')],
    ['Version', result.Version],
    ['CurrentState', result.CurrentState],
    ['Resolved', String(result.Resolved)],
    ['ExecutionUnitRefList', result.ExecutionUnitRefList.replaceAll(/\.(?=,|$)/g, '')],
    ['StartTime', timeOf(result.StartTime)],
    ['CompleteTime', timeOf(result.CompleteTime)],
    ['OperationPerformed', OperationPerformed],
    ['Fault.FaultCode', String(unitFault(result.Fault.FaultCode))],
    [
      'Fault.FaultString',
      result.Fault.FaultCode === 0 ? '' : `CWMP ${result.Fault.FaultCode}: ${result.Fault.FaultString}`,
    ],
  ]),
});

const UNIT_FAULTS: Readonly<Record<number, number>> = {
  9001: codes.requestDenied,
  9003: codes.invalidArguments,
  9012: codes.serverUnreachable,
  9013: codes.invalidArguments,
  9015: codes.serverUnreachable,
  9016: codes.serverUnreachable,
  9017: codes.serverUnreachable,
  9018: codes.corruptData,
  9019: codes.badSignature,
  9022: codes.invalidArguments,
  9024: codes.requestDenied,
  // TR-181 has codes of its own for what befalls a unit.
  9023: 7223,
  9025: 7225,
  9026: 7226,
  9027: 7227,
  9028: 7229,
  9029: 7229,
  9030: 7229,
  9031: 7229,
  9032: 7226,
};
const unitFault = (cwmp: number): number => (cwmp === 0 ? 0 : (UNIT_FAULTS[cwmp] ?? codes.internalError));
