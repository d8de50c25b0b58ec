// The states, inputs and effects of a CWMP session, and its deadlines. `session.ts` holds the steps between them.
import type { LossReason } from '../device/link.ts';
import type { CwmpFault } from '../rpc/fault.ts';
import type { CpeMethodName } from '../rpc/methods.ts';
import type { Message } from '../soap/envelope.ts';

/** What ends a session; each is a label of a metric. */
export type SessionEndReason =
  /** 204 after the CPE's and our own work. */
  | 'done'
  /** The CPE hung up while it was held. */
  | 'hung-up'
  /** The CPE's connection closed, and no other came in time. */
  | 'closed'
  /** The CPE was silent between two POSTs. */
  | 'silent'
  /** An RPC was not answered in time. */
  | 'rpc-timeout'
  | 'malformed'
  | 'wrong-response'
  /** A new Inform of the same device. */
  | 'displaced'
  | 'too-many-rpcs'
  | 'too-long'
  /** A report could not be saved. */
  | 'store-away'
  /** Chain mode: the ACS did not take what the CPE brought. */
  | 'upstream-away'
  /** A bug; what it was stands in the log. */
  | 'failed';

export interface SessionSettings {
  /** The longest silence between two POSTs, in milliseconds. */
  readonly idleMs: number;
  readonly maxMs: number;
  /** RPCs of both sides together. */
  readonly maxRpcs: number;
}

/** An RPC that the device room wants to call; its envelope is already written. */
export interface Call {
  readonly method: CpeMethodName;
  readonly text: string;
  readonly timeoutMs: number;
}

type Phase =
  /** Our response is out; the CPE's next POST is awaited. */
  | { readonly kind: 'awaiting' }
  /** A request of the CPE's is being saved; its POST is pending. */
  | { readonly kind: 'reporting'; readonly report: number }
  /** Chain mode: the CPE's POST is pending, and with the ACS. */
  | { readonly kind: 'relaying' }
  /** The CPE's POST is pending and the turn is ours, since `since`. */
  | { readonly kind: 'turn'; readonly since: number }
  | { readonly kind: 'ended'; readonly reason: SessionEndReason };

/** Our RPC that is out; it stays open while the CPE calls us in between. */
interface OpenCall {
  readonly method: CpeMethodName;
  readonly limit: number;
}

/** When `tick` is due, and what it then means. */
interface Deadline {
  readonly at: number;
  readonly reason: SessionEndReason;
}

export interface SessionState {
  readonly phase: Phase;
  readonly startedAt: number;
  /** The CPE has made its first empty POST. */
  readonly ready: boolean;
  /** Of both sides, answers to nothing included. */
  readonly rpcs: number;
  /** Requests of the CPE's so far: names the one that is being saved. */
  readonly reports: number;
  readonly call: OpenCall | undefined;
  /** A call that waits for the turn. */
  readonly queued: Call | undefined;
  /** The session is to end as soon as the turn is ours. */
  readonly ending: boolean;
  /** The CPE's connection is gone; another is waited for this long. */
  readonly patienceMs: number | undefined;
  /** The gateway stops: a CPE that is gone is not waited for. */
  readonly stopping: boolean;
  readonly deadline: Deadline;
}

/** What became of a call. The response's value travels beside it, in the message of the POST. */
export type CallResult =
  | { readonly kind: 'response' }
  | { readonly kind: 'fault'; readonly fault: CwmpFault }
  | { readonly kind: 'empty' }
  | { readonly kind: 'lost'; readonly written: boolean; readonly reason: LossReason };

/** What became of a report: in the store, or why it is not. One that is too large is refused, and the session goes on. */
export type ReportOutcome = 'saved' | 'too-large' | Extract<SessionEndReason, 'store-away' | 'displaced' | 'failed'>;

export type CpeMessage = Exclude<Message, { readonly method: 'Inform' }>;
/** A request of the CPE's within a session. */
export type ReportMessage = Extract<CpeMessage, { readonly kind: 'request' }>;

export type SessionInput =
  /** A POST without a message. */
  | { readonly kind: 'empty-post' }
  | { readonly kind: 'post'; readonly message: CpeMessage }
  | { readonly kind: 'malformed-post' }
  /** The CPE sends nothing more on its connection. `onlyOne`: the session never used another. */
  | { readonly kind: 'closed'; readonly onlyOne: boolean }
  /** Never while another call is open. */
  | { readonly kind: 'call'; readonly call: Call }
  | { readonly kind: 'end' }
  | { readonly kind: 'reported'; readonly report: number; readonly outcome: ReportOutcome }
  /** A POST that is for the ACS behind us, and what became of it. One that the ACS leaves to us is an `empty-post`. */
  | { readonly kind: 'relay' | 'relayed' | 'relay-failed' }
  | { readonly kind: 'displaced' }
  | { readonly kind: 'stopping' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'tick' };

export type SessionEffect =
  /** The first empty POST: the link is ready. */
  | { readonly kind: 'ready' }
  /** Save a request of the CPE's, and say `reported`. */
  | { readonly kind: 'report'; readonly report: number; readonly message: ReportMessage }
  | { readonly kind: 'answer-report' }
  /** SOAP fault 8004: the CPE is not to repeat it. */
  | { readonly kind: 'refuse-report' }
  /** SOAP fault 8000 for a method that no ACS has. */
  | { readonly kind: 'unknown-method'; readonly name: string }
  | { readonly kind: 'write'; readonly text: string }
  | { readonly kind: 'write-nothing' }
  /** What the ACS answered. */
  | { readonly kind: 'write-passed' }
  /** 400 */
  | { readonly kind: 'write-malformed' }
  /** 503: the CPE is to come again with what it brought. */
  | { readonly kind: 'write-later'; readonly reason: SessionEndReason }
  | { readonly kind: 'settle'; readonly result: CallResult }
  /** An answer to nothing, counted. */
  | { readonly kind: 'unsolicited' }
  | { readonly kind: 'end'; readonly reason: SessionEndReason; readonly heldMs: number | undefined };

/** What answers a POST. */
export type WriteEffect = Extract<
  SessionEffect,
  { readonly kind: `write${string}` | 'unknown-method' | 'answer-report' | 'refuse-report' }
>;

export interface Step {
  readonly state: SessionState;
  readonly effects: readonly SessionEffect[];
}

const LOSS: Readonly<Record<SessionEndReason, LossReason>> = {
  done: 'ended',
  'hung-up': 'closed',
  closed: 'closed',
  silent: 'timeout',
  'rpc-timeout': 'timeout',
  malformed: 'malformed',
  'wrong-response': 'wrong-response',
  displaced: 'displaced',
  'too-many-rpcs': 'cap',
  'too-long': 'cap',
  'store-away': 'ended',
  'upstream-away': 'ended',
  failed: 'ended',
};

/** What an RPC that was under way has lost its link by. */
export const lossOf = (reason: SessionEndReason): LossReason => LOSS[reason];

export function startSession(now: number, settings: SessionSettings): SessionState {
  const state: SessionState = {
    phase: { kind: 'awaiting' },
    startedAt: now,
    ready: false,
    rpcs: 0,
    reports: 0,
    call: undefined,
    queued: undefined,
    ending: false,
    patienceMs: undefined,
    stopping: false,
    deadline: { at: now, reason: 'silent' },
  };
  return { ...state, deadline: deadlineOf(state, now, settings) };
}

export function deadlineOf(state: SessionState, now: number, { idleMs, maxMs }: SessionSettings): Deadline {
  const end: Deadline = { at: state.startedAt + maxMs, reason: 'too-long' };
  if (state.phase.kind !== 'awaiting') return end;
  const { call, patienceMs } = state;
  const silence: Deadline =
    call === undefined ? { at: now + idleMs, reason: 'silent' } : { at: call.limit, reason: 'rpc-timeout' };
  const gone: Deadline = { at: now + (patienceMs ?? Number.POSITIVE_INFINITY), reason: 'closed' };
  return [silence, gone].reduce((first, other) => (other.at < first.at ? other : first), end);
}

/** The state in another phase, with the deadline that follows. */
export const enter = (state: SessionState, phase: Phase, now: number, settings: SessionSettings): SessionState => {
  const next = { ...state, phase };
  return { ...next, deadline: deadlineOf(next, now, settings) };
};
