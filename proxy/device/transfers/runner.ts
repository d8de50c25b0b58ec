// The turn of a transfer: the CPE is asked for it, or asked to give it up. What it answers is kept with the transfer, which
// goes on when the turn is long over. An RPC whose answer was lost is never sent twice: what the CPE reports or has queued
// tells (`journal/proof.ts`), and else the transfer stays `asked` until a report comes or its time is over.
import { CPE_FAULTS } from '../../rpc/fault.ts';
import type { CpeMethodName } from '../../rpc/methods.ts';
import type { FaultInfo } from '../../rpc/structs.ts';
import type { MailboxEntry } from '../../store/mailbox-steps.ts';
import type { TransferAnswer, TransferSteps, TransferToAsk } from '../../store/transfer-steps.ts';
import type { Answer, CpeAccess, Runner, RunResult } from '../access.ts';
import { askFor } from './ask.ts';
import { type CpeTimes, endOf } from './report.ts';

/** Kind of the entries that this runner executes. */
export const TRANSFER = 'transfer';

export interface TransferTask {
  readonly what: 'ask' | 'cancel';
  readonly CommandKey: string;
}
export const formatTask = (task: TransferTask): string => JSON.stringify(task);

interface RunnerContext {
  readonly steps: TransferSteps;
  /** A bell: the CPE has answered this. The answer is stored with the outcome. */
  readonly answered: (answer: TransferAnswer) => void;
}

const NO_TIMES: CpeTimes = { StartTime: '', CompleteTime: '' };
const NO_FAULT: FaultInfo = { FaultCode: 0, FaultString: '' };
const INTERNAL_ERROR = 9002;
const METHOD_NOT_SUPPORTED: FaultInfo = { FaultCode: 9000, FaultString: CPE_FAULTS[9000] };

/** Why it was not done; a bare SOAP fault has no code of CWMP's, and is no success for that. */
function faultIn(answer: Exclude<Answer<CpeMethodName>, { readonly kind: 'response' }>): FaultInfo {
  if (answer.kind === 'empty') return METHOD_NOT_SUPPORTED;
  const { FaultCode, FaultString } = answer.fault;
  return { FaultCode: FaultCode === 0 ? INTERNAL_ERROR : FaultCode, FaultString };
}

const done: RunResult = { state: 'succeeded', error: '', answer: undefined };
const failed = (error: string): RunResult => ({ state: 'failed', error, answer: undefined });
const faulted = ({ FaultCode, FaultString }: FaultInfo): RunResult => failed(`CWMP ${FaultCode}: ${FaultString}`);

export function createTransferRunner({ steps, answered }: RunnerContext): Runner {
  const withAnswer = (result: RunResult, transfer: TransferAnswer): RunResult => {
    answered(transfer);
    return { ...result, transfer };
  };

  const ask = async (access: CpeAccess, transfer: TransferToAsk): Promise<RunResult> => {
    const { CommandKey, state } = transfer;
    if (state === 'pending' || state === 'succeeded') return done;
    const mayAsk = state === 'waiting' || (state === 'asked' && access.resumed);
    if (!mayAsk)
      return failed(state === 'asked' ? 'another request has asked for it' : `the transfer has ended: ${state}`);
    const answer = await askFor(access, transfer);
    const at = access.now();
    if (answer.kind !== 'response') {
      const fault = faultIn(answer);
      return withAnswer(faulted(fault), { CommandKey, at, end: endOf(fault, NO_TIMES, at) });
    }
    // A.3.2.8: 0 is done and reported already. ScheduleDownload and ChangeDUState have no Status: they are done later.
    const isDone = 'Status' in answer.value && answer.value.Status === 0;
    return withAnswer(done, { CommandKey, at, ...(isDone ? { end: endOf(NO_FAULT, answer.value, at) } : {}) });
  };

  const cancel = async (access: CpeAccess, transfer: TransferToAsk): Promise<RunResult> => {
    const { CommandKey, state } = transfer;
    if (state === 'cancelled') return done;
    if (transfer.end !== undefined) return failed(`the transfer has ended: ${state}`);
    if (state !== 'waiting') {
      const snapshot = { kind: 'none' } as const;
      const answer = await access.change({ method: 'CancelTransfer', request: () => ({ CommandKey }), snapshot });
      if (answer.kind !== 'response') return faulted(faultIn(answer));
    }
    const at = access.now();
    return withAnswer(done, { CommandKey, at, end: { ...endOf(NO_FAULT, NO_TIMES, at), state: 'cancelled' } });
  };

  return {
    async run(entry: MailboxEntry, access) {
      const { what, CommandKey } = JSON.parse(entry.payload) as TransferTask;
      const transfer = await steps.readTransfer(access.record.key, CommandKey);
      if (transfer === undefined) return failed('the transfer is not known any more');
      return what === 'ask' ? ask(access, transfer) : cancel(access, transfer);
    },
    // Whoever wanted the transfer looks at the transfer; one that was not asked for waits for the CPE to come.
    answerFor: () => undefined,
  };
}
