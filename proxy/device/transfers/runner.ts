// The turn of a transfer: the CPE is asked for it, or asked to give it up. What it answers is kept with the transfer, which
// goes on when the turn is long over. An RPC whose answer was lost is never sent twice: what the CPE reports or has queued
// tells (`journal/proof.ts`), and else the transfer stays `asked` until a report comes or its time is over.
import { CPE_FAULTS } from '../../rpc/fault.ts';
import type { CpeMethodName } from '../../rpc/methods.ts';
import type { FaultInfo } from '../../rpc/structs.ts';
import type { MailboxEntry } from '../../store/mailbox-steps.ts';
import type { DeviceKey } from '../../store/store.ts';
import type {
  OpenTransferState,
  TransferEnd,
  TransferRecord,
  TransferSteps,
  TransferToAsk,
} from '../../store/transfer-steps.ts';
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
  /** A transfer has ended here. */
  readonly ended: (key: DeviceKey, transfer: TransferRecord) => Promise<void>;
}

const NO_TIMES: CpeTimes = { StartTime: '', CompleteTime: '' };
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

export function createTransferRunner({ steps, ended }: RunnerContext): Runner {
  const end = async (
    key: DeviceKey,
    CommandKey: string,
    how: TransferEnd,
    from: readonly OpenTransferState[],
  ): Promise<void> => {
    const step = await steps.endTransfer(key, CommandKey, how, from);
    if (step.kind === 'ended') await ended(key, step.transfer);
  };

  const ask = async (access: CpeAccess, transfer: TransferToAsk): Promise<RunResult> => {
    const { key } = access.record;
    const { CommandKey, state } = transfer;
    if (state === 'pending' || state === 'succeeded') return done;
    const mayAsk = state === 'waiting' || (state === 'asked' && access.resumed);
    if (!mayAsk)
      return failed(state === 'asked' ? 'another request has asked for it' : `the transfer has ended: ${state}`);
    const answer = await askFor(access, transfer);
    const now = access.now();
    if (answer.kind !== 'response') {
      const fault = faultIn(answer);
      await end(key, CommandKey, endOf(fault, NO_TIMES, now), ['waiting', 'asked']);
      return faulted(fault);
    }
    // A.3.2.8: 0 is done and reported already. ScheduleDownload and ChangeDUState have no Status: they are done later.
    if ('Status' in answer.value && answer.value.Status === 0) {
      await end(key, CommandKey, endOf({ FaultCode: 0, FaultString: '' }, answer.value, now), ['asked']);
    } else await steps.acceptTransfer(key, CommandKey, now);
    return done;
  };

  const cancel = async (access: CpeAccess, transfer: TransferToAsk): Promise<RunResult> => {
    const { key } = access.record;
    const { CommandKey, state } = transfer;
    if (state === 'cancelled') return done;
    if (transfer.end !== undefined) return failed(`the transfer has ended: ${state}`);
    if (state !== 'waiting') {
      const snapshot = { kind: 'none' } as const;
      const answer = await access.change({ method: 'CancelTransfer', request: () => ({ CommandKey }), snapshot });
      if (answer.kind !== 'response') return faulted(faultIn(answer));
    }
    const cancelled = {
      ...endOf({ FaultCode: 0, FaultString: '' }, NO_TIMES, access.now()),
      state: 'cancelled',
    } as const;
    await end(key, CommandKey, cancelled, ['waiting', 'asked', 'pending']);
    return done;
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
