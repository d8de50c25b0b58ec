// The CpeAccess of one mailbox entry: reads go to the CPE, changes through the journal. A resumed entry is run again from
// its start; its changing steps answer from the journal, or are settled by proof, before anything new is sent.
import type { CpeRequest } from '../rpc/methods.ts';
import type { DeviceRecord, NewEvent, Quiet } from '../store/device-steps.ts';
import type { MailboxEntry, RequestStep } from '../store/mailbox-steps.ts';
import {
  type Answer,
  type Change,
  type ChangingMethodName,
  type CpeAccess,
  RunInterrupted,
  type SafeMethodName,
} from './access.ts';
import { type SessionCalls, startsDiagnostic } from './calls.ts';
import type { InstanceTree } from './instance-tree/tree.ts';
import { applySettled } from './doubt.ts';
import { keyOfStep, MOST_STEPS } from './journal/keys.ts';
import type { Verdict } from './journal/proof.ts';
import { formatDetail, parseDetail } from './journal/snapshot.ts';
import { formatLedger, type Ledger } from './ledger.ts';
import type { ReadMemory } from './read-memory.ts';
import type { DeviceContext } from './settings.ts';

/** What an answered step proves, the number of a new row included. */
const executedBy = (value: object): Verdict =>
  'InstanceNumber' in value && typeof value.InstanceNumber === 'number'
    ? { kind: 'executed', InstanceNumber: value.InstanceNumber }
    : { kind: 'executed' };

/** A transfer stays what it is, and holds credentials: of its RPC the journal keeps whose it is. */
const asJournalled = (
  { transfer, journalledAs }: Pick<Change<ChangingMethodName>, 'transfer' | 'journalledAs'>,
  request: unknown,
): unknown => journalledAs ?? (transfer === undefined ? request : { CommandKey: transfer });

const REQUEST_DENIED = 9001;

/** What the Inform of this session tells of recorded steps. */
export interface Doubts {
  /** Whether the CPE was reset after the step. */
  wasReset(step: RequestStep): boolean;
  /** Finds out whether a step was executed whose answer was lost. */
  settle(step: RequestStep, limit: number): Promise<Verdict>;
}

export class EntryAccess implements CpeAccess {
  readonly #context: DeviceContext;
  readonly #calls: SessionCalls;
  readonly #epoch: number;
  readonly #entry: MailboxEntry;
  readonly #recorded: readonly RequestStep[];
  readonly #doubts: Doubts;
  #step = 0;
  #firstChangeAt: number | undefined;
  #lastResult: string | undefined;
  #raised = false;

  constructor(
    context: DeviceContext,
    calls: SessionCalls,
    epoch: number,
    entry: MailboxEntry,
    recorded: readonly RequestStep[],
    doubts: Doubts,
  ) {
    this.#context = context;
    this.#calls = calls;
    this.#epoch = epoch;
    this.#entry = entry;
    this.#recorded = recorded;
    this.#doubts = doubts;
    this.#firstChangeAt = recorded[0]?.at;
  }

  get record(): DeviceRecord {
    return this.#calls.record;
  }

  get ledger(): Ledger {
    return this.#calls.ledger;
  }

  get resumed(): boolean {
    return this.#recorded.length > 0;
  }

  /** True once a changing step is recorded: the entry cannot simply run again. */
  get changed(): boolean {
    return this.#firstChangeAt !== undefined;
  }

  get firstChangeAt(): number | undefined {
    return this.#firstChangeAt;
  }

  /** The result of the last step, not yet told to the store. */
  get lastResult(): string | undefined {
    return this.#lastResult;
  }

  /** Events were stored that are to be derived. */
  get raised(): boolean {
    return this.#raised;
  }

  get readBatch(): number {
    return this.#calls.readBatch;
  }

  get memory(): ReadMemory {
    return this.#calls.memory;
  }

  now(): number {
    return this.#context.clock.now();
  }

  read<N extends SafeMethodName>(method: N, request: CpeRequest<N>): Promise<Answer<N>> {
    return this.#calls.call(method, request, this.#limit(), this.#late());
  }

  async tree(): Promise<InstanceTree | undefined> {
    return (await this.#calls.knownTree()) ?? (await this.#calls.discover(this.#limit()));
  }

  refresh(path: string, anyway = false): Promise<InstanceTree | undefined> {
    return this.#calls.refresh(path, this.#limit(), this.#late(), anyway);
  }

  isFresh(path: string): boolean {
    return this.#calls.isFresh(path);
  }

  get remembered(): string {
    return this.#calls.viewMemory.text;
  }

  remember(text: string): Promise<void> {
    return this.#calls.viewMemory.keep(text);
  }

  get since(): number {
    return Math.max(this.record.bootAt, this.#calls.treeAt);
  }

  wireType(name: string): string | undefined {
    return this.#calls.wireType(name);
  }

  async saveLedger(ledger: Ledger, armed: string, events: readonly NewEvent[] = []): Promise<void> {
    const stored = formatLedger(ledger, armed);
    const step = await this.#context.store.devices.saveLedger(this.record.key, this.#epoch, stored, events);
    if (step === 'stale') throw new RunInterrupted('link-lost', 'another session has taken the device over');
    this.#calls.ledger = ledger;
    this.#raised ||= events.length > 0;
  }

  close(): void {
    this.#calls.closing = true;
  }

  async change<N extends ChangingMethodName>(change: Change<N>): Promise<Answer<N>> {
    this.#step += 1;
    if (this.#step > MOST_STEPS) throw new RunInterrupted('overrun', `more than ${MOST_STEPS} changing steps`);
    const key = change.transfer ?? keyOfStep(this.#entry.id, this.#step);
    const request = change.request(key);
    const recorded = this.#recorded[this.#step - 1];
    if (recorded !== undefined) {
      const answer = await this.#resume(change, request, recorded);
      if (answer !== undefined) return answer;
    }
    const why = this.#calls.breaker.why(change.method, request);
    if (why !== undefined) {
      // Told as the CPE would, so that a runner can undo what it did. What was not recorded has no number.
      if (recorded === undefined) this.#step -= 1;
      return { kind: 'fault', fault: { FaultCode: REQUEST_DENIED, FaultString: why, SetParameterValuesFault: [] } };
    }
    const quiet = change.quiet ?? this.#diagnosticQuiet(change.method, request);
    await this.#record(change, key, request, quiet);
    const answer = await this.#calls.call(change.method, request, this.#limit(), 'overrun');
    this.#lastResult = JSON.stringify(answer);
    // What the CPE refused does not happen when the session ends.
    const refused = answer.kind !== 'response' && quiet !== undefined;
    if (refused) await this.#context.store.devices.setQuiet(this.record.key, this.#epoch, undefined);
    return answer;
  }

  /** The answer of a step that happened in an earlier session; undefined when it is proven that it did not. */
  async #resume<N extends ChangingMethodName>(
    change: Change<N>,
    request: CpeRequest<N>,
    recorded: RequestStep,
  ): Promise<Answer<N> | undefined> {
    const same = JSON.stringify(parseDetail(recorded.detail).request) === JSON.stringify(asJournalled(change, request));
    if (recorded.method !== change.method || !same) {
      throw new RunInterrupted('unknown', 'the device has changed since an earlier step: the rest is not what it was');
    }
    if (this.#doubts.wasReset(recorded)) {
      if (change.isRepeatable === true) return undefined;
      throw new RunInterrupted('unknown', 'the device was reset after an earlier step: what was there is gone');
    }
    if (recorded.result !== undefined) {
      const answer = JSON.parse(recorded.result) as Answer<N>;
      if (answer.kind === 'response') applySettled(this.#calls, recorded, executedBy(answer.value));
      return answer;
    }
    const verdict = await this.#doubts.settle(recorded, this.#limit());
    if (verdict.kind === 'not-executed') return undefined;
    if (verdict.kind !== 'executed' && change.isRepeatable === true) return undefined;
    if (verdict.kind !== 'executed') throw new RunInterrupted('unknown', `the answer to ${change.method} was lost`);
    const value = {
      Status: verdict.Status ?? 0,
      ...(verdict.InstanceNumber === undefined ? {} : { InstanceNumber: verdict.InstanceNumber }),
    };
    const answer = { kind: 'response', value } as unknown as Answer<N>;
    this.#lastResult = JSON.stringify(answer);
    applySettled(this.#calls, recorded, verdict);
    return answer;
  }

  async #record<N extends ChangingMethodName>(
    change: Change<N>,
    key: string,
    request: CpeRequest<N>,
    quiet: Quiet | undefined,
  ): Promise<void> {
    const at = this.now();
    if (at >= this.#limit()) throw new RunInterrupted(this.#late(), 'no time is left for a changing step');
    const keyBefore = this.#calls.parameterKey;
    const detail = formatDetail({ snapshot: change.snapshot, keyBefore, request: asJournalled(change, request) });
    const step = { step: this.#step, method: change.method, key, detail, at, result: undefined };
    const { mailbox } = this.#context.store;
    const recorded = await mailbox.recordStep(this.record.key, this.#epoch, this.#entry.id, step, {
      ...(this.#lastResult === undefined ? {} : { previousResult: this.#lastResult }),
      ...(quiet === undefined ? {} : { quiet }),
      ...(change.expectedBoot === undefined ? {} : { expectedBoot: { ...change.expectedBoot, CommandKey: key, at } }),
      ...(change.transfer === undefined ? {} : { transfer: change.transfer }),
    });
    if (recorded === 'stale') throw new RunInterrupted('link-lost', 'another session has taken the device over');
    if (recorded === 'ended') throw new RunInterrupted('refused', 'the request has ended meanwhile');
    if (recorded === 'withdrawn') throw new RunInterrupted('withdrawn', 'the transfer has ended meanwhile');
    this.#lastResult = undefined;
    this.#firstChangeAt ??= at;
  }

  /** A diagnostic starts when the session ends: the CPE is not to be called before it has reported (facts: §7.2). */
  #diagnosticQuiet<N extends ChangingMethodName>(method: N, request: CpeRequest<N>): Quiet | undefined {
    if (method !== 'SetParameterValues' || !startsDiagnostic(request as CpeRequest<'SetParameterValues'>))
      return undefined;
    return { reason: 'diagnostic', until: this.now() + this.#context.settings.diagnosticBoundMs };
  }

  #limit(): number {
    const { requestMaxMs } = this.#context.settings;
    return this.#firstChangeAt === undefined ? this.#entry.deadline : this.#firstChangeAt + requestMaxMs;
  }

  #late(): 'deadline' | 'overrun' {
    return this.#firstChangeAt === undefined ? 'deadline' : 'overrun';
  }
}
