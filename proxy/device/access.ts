// What a runner sees of the CPE whose turn it has: calls that are journalled where they change something, the instance
// tree, and the stored record. One access serves one mailbox entry.
import type { CwmpFault } from '../rpc/fault.ts';
import type { CpeMethodName, CpeRequest, CpeResponse } from '../rpc/methods.ts';
import type { DeviceRecord, ExpectedBoot, NewEvent, Quiet } from '../store/device-steps.ts';
import type { MailboxEntry, RequestOutcome } from '../store/mailbox-steps.ts';
import type { TransferAnswer } from '../store/transfer-steps.ts';
import type { InstanceTree } from './instance-tree/tree.ts';
import type { Snapshot } from './journal/snapshot.ts';
import type { Ledger } from './ledger.ts';
import type { ReadMemory } from './read-memory.ts';

export type SafeMethodName =
  | 'GetParameterValues'
  | 'GetParameterNames'
  | 'GetParameterAttributes'
  | 'GetRPCMethods'
  | 'GetQueuedTransfers'
  | 'GetAllQueuedTransfers'
  | 'GetOptions';
export type ChangingMethodName = Exclude<CpeMethodName, SafeMethodName>;

export type Answer<N extends CpeMethodName> =
  | { readonly kind: 'response'; readonly value: CpeResponse<N> }
  | { readonly kind: 'fault'; readonly fault: CwmpFault }
  /** The CPE answered with nothing: it does not know the method (quirk 10). */
  | { readonly kind: 'empty' };

export interface Change<N extends ChangingMethodName> {
  readonly method: N;
  /** `key` is the ParameterKey or CommandKey that the journal chose. */
  readonly request: (key: string) => CpeRequest<N>;
  readonly snapshot: Snapshot;
  /** Takes effect in the moment in which the step is recorded. */
  readonly quiet?: Quiet;
  readonly expectedBoot?: Omit<ExpectedBoot, 'CommandKey' | 'at'>;
  /** CommandKey of the transfer that it asks for, in place of the journal's own: asked for from that moment on. */
  readonly transfer?: string;
  /** Kept by the journal in place of the request, which holds secrets; it names the same request every time. */
  readonly journalledAs?: object;
  /** Done twice it is as if it were done once: sent again where nobody knows whether it happened. */
  readonly isRepeatable?: boolean;
}

export interface CpeAccess {
  readonly record: DeviceRecord;
  now(): number;
  /** Repeatable without effect. */
  read<N extends SafeMethodName>(method: N, request: CpeRequest<N>): Promise<Answer<N>>;
  /** Stored before its first byte leaves; in a resumed request a step that happened answers from the journal. */
  change<N extends ChangingMethodName>(change: Change<N>): Promise<Answer<N>>;
  /** What the CPE has, discovered if it is not known yet; undefined when the CPE would not say. */
  tree(): Promise<InstanceTree | undefined>;
  /** The tree after asking again what is below `path`, unless that was asked a moment ago and is not wanted `anyway`. */
  refresh(path: string, anyway?: boolean): Promise<InstanceTree | undefined>;
  /** Whether `refresh` would leave the CPE alone. */
  isFresh(path: string): boolean;
  /** What the CPE was found to say before may be otherwise: it has booted since, or all that it has was asked for. */
  readonly since?: number;
  /** What the view remembers of the device, in its own words; '' for nothing. */
  readonly remembered: string;
  remember(text: string): Promise<void>;
  /** The xsi:type the CPE gave the parameter when it last told its value; undefined when it never did. */
  wireType(name: string): string | undefined;
  /** The request began in an earlier session: what it finds at the CPE may be its own work. */
  readonly resumed: boolean;
  /** Parameters in one GetParameterValues. */
  readonly readBatch: number;
  /** What earlier reads taught; undefined: nothing is remembered. */
  readonly memory?: ReadMemory;
  /** The ledger becomes this one, now; `armed` is stored with it, and the events that were found meanwhile. */
  saveLedger(ledger: Ledger, armed: string, events?: readonly NewEvent[]): Promise<void>;
  readonly ledger: Ledger;
  /** Work was done that the CPE applies when the session ends: nothing else starts in it. */
  close(): void;
}

/** Thrown by an access when the runner has to stop; the mailbox knows what becomes of the entry. */
export class RunInterrupted extends Error {
  readonly why:
    'link-lost' | 'deadline' | 'overrun' | 'unknown' | 'refused' | 'withdrawn' | 'store-away' | 'reboot-loop';

  constructor(why: RunInterrupted['why'], detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.name = 'RunInterrupted';
    this.why = why;
  }
}

export interface RunResult {
  readonly state: 'succeeded' | 'failed';
  /** '' when it succeeded. */
  readonly error: string;
  /** What is told to whoever asked, base64; undefined when nothing is. */
  readonly answer: string | undefined;
  /** What the CPE answered to the RPC of a transfer: stored with the outcome. */
  readonly transfer?: TransferAnswer;
  /** The runner itself has changed nothing that is stored. */
  readonly onlyRead?: boolean;
}

export interface Runner {
  /** Executes an entry on its owner. RunInterrupted passes through. */
  run(entry: MailboxEntry, access: CpeAccess): Promise<RunResult>;
  /** What is told of an entry that ended without a result of its own; undefined when nothing is. */
  answerFor(entry: MailboxEntry, outcome: RequestOutcome): string | undefined;
}
