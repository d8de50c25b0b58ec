// What a CPE asks of the ACS beside the Inform (TR-069 A.3.3, A.4.2). Each waits for a session, brings the events that
// announce it, and goes away when the ACS has answered it.
import { event, TRANSFER_COMPLETE, type CpeEvent } from './events.ts';
import { flag, list, moment, struct, text, type Content } from './soap-content.ts';

export interface AcsRequest {
  readonly method: string;
  readonly content: readonly Content[];
  readonly events: readonly CpeEvent[];
}

export interface TransferResult {
  readonly commandKey: string;
  readonly isDownload: boolean;
  readonly faultCode: number;
  readonly faultText: string;
  readonly startedAt: number;
  readonly completedAt: number;
}

export function transferComplete(result: TransferResult, faultLast: boolean): AcsRequest {
  const { commandKey, isDownload } = result;
  const times = [moment('StartTime', result.startedAt), moment('CompleteTime', result.completedAt)];
  const fault = faultStruct(result);
  return {
    method: 'TransferComplete',
    content: [text('CommandKey', commandKey), ...(faultLast ? [...times, fault] : [fault, ...times])],
    events: [event(TRANSFER_COMPLETE), event(isDownload ? 'M Download' : 'M Upload', commandKey)],
  };
}

export interface AutonomousTransfer extends Omit<TransferResult, 'commandKey'> {
  readonly announceUrl: string;
  readonly transferUrl: string;
  readonly fileType: string;
  readonly fileSize: number;
  readonly targetFileName: string;
}

/** A transfer that the ACS did not ask for. */
export const autonomousTransferComplete = (transfer: AutonomousTransfer): AcsRequest => ({
  method: 'AutonomousTransferComplete',
  content: [
    text('AnnounceURL', transfer.announceUrl),
    text('TransferURL', transfer.transferUrl),
    flag('IsDownload', transfer.isDownload),
    text('FileType', transfer.fileType),
    text('FileSize', transfer.fileSize),
    text('TargetFileName', transfer.targetFileName),
    faultStruct(transfer),
    moment('StartTime', transfer.startedAt),
    moment('CompleteTime', transfer.completedAt),
  ],
  events: [event('10 AUTONOMOUS TRANSFER COMPLETE')],
});

export const requestDownload = (fileType: string, args: Readonly<Record<string, string>> = {}): AcsRequest => ({
  method: 'RequestDownload',
  content: [
    text('FileType', fileType),
    list(
      'FileTypeArg',
      'ArgStruct',
      Object.entries(args).map(([name, value]) => struct('ArgStruct', text('Name', name), text('Value', value))),
    ),
  ],
  events: [event('9 REQUEST DOWNLOAD')],
});

/** The ACS's methods; asked in whatever session comes next. */
export const getRpcMethods = (): AcsRequest => ({ method: 'GetRPCMethods', content: [], events: [] });

const faultStruct = ({ faultCode, faultText }: Pick<TransferResult, 'faultCode' | 'faultText'>): Content =>
  struct('FaultStruct', text('FaultCode', faultCode), text('FaultString', faultText));
