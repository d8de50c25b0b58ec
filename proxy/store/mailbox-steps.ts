// Steps on a device's mailbox and on the journal of changing RPCs (DESIGN mechanism 4).
import type { ExpectedBoot, NewEvent, OwnerStep, Quiet } from './device-steps.ts';
import type { DeviceKey } from './store.ts';
import type { TransferAnswer } from './transfer-steps.ts';

/** What a controller called its request; while unanswered, a repeat of its three ids is the same request (R-MSG.4). */
export interface RequestOrigin {
  readonly from_id: string;
  readonly to_id: string;
  readonly msg_id: string;
  /** Names of roles that the Controller's credential gave it when it asked; absent: none. */
  readonly roles?: readonly string[];
}

export interface MailboxEntry {
  /** Ours, unguessable: 20 characters of base32. */
  readonly id: string;
  /** Names the runner that executes it. */
  readonly kind: string;
  /** The runner's own; a USP Msg is base64. */
  readonly payload: string;
  readonly origin: RequestOrigin | undefined;
  /** Where the answer goes, in the words of `endpoint`; undefined where nobody waits. */
  readonly returnPath: string | undefined;
  readonly enqueuedAt: number;
  /** Bounds waiting, reading and the first changing step. */
  readonly deadline: number;
}

/** A changing RPC, stored before its first byte leaves. */
export interface RequestStep {
  /** Counts from 1. */
  readonly step: number;
  readonly method: string;
  /** ParameterKey or CommandKey that proves its execution; '' where the RPC has none. */
  readonly key: string;
  /** What recovery needs (object path, rows before, values): the journal's own JSON. */
  readonly detail: string;
  readonly at: number;
  /** The journal's own JSON once the CPE answered; undefined while in flight. */
  readonly result: string | undefined;
}

/** What takes effect with a step, in the same moment. */
export interface StepEffects {
  /** Result of the step before. */
  readonly previousResult?: string;
  readonly quiet?: Quiet;
  readonly expectedBoot?: ExpectedBoot;
  /** CommandKey of the transfer that the step asks for. */
  readonly transfer?: string;
}

export type OutcomeState = 'succeeded' | 'failed' | 'expired' | 'cancelled' | 'unknown';
export interface RequestOutcome {
  readonly state: OutcomeState;
  readonly at: number;
  /** '' when it succeeded. */
  readonly error: string;
  /** The encoded answer, base64, of changing requests up to 64 KB; '' otherwise. */
  readonly answer: string;
}

export type RequestState = 'waiting' | 'running' | OutcomeState;
/** A request by its id, for 10 minutes after its outcome. */
export interface RequestRecord {
  readonly id: string;
  readonly kind: string;
  readonly origin: RequestOrigin | undefined;
  readonly enqueuedAt: number;
  readonly deadline: number;
  readonly state: RequestState;
  readonly steps: readonly RequestStep[];
  readonly outcome: RequestOutcome | undefined;
}

export interface MailboxCaps {
  readonly entries: number;
}
export type Enqueued =
  /** `taken`: it runs at once under the epoch asked for. `owner`: the incarnation to ring; undefined: wake the CPE. */
  | {
      readonly kind: 'queued';
      readonly taken: boolean;
      readonly owner: string | undefined;
      /** Of the device: a record with the same one is up to date. */
      readonly version: number;
      readonly quiet: Quiet | undefined;
    }
  /** A repeat of an unanswered request: its answer now goes to the new return path. */
  | { readonly kind: 'joined'; readonly id: string }
  | { readonly kind: 'full' }
  | { readonly kind: 'unknown-device' };

export interface TakenEntry {
  readonly kind: 'entry';
  readonly entry: MailboxEntry;
  /** Steps of an earlier owner; not empty makes it a resumed request. */
  readonly steps: readonly RequestStep[];
}
export type Taken = TakenEntry | { readonly kind: 'empty' } | { readonly kind: 'stale' };

/** A request that ended without its runner: its answer is still to be told. */
export interface EndedEntry {
  readonly entry: MailboxEntry;
  readonly outcome: RequestOutcome;
}

export interface Settlement {
  readonly outcome: RequestOutcome;
  /** Result of the last recorded step. */
  readonly lastResult?: string;
  /** The request might as well run once more: the step need not wait until this is safe. */
  readonly onlyRead?: boolean;
  readonly events?: readonly NewEvent[];
  /** Holds whoever's outcome is the first: the CPE has said it. */
  readonly transfer?: TransferAnswer;
}
export type Settled =
  /** This outcome is the one; `returnPath` is the latest that asked. */
  | { readonly kind: 'first'; readonly returnPath: string | undefined }
  | { readonly kind: 'already' }
  | { readonly kind: 'stale' };

export interface Expired {
  readonly ended: readonly EndedEntry[];
  /** When to look again; undefined when nothing waits or runs. */
  readonly next: number | undefined;
}

export interface MailboxSteps {
  /** `takeAs`: the epoch under which the caller's idle link would start it at once. */
  enqueue(key: DeviceKey, entry: MailboxEntry, caps: MailboxCaps, takeAs?: number): Promise<Enqueued>;
  /** The entry an earlier owner left running, else the oldest waiting one. Deadlines are `expireRequests`' business. */
  take(key: DeviceKey, epoch: number): Promise<Taken>;
  /** Back to the head of the mailbox: it was cut off with only reads behind it. One with a recorded step stays where it is. */
  putBack(key: DeviceKey, epoch: number, id: string): Promise<OwnerStep>;
  /**
   * Journals a changing RPC, and with it the result of the step before; refused (`stale`, `ended`) means not sent.
   * `ended`: the request does not run under this epoch, or not any more. `quiet` and `expectedBoot` take effect with it;
   * `transfer` is asked for with it, and `withdrawn` when it does not wait any more.
   * A number that was recorded before replaces that step; a gap in the numbers throws CAUSEWAY_BUG.
   */
  recordStep(
    key: DeviceKey,
    epoch: number,
    id: string,
    step: RequestStep,
    also: StepEffects,
  ): Promise<OwnerStep | 'ended' | 'withdrawn'>;
  /**
   * One compare-and-set: the first outcome wins. `epoch` undefined: settled by somebody who is not the owner. An outcome
   * `unknown` leaves the last step, if it has no result, in doubt with the device.
   */
  settle(key: DeviceKey, epoch: number | undefined, id: string, settlement: Settlement): Promise<Settled>;
  /**
   * Ends what waits beyond its deadline, and what an owner left running: without a changing step it expires alike, with
   * one it is `unknown` `maxMs` after its first step. What a live owner runs is the owner's to end; `next` comes back to it.
   */
  expireRequests(key: DeviceKey, now: number, maxMs: number, error: string): Promise<Expired>;
  /** Ends everything that waits, for one reason (the CPE cannot be reached). */
  failWaiting(key: DeviceKey, outcome: RequestOutcome): Promise<readonly EndedEntry[]>;
  readRequest(key: DeviceKey, id: string): Promise<RequestRecord | undefined>;
  /** Unfinished requests, newest first, then up to 64 finished ones, the last to end first. */
  listRequests(key: DeviceKey, limit: number): Promise<readonly RequestRecord[]>;
}
