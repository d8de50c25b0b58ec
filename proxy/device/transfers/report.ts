// What a CPE's report tells of transfers that we asked for. The autonomous ones tell of others, and are events only. Pure.
import { faultName } from '../../rpc/fault.ts';
import type { AcsRequest } from '../../rpc/methods.ts';
import type { FaultInfo } from '../../rpc/structs.ts';
import type { TransferEnd, TransferReport } from '../../store/transfer-steps.ts';
import type { ReportBody } from '../events.ts';
import { isOurKey } from '../journal/keys.ts';

/** FaultString is 256 characters at most (A.5.1); what a CPE adds is not kept with the transfer. */
const LONGEST_FAULT = 256;
/** Times are kept as the CPE wrote them, unless it wrote a novel. */
const LONGEST_TIME = 64;

export interface CpeTimes {
  readonly StartTime: string;
  readonly CompleteTime: string;
}

/** How a transfer ended by a CPE's word; FaultCode 0 is success. */
export function endOf({ FaultCode, FaultString }: FaultInfo, times: CpeTimes, at: number): TransferEnd {
  const failed = FaultCode !== 0;
  const told = FaultString.trim().slice(0, LONGEST_FAULT);
  return {
    state: failed ? 'failed' : 'succeeded',
    at,
    FaultCode,
    FaultString: failed && told === '' ? (faultName(FaultCode) ?? '') : told,
    StartTime: times.StartTime.slice(0, LONGEST_TIME),
    CompleteTime: times.CompleteTime.slice(0, LONGEST_TIME),
  };
}

/** Undefined: it tells of none that was asked for. */
export function toldBy({ method, value }: ReportBody, at: number): TransferReport | undefined {
  if (method === 'TransferComplete') {
    const { CommandKey, FaultStruct, StartTime, CompleteTime } = value as AcsRequest<'TransferComplete'>;
    const end = endOf(FaultStruct, { StartTime, CompleteTime }, at);
    return { CommandKey, ours: isOurKey(CommandKey), kinds: ['download', 'upload', 'schedule-download'], end };
  }
  if (method === 'DUStateChangeComplete') {
    const { CommandKey, Results } = value as AcsRequest<'DUStateChangeComplete'>;
    // One operation was asked for; of a CPE that reports more the first that failed counts.
    const result = Results.find(({ Fault }) => Fault.FaultCode !== 0) ?? Results[0];
    const none = { Fault: { FaultCode: 0, FaultString: '' }, StartTime: '', CompleteTime: '' };
    const { Fault, ...times } = result ?? none;
    return { CommandKey, ours: isOurKey(CommandKey), kinds: ['change-du-state'], end: endOf(Fault, times, at) };
  }
  return undefined;
}
