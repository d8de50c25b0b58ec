// A CWMP session as a pure state machine, from an accepted Inform to its end. Inputs are what the CPE posts, what the
// device room wants, and time; effects are what `exchange.ts` does. It turns "the CPE asks, the ACS answers" inside out:
// while the CPE's POST is pending the turn is ours, and what we call is written as its HTTP response.
import type { LossReason } from '../device/link.ts';
import type { CwmpFault } from '../rpc/fault.ts';
import type { AcsMethodName, CpeMethodName } from '../rpc/methods.ts';
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
  | 'store-away';

export interface SessionSettings {
  /** The longest silence between two POSTs, in milliseconds. */
  readonly idleMs: number;
  readonly maxMs: number;
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
  | { readonly kind: 'reporting'; readonly during: CpeMethodName | undefined }
  /** The CPE's POST is pending and the turn is ours, since `since`. */
  | { readonly kind: 'turn'; readonly since: number }
  /** Our RPC is out; its answer is awaited. */
  | { readonly kind: 'calling'; readonly method: CpeMethodName; readonly limit: number }
  | { readonly kind: 'ended'; readonly reason: SessionEndReason };

export interface SessionState {
  readonly phase: Phase;
  readonly startedAt: number;
  /** The CPE has made its first empty POST. */
  readonly ready: boolean;
  readonly rpcs: number;
  /** A call that waits for the turn. */
  readonly queued: Call | undefined;
  /** The session is to end as soon as the turn is ours. */
  readonly ending: boolean;
  /** When `tick` is due. */
  readonly deadline: number;
}

/** What became of a call. The response's value travels beside it, in the message of the POST. */
export type CallResult =
  | { readonly kind: 'response' }
  | { readonly kind: 'fault'; readonly fault: CwmpFault }
  | { readonly kind: 'empty' }
  | { readonly kind: 'lost'; readonly written: boolean; readonly reason: LossReason };

export type SessionInput =
  /** A POST without a message. */
  | { readonly kind: 'empty-post' }
  | { readonly kind: 'post'; readonly message: Exclude<Message, { readonly method: 'Inform' }> }
  | { readonly kind: 'malformed-post' }
  /** The connection of the pending or last POST has closed. `onlyOne`: the session never used another. */
  | { readonly kind: 'closed'; readonly onlyOne: boolean }
  | { readonly kind: 'call'; readonly call: Call }
  | { readonly kind: 'end' }
  /** The report in hand is saved, or could not be. */
  | { readonly kind: 'reported'; readonly saved: boolean }
  | { readonly kind: 'displaced' }
  | { readonly kind: 'tick' };

export type SessionEffect =
  /** The first empty POST: the link is ready. */
  | { readonly kind: 'ready' }
  /** Save a request of the CPE's, answer it, and say `reported`. */
  | { readonly kind: 'report'; readonly method: AcsMethodName; readonly value: unknown }
  | { readonly kind: 'answer-report' }
  /** SOAP fault 8000 for a method that no ACS has. */
  | { readonly kind: 'unknown-method'; readonly name: string }
  | { readonly kind: 'write'; readonly text: string }
  | { readonly kind: 'write-nothing' }
  | { readonly kind: 'write-status'; readonly status: 400 | 503 }
  | { readonly kind: 'settle'; readonly result: CallResult }
  /** An answer to nothing, counted. */
  | { readonly kind: 'unsolicited' }
  | { readonly kind: 'end'; readonly reason: SessionEndReason; readonly heldMs: number | undefined };

export interface Step {
  readonly state: SessionState;
  readonly effects: readonly SessionEffect[];
}

/** A CPE that closed its connection may come back on another within this time; many use one for each POST. */
const RECONNECT_MS = 5000;

export const startSession = (now: number, settings: SessionSettings): SessionState => ({
  phase: { kind: 'awaiting' },
  startedAt: now,
  ready: false,
  rpcs: 0,
  queued: undefined,
  ending: false,
  deadline: deadlineOf({ kind: 'awaiting' }, now, now, settings),
});

function deadlineOf(phase: Phase, now: number, startedAt: number, { idleMs, maxMs }: SessionSettings): number {
  const end = startedAt + maxMs;
  if (phase.kind === 'calling') return Math.min(end, phase.limit);
  return phase.kind === 'awaiting' ? Math.min(end, now + idleMs) : end;
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
};

/** What an RPC that was under way has lost its link by. */
export const lossOf = (reason: SessionEndReason): LossReason => LOSS[reason];

export function step(state: SessionState, input: SessionInput, now: number, settings: SessionSettings): Step {
  if (state.phase.kind === 'ended') return afterEnd(state, input);
  switch (input.kind) {
    case 'empty-post':
      return emptyPost(state, now, settings);
    case 'post':
      return post(state, input.message, now, settings);
    case 'malformed-post':
      return end(state, 'malformed', now, [{ kind: 'write-status', status: 400 }]);
    case 'closed':
      return closed(state, input.onlyOne, now, settings);
    case 'call':
      return advance({ ...state, queued: input.call }, now, settings);
    case 'end':
      return advance({ ...state, ending: true }, now, settings);
    case 'reported':
      return reported(state, input.saved, now, settings);
    case 'displaced':
      return end(state, 'displaced', now, pendingPost(state) ? [{ kind: 'write-nothing' }] : []);
    case 'tick':
      return tick(state, now);
  }
}

/** A late call is lost without having been written; a late POST is told that the session is over. */
function afterEnd(state: SessionState, input: SessionInput): Step {
  if (input.kind === 'call') {
    return { state, effects: [{ kind: 'settle', result: { kind: 'lost', written: false, reason: 'ended' } }] };
  }
  const isPost = input.kind === 'empty-post' || input.kind === 'post' || input.kind === 'malformed-post';
  return { state, effects: isPost ? [{ kind: 'write-nothing' }] : [] };
}

const pendingPost = ({ phase }: SessionState): boolean => phase.kind === 'turn' || phase.kind === 'reporting';

function enter(state: SessionState, phase: Phase, now: number, settings: SessionSettings): SessionState {
  return { ...state, phase, deadline: deadlineOf(phase, now, state.startedAt, settings) };
}

function emptyPost(state: SessionState, now: number, settings: SessionSettings): Step {
  // Quirk 10: an RPC answered with nothing has failed; it is never sent again blindly.
  const answered: SessionEffect[] =
    state.phase.kind === 'calling' ? [{ kind: 'settle', result: { kind: 'empty' } }] : [];
  return takeTurn(state, answered, now, settings);
}

/** The CPE's POST leaves the turn to us. */
function takeTurn(state: SessionState, before: readonly SessionEffect[], now: number, settings: SessionSettings): Step {
  const turn = enter({ ...state, ready: true }, { kind: 'turn', since: now }, now, settings);
  const effects: readonly SessionEffect[] = state.ready ? before : [...before, { kind: 'ready' }];
  const next = advance(turn, now, settings);
  return { state: next.state, effects: [...effects, ...next.effects] };
}

/** Does what waits for the turn, if it is ours. */
function advance(state: SessionState, now: number, settings: SessionSettings): Step {
  if (state.phase.kind !== 'turn') return { state, effects: [] };
  const { queued } = state;
  if (queued !== undefined) {
    if (state.rpcs >= settings.maxRpcs) return end(state, 'too-many-rpcs', now, [{ kind: 'write-nothing' }]);
    const { method, timeoutMs, text } = queued;
    const calling = enter(
      { ...state, queued: undefined, rpcs: state.rpcs + 1 },
      { kind: 'calling', method, limit: now + timeoutMs },
      now,
      settings,
    );
    return { state: calling, effects: [{ kind: 'write', text }] };
  }
  return state.ending ? end(state, 'done', now, [{ kind: 'write-nothing' }]) : { state, effects: [] };
}

function post(
  state: SessionState,
  message: Exclude<Message, { readonly method: 'Inform' }>,
  now: number,
  settings: SessionSettings,
): Step {
  const method = state.phase.kind === 'calling' ? state.phase.method : undefined;
  switch (message.kind) {
    case 'request': {
      // A CPE may call us whenever the POST is its own, before the empty one and after; our call stays open.
      const phase: Phase = { kind: 'reporting', during: method };
      const effect: SessionEffect = { kind: 'report', method: message.method, value: message.value };
      return { state: enter(state, phase, now, settings), effects: [effect] };
    }
    case 'response':
      if (method === undefined) return takeTurn(state, [{ kind: 'unsolicited' }], now, settings);
      if (message.method !== method) return end(state, 'wrong-response', now, [{ kind: 'write-nothing' }]);
      return takeTurn(state, [{ kind: 'settle', result: { kind: 'response' } }], now, settings);
    case 'fault': {
      const result = { kind: 'fault', fault: message.fault } as const;
      const effect: SessionEffect = method === undefined ? { kind: 'unsolicited' } : { kind: 'settle', result };
      return takeTurn(state, [effect], now, settings);
    }
    case 'unknown':
      if (method !== undefined && message.name.endsWith('Response')) {
        return end(state, 'wrong-response', now, [{ kind: 'write-nothing' }]);
      }
      return { state, effects: [{ kind: 'unknown-method', name: message.name }] };
  }
}

function reported(state: SessionState, saved: boolean, now: number, settings: SessionSettings): Step {
  if (state.phase.kind !== 'reporting') return { state, effects: [] };
  // Acknowledged means safe: the CPE repeats what could not be saved.
  if (!saved) return end(state, 'store-away', now, [{ kind: 'write-status', status: 503 }]);
  const { during } = state.phase;
  const phase: Phase =
    during === undefined ? { kind: 'awaiting' } : { kind: 'calling', method: during, limit: now + settings.idleMs };
  return { state: enter(state, phase, now, settings), effects: [{ kind: 'answer-report' }] };
}

function closed(state: SessionState, onlyOne: boolean, now: number, settings: SessionSettings): Step {
  if (state.phase.kind === 'turn') return end(state, 'hung-up', now, []);
  // With one connection for everything, its end is nearly always the session's.
  const patience = onlyOne ? RECONNECT_MS : settings.idleMs;
  return { state: { ...state, deadline: Math.min(state.deadline, now + patience) }, effects: [] };
}

function tick(state: SessionState, now: number): Step {
  if (now < state.deadline) return { state, effects: [] };
  const nothing: readonly SessionEffect[] = pendingPost(state) ? [{ kind: 'write-nothing' }] : [];
  if (pendingPost(state)) return end(state, 'too-long', now, nothing);
  if (state.phase.kind === 'calling') return end(state, now < state.phase.limit ? 'closed' : 'rpc-timeout', now, []);
  return end(state, 'silent', now, []);
}

function end(state: SessionState, reason: SessionEndReason, now: number, written: readonly SessionEffect[]): Step {
  const { phase, queued } = state;
  const lost: SessionEffect[] = [];
  const loss = LOSS[reason];
  if (phase.kind === 'calling' || (phase.kind === 'reporting' && phase.during !== undefined)) {
    lost.push({ kind: 'settle', result: { kind: 'lost', written: true, reason: loss } });
  } else if (queued !== undefined)
    lost.push({ kind: 'settle', result: { kind: 'lost', written: false, reason: loss } });
  const heldMs = phase.kind === 'turn' ? now - phase.since : undefined;
  const ended: SessionState = {
    ...state,
    phase: { kind: 'ended', reason },
    queued: undefined,
    deadline: Number.POSITIVE_INFINITY,
  };
  return { state: ended, effects: [...written, ...lost, { kind: 'end', reason, heldMs }] };
}
