// Settling a changing RPC whose answer was lost: what the Inform of this session proves, and else a look at the CPE.
import type { RequestStep } from '../store/mailbox-steps.ts';
import type { SessionCalls } from './calls.ts';
import {
  judgeInform,
  judgeQueue,
  judgeRows,
  judgeValues,
  type InformEvidence,
  type InDoubt,
  type Verdict,
} from './journal/proof.ts';
import { parseDetail } from './journal/snapshot.ts';
import type { NamedValue } from './ledger.ts';

export async function settleDoubt(
  calls: SessionCalls,
  step: RequestStep,
  evidence: InformEvidence,
  limit: number,
): Promise<Verdict> {
  const doubt = doubtOf(step);
  const verdict = judgeInform(doubt, evidence);
  if (verdict.kind === 'look-at-values') {
    const ParameterNames = [...new Set(verdict.names)];
    const answer = await calls.call('GetParameterValues', { ParameterNames }, limit, 'overrun');
    if (answer.kind !== 'response') return { kind: 'unknown' };
    const read = answer.value.ParameterList.map(({ Name, Value }): NamedValue => [Name.trim(), Value]);
    return judgeValues(doubt.detail.snapshot, read);
  }
  if (verdict.kind === 'look-at-rows') {
    const request = { ParameterPath: verdict.table, NextLevel: true };
    const answer = await calls.call('GetParameterNames', request, limit, 'overrun');
    if (answer.kind !== 'response') return { kind: 'unknown' };
    const rows = answer.value.ParameterList.flatMap(({ Name }) => {
      const row = Name.startsWith(verdict.table) ? Name.slice(verdict.table.length).replace(/\.$/, '') : '';
      return /^[0-9]+$/.test(row) ? [Number(row)] : [];
    });
    return judgeRows(doubt.detail.snapshot, rows, verdict.happened);
  }
  if (verdict.kind === 'look-at-queue') return judgeQueue(step.key, await queuedKeys(calls, limit));
  return verdict;
}

/** A recorded step as the proof sees it. */
export const doubtOf = ({ method, key, detail }: RequestStep): InDoubt => ({
  method,
  key,
  detail: parseDetail(detail),
});

/** CPEs of CWMP 1.0 have GetQueuedTransfers only, and many have neither (quirk 29). */
async function queuedKeys(calls: SessionCalls, limit: number): Promise<readonly string[]> {
  for (const method of ['GetAllQueuedTransfers', 'GetQueuedTransfers'] as const) {
    const answer = await calls.call(method, {}, limit, 'overrun');
    if (answer.kind === 'response') return answer.value.TransferList.map(({ CommandKey }) => CommandKey);
  }
  return [];
}

/** What an executed step changed becomes known, though nobody waits for its answer any more. */
export function applySettled(calls: SessionCalls, step: RequestStep, verdict: Verdict): void {
  if (verdict.kind !== 'executed') return;
  const { snapshot } = parseDetail(step.detail);
  if (snapshot.kind === 'rows' && verdict.InstanceNumber !== undefined) {
    calls.rowAdded(snapshot.table, verdict.InstanceNumber);
  } else if (snapshot.kind === 'row') calls.rowRemoved(snapshot.path);
  else if (snapshot.kind === 'values') calls.reveal(snapshot.set);
}
