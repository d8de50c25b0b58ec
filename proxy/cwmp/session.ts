// A CWMP session as a pure state machine, from an accepted Inform to its end. Inputs are what the CPE posts, what the
// device room wants, and time; effects are what `exchange.ts` does. It turns "the CPE asks, the ACS answers" inside out:
// while the CPE's POST is pending the turn is ours, and what we call is written as its HTTP response.
import {
  type CallResult,
  type CpeMessage,
  deadlineOf,
  enter,
  lossOf,
  type SessionEffect,
  type SessionEndReason,
  type SessionInput,
  type SessionSettings,
  type SessionState,
  type Step,
} from './session-state.ts';

/** A CPE that closed its one connection may come back on another within this time. */
const RECONNECT_MS = 5000;

export function step(state: SessionState, input: SessionInput, now: number, settings: SessionSettings): Step {
  if (state.phase.kind === 'ended') return afterEnd(state, input);
  switch (input.kind) {
    case 'empty-post':
      // Quirk 10: an RPC answered with nothing has failed; it is never sent again blindly.
      return answered(posted(state), { kind: 'empty' }, [], now, settings);
    case 'post':
      return post(posted(state), input.message, now, settings);
    case 'relay':
      return relay(posted(state), now, settings);
    case 'relayed':
    case 'relay-failed':
      return relayed(state, input.kind, now, settings);
    case 'malformed-post':
      return end(state, 'malformed', now, [{ kind: 'write-malformed' }]);
    case 'closed':
      return closed(state, input.onlyOne, now, settings);
    case 'call':
      return advance({ ...state, queued: input.call }, now, settings);
    case 'end':
      return advance({ ...state, ending: true }, now, settings);
    case 'reported':
      return reported(state, input, now, settings);
    case 'stopping':
      return state.patienceMs === undefined
        ? { state: { ...state, stopping: true }, effects: [] }
        : end(state, 'closed', now, lastWord(state));
    case 'displaced':
    case 'failed':
      return end(state, input.kind, now, lastWord(state));
    case 'tick':
      return now < state.deadline.at ? { state, effects: [] } : end(state, state.deadline.reason, now, lastWord(state));
  }
}

const POSTS: ReadonlySet<SessionInput['kind']> = new Set(['empty-post', 'post', 'malformed-post', 'relay']);

/** A late call is lost without having been written; a late POST is told that the session is over. */
function afterEnd(state: SessionState, input: SessionInput): Step {
  if (input.kind === 'call') {
    return { state, effects: [{ kind: 'settle', result: { kind: 'lost', written: false, reason: 'ended' } }] };
  }
  return { state, effects: POSTS.has(input.kind) ? [{ kind: 'write-nothing' }] : [] };
}

/** The CPE is there, on whatever connection. */
const posted = (state: SessionState): SessionState => ({ ...state, patienceMs: undefined });

/** 204 for a POST that is pending. */
const lastWord = ({ phase }: SessionState): readonly SessionEffect[] =>
  phase.kind === 'awaiting' ? [] : [{ kind: 'write-nothing' }];

/** The POST answers our call, if one is open, and leaves the turn to us. */
function answered(
  state: SessionState,
  result: CallResult,
  otherwise: readonly SessionEffect[],
  now: number,
  settings: SessionSettings,
): Step {
  const before: readonly SessionEffect[] = state.call === undefined ? otherwise : [{ kind: 'settle', result }];
  const turn = enter({ ...state, call: undefined, ready: true }, { kind: 'turn', since: now }, now, settings);
  const next = advance(turn, now, settings);
  return { state: next.state, effects: [...before, ...(state.ready ? [] : [READY]), ...next.effects] };
}
const READY: SessionEffect = { kind: 'ready' };

/** Does what waits for the turn, if it is ours. */
function advance(state: SessionState, now: number, settings: SessionSettings): Step {
  if (state.phase.kind !== 'turn') return { state, effects: [] };
  const { queued } = state;
  if (queued === undefined) {
    return state.ending ? end(state, 'done', now, [{ kind: 'write-nothing' }]) : { state, effects: [] };
  }
  if (state.rpcs >= settings.maxRpcs) return end(state, 'too-many-rpcs', now, lastWord(state));
  const { method, timeoutMs, text } = queued;
  const calling = { ...state, queued: undefined, rpcs: state.rpcs + 1, call: { method, limit: now + timeoutMs } };
  return { state: enter(calling, { kind: 'awaiting' }, now, settings), effects: [{ kind: 'write', text }] };
}

function post(state: SessionState, message: CpeMessage, now: number, settings: SessionSettings): Step {
  const { call } = state;
  switch (message.kind) {
    case 'response':
      if (call === undefined) return unasked(state, [{ kind: 'unsolicited' }], now, settings);
      if (message.method !== call.method) return end(state, 'wrong-response', now, [{ kind: 'write-nothing' }]);
      return answered(state, { kind: 'response' }, [], now, settings);
    case 'fault':
      if (call === undefined) return unasked(state, [{ kind: 'unsolicited' }], now, settings);
      return answered(state, { kind: 'fault', fault: message.fault }, [], now, settings);
    case 'request': {
      // A CPE may call us whenever the POST is its own, before the empty one and after; our call stays open.
      const report = state.reports + 1;
      const reporting = { ...state, reports: report, rpcs: state.rpcs + 1 };
      if (reporting.rpcs > settings.maxRpcs) return end(state, 'too-many-rpcs', now, [{ kind: 'write-nothing' }]);
      const effect: SessionEffect = { kind: 'report', report, message };
      return { state: enter(reporting, { kind: 'reporting', report }, now, settings), effects: [effect] };
    }
    case 'unknown': {
      if (message.name.endsWith('Response')) {
        if (call === undefined) return unasked(state, [{ kind: 'unsolicited' }], now, settings);
        return end(state, 'wrong-response', now, [{ kind: 'write-nothing' }]);
      }
      const rpcs = state.rpcs + 1;
      if (rpcs > settings.maxRpcs) return end(state, 'too-many-rpcs', now, [{ kind: 'write-nothing' }]);
      const effect: SessionEffect = { kind: 'unknown-method', name: message.name };
      return { state: enter({ ...state, rpcs }, { kind: 'awaiting' }, now, settings), effects: [effect] };
    }
  }
}

/** An answer to nothing leaves the turn to us like an empty POST (quirk 5), but not for ever. */
function unasked(state: SessionState, effects: readonly SessionEffect[], now: number, settings: SessionSettings): Step {
  const rpcs = state.rpcs + 1;
  if (rpcs > settings.maxRpcs) return end(state, 'too-many-rpcs', now, [{ kind: 'write-nothing' }]);
  return answered({ ...state, rpcs }, { kind: 'empty' }, effects, now, settings);
}

function reported(
  state: SessionState,
  { report, outcome }: Extract<SessionInput, { readonly kind: 'reported' }>,
  now: number,
  settings: SessionSettings,
): Step {
  // The CPE may have gone on without waiting for the answer.
  if (state.phase.kind !== 'reporting' || state.phase.report !== report) return { state, effects: [] };
  const answer: SessionEffect = { kind: outcome === 'too-large' ? 'refuse-report' : 'answer-report' };
  // Acknowledged means safe: the CPE repeats what could not be saved.
  if (outcome !== 'saved' && outcome !== 'too-large') {
    return end(state, outcome, now, [{ kind: 'write-later', reason: outcome }]);
  }
  return { state: enter(state, { kind: 'awaiting' }, now, settings), effects: [answer] };
}

/** The CPE's turn with the ACS behind us counts like its turn with us; our call, if one is open, stays so. */
function relay(state: SessionState, now: number, settings: SessionSettings): Step {
  const rpcs = state.rpcs + 1;
  if (rpcs > settings.maxRpcs) return end(state, 'too-many-rpcs', now, [{ kind: 'write-nothing' }]);
  return { state: enter({ ...state, rpcs }, { kind: 'relaying' }, now, settings), effects: [] };
}

function relayed(
  state: SessionState,
  outcome: 'relayed' | 'relay-failed',
  now: number,
  settings: SessionSettings,
): Step {
  if (state.phase.kind !== 'relaying') return { state, effects: [] };
  if (outcome === 'relay-failed') {
    return end(state, 'upstream-away', now, [{ kind: 'write-later', reason: 'upstream-away' }]);
  }
  return { state: enter(state, { kind: 'awaiting' }, now, settings), effects: [{ kind: 'write-passed' }] };
}

function closed(state: SessionState, onlyOne: boolean, now: number, settings: SessionSettings): Step {
  // One that only stopped sending may still hear that it is let go.
  if (state.phase.kind === 'turn') return end(state, 'hung-up', now, [{ kind: 'write-nothing' }]);
  if (state.stopping && state.phase.kind === 'awaiting') return end(state, 'closed', now, []);
  // With one connection for everything, its end is nearly always the session's.
  const gone = { ...state, patienceMs: onlyOne ? RECONNECT_MS : settings.idleMs };
  const deadline = deadlineOf(gone, now, settings);
  return { state: { ...gone, deadline: deadline.at < state.deadline.at ? deadline : state.deadline }, effects: [] };
}

function end(state: SessionState, reason: SessionEndReason, now: number, written: readonly SessionEffect[]): Step {
  const { phase, call, queued } = state;
  const loss = lossOf(reason);
  const lost: readonly SessionEffect[] =
    call === undefined && queued === undefined
      ? []
      : [{ kind: 'settle', result: { kind: 'lost', written: call !== undefined, reason: loss } }];
  const heldMs = phase.kind === 'turn' ? now - phase.since : undefined;
  const ended: SessionState = {
    ...state,
    phase: { kind: 'ended', reason },
    call: undefined,
    queued: undefined,
    deadline: { at: Number.POSITIVE_INFINITY, reason },
  };
  return { state: ended, effects: [...written, ...lost, { kind: 'end', reason, heldMs }] };
}
