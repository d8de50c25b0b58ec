// Whether a changing RPC whose answer was lost has been executed (facts: cwmp-usp-translation §12.3). Pure: what to look
// at, and what the look proves. Without proof the answer is `unknown`; nothing is ever sent again on a guess.
import { lastNameOf, parentOf } from '../../path/concrete.ts';
import { BOOTSTRAP, hasEvent } from '../events.ts';
import type { NamedValue } from '../ledger.ts';
import type { Snapshot, StepDetail } from './snapshot.ts';

export interface InDoubt {
  readonly method: string;
  /** ParameterKey or CommandKey of the step. */
  readonly key: string;
  readonly detail: StepDetail;
}

/** What the next Inform tells by itself. */
export interface InformEvidence {
  /** Of this very Inform; undefined where it carries none, and so proves nothing. */
  readonly ParameterKey: string | undefined;
  /** The CPE was seen to report one of our keys before: only then does another key prove anything. */
  readonly keysSeen: boolean;
  readonly eventCodes: readonly string[];
  readonly commandKeys: readonly string[];
}

export type Verdict =
  /** `Status`: as the CPE would have answered, where that is not 0. */
  | { readonly kind: 'executed'; readonly InstanceNumber?: number; readonly Status?: number }
  | { readonly kind: 'not-executed' }
  | { readonly kind: 'unknown' }
  /** The CPE was reset since: what was done is gone, and what is there now is not what the step was meant for. */
  | { readonly kind: 'reset' }
  /** Ask the CPE for this, then judge by `judgeValues` or `judgeRows`. */
  | { readonly kind: 'look-at-values'; readonly names: readonly string[] }
  | { readonly kind: 'look-at-rows'; readonly table: string; readonly happened: boolean }
  /** Ask the CPE what transfers it has queued, then judge by `judgeQueue`. */
  | { readonly kind: 'look-at-queue' };

/** Status 1: it is done after the session, and TransferComplete follows. */
const ACCEPTED: Verdict = { kind: 'executed', Status: 1 };
const QUEUED = new Set(['Download', 'Upload', 'ScheduleDownload']);
const KEYED = new Set(['SetParameterValues', 'AddObject', 'DeleteObject']);

/** `happened`: that it was executed is proven, and it is only to be found what came of it. */
function lookAt(snapshot: Snapshot, happened = false): Verdict {
  switch (snapshot.kind) {
    case 'values':
      return { kind: 'look-at-values', names: snapshot.set.map(([name]) => name) };
    case 'rows':
      return { kind: 'look-at-rows', table: snapshot.table, happened };
    case 'row':
      return {
        kind: 'look-at-rows',
        table: parentOf(snapshot.path),
        happened,
      };
    case 'none':
      return { kind: 'unknown' };
  }
}

/** What the Inform proves; an AddObject that happened still needs a look for its number. */
export function judgeInform(step: InDoubt, evidence: InformEvidence): Verdict {
  if (step.method === 'Reboot' || step.method === 'FactoryReset') {
    const wanted = step.method === 'Reboot' ? 1 : 0;
    const told = step.method === 'Reboot' && evidence.commandKeys.includes(step.key);
    return told || hasEvent(evidence.eventCodes, wanted) ? { kind: 'executed' } : { kind: 'unknown' };
  }
  // An M event carries the CommandKey of what was done (TR-069 §3.7.1.5).
  const told = evidence.commandKeys.includes(step.key);
  if (QUEUED.has(step.method)) return told ? ACCEPTED : { kind: 'look-at-queue' };
  if (step.method === 'ChangeDUState' && told) return ACCEPTED;
  if (!KEYED.has(step.method)) return lookAt(step.detail.snapshot);
  if (wasReset(step, evidence)) return { kind: 'reset' };
  const { ParameterKey, keysSeen } = evidence;
  const executed = ParameterKey === step.key;
  if (executed && step.method !== 'AddObject') return { kind: 'executed' };
  const untouched = keysSeen && ParameterKey === step.detail.keyBefore && ParameterKey !== '';
  return untouched ? { kind: 'not-executed' } : lookAt(step.detail.snapshot, executed);
}

/**
 * Whether the CPE was reset after the step (facts: §12.3). A reset clears the ParameterKey, and nothing else does on a CPE
 * that keeps ours; a BOOTSTRAP that comes with a key tells of another ACS URL only.
 */
export function wasReset({ method, detail }: InDoubt, { ParameterKey, keysSeen, eventCodes }: InformEvidence): boolean {
  const written = (detail.request as { readonly ParameterKey?: unknown }).ParameterKey;
  // A device that is given back to its ACS gets that one's key, which may be none (`release`).
  if (!KEYED.has(method) || ParameterKey !== '' || written === '') return false;
  return (keysSeen && detail.keyBefore !== '') || hasEvent(eventCodes, BOOTSTRAP);
}

/** `keys`: CommandKeys of what is queued. What is not there may have been done at once, or never have arrived. */
export const judgeQueue = (key: string, keys: readonly string[]): Verdict =>
  keys.includes(key) ? ACCEPTED : { kind: 'unknown' };

const byName = (values: readonly NamedValue[]): ReadonlyMap<string, string> => new Map(values);

/** `read`: the values the CPE has now. A value that the step would not have changed proves nothing. */
export function judgeValues(snapshot: Snapshot, read: readonly NamedValue[]): Verdict {
  if (snapshot.kind !== 'values') return { kind: 'unknown' };
  const [now, before] = [byName(read), byName(snapshot.before)];
  const telling = snapshot.set.filter(([name, value]) => before.get(name) !== value);
  if (snapshot.set.every(([name, value]) => now.get(name) === value)) return { kind: 'executed' };
  const unchanged = telling.every(([name]) => before.has(name) && now.get(name) === before.get(name));
  return unchanged && telling.length > 0 ? { kind: 'not-executed' } : { kind: 'unknown' };
}

/** `rows`: the instance numbers of the table now. Some CPEs do not list a new row at once. */
export function judgeRows(snapshot: Snapshot, rows: readonly number[], happened = false): Verdict {
  if (snapshot.kind === 'row') {
    return rows.includes(Number(lastNameOf(snapshot.path))) ? { kind: 'not-executed' } : { kind: 'executed' };
  }
  if (snapshot.kind !== 'rows') return { kind: 'unknown' };
  const added = rows.filter((row) => !snapshot.before.includes(row));
  if (added.length === 0) return { kind: happened ? 'unknown' : 'not-executed' };
  const [InstanceNumber] = added;
  return added.length === 1 && InstanceNumber !== undefined
    ? { kind: 'executed', InstanceNumber }
    : { kind: 'unknown' };
}
