// One dial: the WebSocket that one Agent opens to one Controller, from the row that wants it to its end. A pure state
// machine (state, input, chance) → (state, effects). It says when to try and when to let go; how, the dialler knows.
import type { DialTarget } from '../../agent/local-agent/dial-targets.ts';
import { retryWait } from '../../endpoint/retry.ts';

export type DialState =
  /** Nothing is wanted, or what was has ended. */
  | { readonly kind: 'idle' }
  /** The last try failed, or the connection was lost; a timer runs. `retries` is CurrentRetryCount of TR-181. */
  | { readonly kind: 'waiting'; readonly target: DialTarget; readonly retries: number }
  /** In the queue, or in the handshake. */
  | { readonly kind: 'connecting'; readonly target: DialTarget; readonly retries: number }
  | { readonly kind: 'open'; readonly target: DialTarget }
  /** We have closed it, and the peer has yet to agree; `next` is dialled then, so that there are never two (R-WS.4). */
  | { readonly kind: 'closing'; readonly next: DialTarget | undefined };

export type DialInput =
  /** What the rows say now; undefined when they want no dial any more, or another node has it. */
  | { readonly kind: 'wanted'; readonly target: DialTarget | undefined }
  | { readonly kind: 'opened' }
  /** The handshake did not come to its end. */
  | { readonly kind: 'failed' }
  /** The WebSocket is gone, whoever ended it. */
  | { readonly kind: 'closed' }
  /** The wait is over. */
  | { readonly kind: 'timer' }
  /** The CPE has booted, or a Controller has told the MTP to start anew: as a first dial (R-WS.21). */
  | { readonly kind: 'restarted' };

/** Why an open dial is ended by us. */
export type EndReason = 'not-wanted' | 'target-changed' | 'restarted';

export type DialEffect =
  /** A handshake is to begin when its turn comes; `opened`, `failed` or `closed` will tell. */
  | { readonly kind: 'connect'; readonly target: DialTarget }
  /** The handshake, or the turn for it, is given up; nothing more is told of it. */
  | { readonly kind: 'abandon' }
  /** The WebSocket is closed; `closed` will tell. */
  | { readonly kind: 'close'; readonly reason: EndReason }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'stop-waiting' };

export interface DialStep {
  readonly state: DialState;
  readonly effects: readonly DialEffect[];
}

export const IDLE: DialState = { kind: 'idle' };

const stay = (state: DialState): DialStep => ({ state, effects: [] });

const connect = (target: DialTarget, retries: number, ...before: readonly DialEffect[]): DialStep => ({
  state: { kind: 'connecting', target, retries },
  effects: [...before, { kind: 'connect', target }],
});

const close = (reason: EndReason, next: DialTarget | undefined): DialStep => ({
  state: { kind: 'closing', next },
  effects: [{ kind: 'close', reason }],
});

/** R-WS.19: the wait grows with every try that fails. `random` in [0, 1). */
function wait(target: DialTarget, retries: number, random: number): DialStep {
  const ms = retryWait(target.retry, retries, random);
  return { state: { kind: 'waiting', target, retries }, effects: [{ kind: 'wait', ms }] };
}

export function stepDial(state: DialState, input: DialInput, random: number): DialStep {
  switch (input.kind) {
    case 'wanted':
      return wanted(state, input.target);
    case 'opened':
      return stay(state.kind === 'connecting' ? { kind: 'open', target: state.target } : state);
    case 'failed':
      return state.kind === 'connecting' ? wait(state.target, state.retries + 1, random) : stay(state);
    case 'closed':
      return closed(state, random);
    case 'timer':
      return state.kind === 'waiting' ? connect(state.target, state.retries) : stay(state);
    case 'restarted':
      return restarted(state);
  }
}

function wanted(state: DialState, target: DialTarget | undefined): DialStep {
  const leave: readonly DialEffect[] =
    state.kind === 'waiting' ? [{ kind: 'stop-waiting' }] : state.kind === 'connecting' ? [{ kind: 'abandon' }] : [];
  switch (state.kind) {
    case 'idle':
      return target === undefined ? stay(state) : connect(target, 0);
    case 'closing':
      return stay({ kind: 'closing', next: target });
    case 'waiting':
    case 'connecting':
      if (target === undefined) return { state: IDLE, effects: leave };
      if (isSameWay(state.target, target)) return stay({ ...state, target });
      return connect(target, 0, ...leave);
    case 'open':
      if (target === undefined) return close('not-wanted', undefined);
      return isSameWay(state.target, target) ? stay({ ...state, target }) : close('target-changed', target);
  }
}

/** Values of the retry table alone take effect with the next wait. */
function isSameWay(one: DialTarget, other: DialTarget): boolean {
  return (
    one.host === other.host &&
    one.port === other.port &&
    one.path === other.path &&
    one.encrypted === other.encrypted &&
    one.keepAliveMs === other.keepAliveMs
  );
}

function closed(state: DialState, random: number): DialStep {
  // Success has reset the count (R-WS.20): what is lost now is tried again as after a first failure.
  if (state.kind === 'open') return wait(state.target, 1, random);
  if (state.kind !== 'closing') return stay(state);
  return state.next === undefined ? stay(IDLE) : connect(state.next, 0);
}

function restarted(state: DialState): DialStep {
  switch (state.kind) {
    case 'open':
      return close('restarted', state.target);
    case 'waiting':
      return connect(state.target, 0, { kind: 'stop-waiting' });
    case 'connecting':
      return connect(state.target, 0, { kind: 'abandon' });
    default:
      return stay(state);
  }
}
