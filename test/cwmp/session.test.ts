// Every pair of phase and input of the session machine: what is written, what is settled, where it leads.
import t from 'tap';
import { step } from '../../proxy/cwmp/session.ts';
import {
  type Call,
  type SessionEffect,
  type SessionInput,
  type SessionSettings,
  type SessionState,
  startSession,
} from '../../proxy/cwmp/session-state.ts';
import type { RequestMessage } from '../../proxy/soap/envelope.ts';

const SECOND = 1000;
const settings: SessionSettings = { idleMs: 60 * SECOND, maxMs: 1800 * SECOND, maxRpcs: 5 };
const call: Call = { method: 'GetParameterValues', text: '<call/>', timeoutMs: 90 * SECOND };
const fault = { FaultCode: 9005, FaultString: 'no', SetParameterValuesFault: [] };
const kicked: RequestMessage = {
  kind: 'request',
  method: 'Kicked',
  value: { Command: '', Referer: '', Arg: '', Next: '' },
};

const EMPTY: SessionInput = { kind: 'empty-post' };
const MALFORMED: SessionInput = { kind: 'malformed-post' };
const CALL: SessionInput = { kind: 'call', call };
const END: SessionInput = { kind: 'end' };
const REQUEST: SessionInput = { kind: 'post', message: kicked as never };
const RESPONSE: SessionInput = {
  kind: 'post',
  message: { kind: 'response', method: 'GetParameterValues', value: { ParameterList: [] } },
};
const OTHER: SessionInput = { kind: 'post', message: { kind: 'response', method: 'Reboot', value: {} } };
const FAULT: SessionInput = { kind: 'post', message: { kind: 'fault', fault } };
const UNKNOWN: SessionInput = { kind: 'post', message: { kind: 'unknown', name: 'X_Vendor' } };
const UNKNOWN_RESPONSE: SessionInput = { kind: 'post', message: { kind: 'unknown', name: 'X_VendorResponse' } };
const CLOSED: SessionInput = { kind: 'closed', onlyOne: true };
const CLOSED_ONE: SessionInput = { kind: 'closed', onlyOne: false };
const DISPLACED: SessionInput = { kind: 'displaced' };
const STOPPING: SessionInput = { kind: 'stopping' };
const FAILED: SessionInput = { kind: 'failed' };
const TICK: SessionInput = { kind: 'tick' };
const SAVED: SessionInput = { kind: 'reported', report: 1, outcome: 'saved' };
const NOT_SAVED: SessionInput = { kind: 'reported', report: 1, outcome: 'store-away' };
const TOO_LARGE: SessionInput = { kind: 'reported', report: 1, outcome: 'too-large' };
const TAKEN: SessionInput = { kind: 'reported', report: 1, outcome: 'displaced' };
const STALE: SessionInput = { kind: 'reported', report: 7, outcome: 'saved' };

function after(inputs: readonly SessionInput[], from = startSession(0, settings), now = 0): SessionState {
  return inputs.reduce((state, input) => step(state, input, now, settings).state, from);
}
const STATES: Readonly<Record<string, SessionState>> = {
  begun: after([]),
  turn: after([EMPTY]),
  calling: after([EMPTY, CALL]),
  reporting: after([REQUEST]),
  'reporting in a call': after([EMPTY, CALL, REQUEST]),
  queued: after([CALL]),
  ending: after([END]),
  ended: after([DISPLACED]),
};

/** An effect in a word; `phase` says where the step led. */
const word = (effect: SessionEffect): string => {
  switch (effect.kind) {
    case 'settle':
      return effect.result.kind === 'lost'
        ? `lost ${effect.result.reason} ${effect.result.written ? 'written' : 'unwritten'}`
        : `settle ${effect.result.kind}`;
    case 'end':
      return `end ${effect.reason}`;
    case 'write-later':
      return `later ${effect.reason}`;
    default:
      return effect.kind;
  }
};
const outcome = (name: string, input: SessionInput, now = 0): string => {
  const from = STATES[name];
  if (from === undefined) throw new Error(name);
  const { state, effects } = step(from, input, now, settings);
  return [...effects.map(word), `→ ${state.phase.kind}${state.call === undefined ? '' : '+call'}`].join(', ');
};

/** Rows are inputs, columns states. */
const TABLE: readonly (readonly [string, SessionInput, Readonly<Record<string, string>>])[] = [
  [
    'an empty POST',
    EMPTY,
    {
      begun: 'ready, → turn',
      turn: '→ turn',
      calling: 'settle empty, → turn',
      reporting: 'ready, → turn',
      'reporting in a call': 'settle empty, → turn',
      queued: 'ready, write, → awaiting+call',
      ending: 'ready, write-nothing, end done, → ended',
      ended: 'write-nothing, → ended',
    },
  ],
  [
    'the response to our RPC',
    RESPONSE,
    {
      begun: 'unsolicited, ready, → turn',
      turn: 'unsolicited, → turn',
      calling: 'settle response, → turn',
      reporting: 'unsolicited, ready, → turn',
      'reporting in a call': 'settle response, → turn',
      queued: 'unsolicited, ready, write, → awaiting+call',
      ending: 'unsolicited, ready, write-nothing, end done, → ended',
      ended: 'write-nothing, → ended',
    },
  ],
  [
    'the response to another RPC',
    OTHER,
    {
      begun: 'unsolicited, ready, → turn',
      calling: 'write-nothing, lost wrong-response written, end wrong-response, → ended',
      'reporting in a call': 'write-nothing, lost wrong-response written, end wrong-response, → ended',
    },
  ],
  [
    'a fault',
    FAULT,
    {
      begun: 'unsolicited, ready, → turn',
      turn: 'unsolicited, → turn',
      calling: 'settle fault, → turn',
      'reporting in a call': 'settle fault, → turn',
    },
  ],
  [
    'a request of the CPE',
    REQUEST,
    {
      begun: 'report, → reporting',
      turn: 'report, → reporting',
      calling: 'report, → reporting+call',
      reporting: 'report, → reporting',
      'reporting in a call': 'report, → reporting+call',
      queued: 'report, → reporting',
      ended: 'write-nothing, → ended',
    },
  ],
  [
    'an RPC that nobody knows',
    UNKNOWN,
    {
      begun: 'unknown-method, → awaiting',
      turn: 'unknown-method, → awaiting',
      calling: 'unknown-method, → awaiting+call',
      reporting: 'unknown-method, → awaiting',
      ended: 'write-nothing, → ended',
    },
  ],
  [
    'a response that nobody knows',
    UNKNOWN_RESPONSE,
    {
      begun: 'unsolicited, ready, → turn',
      turn: 'unsolicited, → turn',
      calling: 'write-nothing, lost wrong-response written, end wrong-response, → ended',
    },
  ],
  [
    'a body that cannot be read',
    MALFORMED,
    {
      begun: 'write-malformed, end malformed, → ended',
      turn: 'write-malformed, end malformed, → ended',
      calling: 'write-malformed, lost malformed written, end malformed, → ended',
      queued: 'write-malformed, lost malformed unwritten, end malformed, → ended',
      ended: 'write-nothing, → ended',
    },
  ],
  [
    'a call',
    CALL,
    {
      begun: '→ awaiting',
      turn: 'write, → awaiting+call',
      reporting: '→ reporting',
      ending: '→ awaiting',
      ended: 'lost ended unwritten, → ended',
    },
  ],
  [
    'the wish to end',
    END,
    {
      begun: '→ awaiting',
      turn: 'write-nothing, end done, → ended',
      calling: '→ awaiting+call',
      reporting: '→ reporting',
      queued: '→ awaiting',
      ended: '→ ended',
    },
  ],
  [
    'a saved report',
    SAVED,
    {
      begun: '→ awaiting',
      turn: '→ turn',
      reporting: 'answer-report, → awaiting',
      'reporting in a call': 'answer-report, → awaiting+call',
      ended: '→ ended',
    },
  ],
  [
    'a report that is too large',
    TOO_LARGE,
    {
      turn: '→ turn',
      reporting: 'refuse-report, → awaiting',
      'reporting in a call': 'refuse-report, → awaiting+call',
    },
  ],
  [
    'a report that could not be saved',
    NOT_SAVED,
    {
      turn: '→ turn',
      reporting: 'later store-away, end store-away, → ended',
      'reporting in a call': 'later store-away, lost ended written, end store-away, → ended',
    },
  ],
  [
    'a report of a device that another session has taken',
    TAKEN,
    {
      turn: '→ turn',
      'reporting in a call': 'later displaced, lost displaced written, end displaced, → ended',
    },
  ],
  ['a report that the CPE did not wait for', STALE, { reporting: '→ reporting', turn: '→ turn' }],
  [
    'a closed connection',
    CLOSED,
    {
      begun: '→ awaiting',
      turn: 'write-nothing, end hung-up, → ended',
      calling: '→ awaiting+call',
      reporting: '→ reporting',
      ended: '→ ended',
    },
  ],
  [
    'another Inform',
    DISPLACED,
    {
      begun: 'end displaced, → ended',
      turn: 'write-nothing, end displaced, → ended',
      calling: 'lost displaced written, end displaced, → ended',
      reporting: 'write-nothing, end displaced, → ended',
      'reporting in a call': 'write-nothing, lost displaced written, end displaced, → ended',
      queued: 'lost displaced unwritten, end displaced, → ended',
      ended: '→ ended',
    },
  ],
  ['the stop of the gateway', STOPPING, { begun: '→ awaiting', turn: '→ turn', calling: '→ awaiting+call' }],
  ['a bug', FAILED, { turn: 'write-nothing, end failed, → ended', calling: 'lost ended written, end failed, → ended' }],
  ['a tick before its time', TICK, { begun: '→ awaiting', turn: '→ turn', ended: '→ ended' }],
];

for (const [name, input, row] of TABLE) {
  t.test(name, async (t) => {
    for (const [state, expected] of Object.entries(row)) t.equal(outcome(state, input), expected, state);
  });
}

t.test('what the time between two POSTs may be', async (t) => {
  const late = (name: string): string => outcome(name, TICK, STATES[name]?.deadline.at ?? 0);
  t.equal(STATES['begun']?.deadline.at, 60 * SECOND);
  t.equal(late('begun'), 'end silent, → ended');
  t.equal(STATES['calling']?.deadline.at, 90 * SECOND);
  t.equal(late('calling'), 'lost timeout written, end rpc-timeout, → ended');
  t.equal(STATES['turn']?.deadline.at, 1800 * SECOND, 'while the turn is ours nothing but the longest session counts');
  t.equal(late('turn'), 'write-nothing, end too-long, → ended');
  t.equal(late('reporting'), 'write-nothing, end too-long, → ended');
  const lateCall = after([EMPTY, CALL], startSession(0, settings), 1750 * SECOND);
  t.match(lateCall.deadline, { at: 1800 * SECOND, reason: 'too-long' }, 'a call does not outlast its session');
});

t.test('a CPE that closed its connection is waited for on another', async (t) => {
  const one = after([CLOSED]);
  t.match(one.deadline, { at: 5 * SECOND, reason: 'closed' }, 'not long, if it had but one');
  t.match(after([CLOSED_ONE]).deadline, { at: 60 * SECOND, reason: 'silent' }, 'as always, if it used several');
  const calling = after([EMPTY, CALL, CLOSED]);
  t.match(calling.deadline, { at: 5 * SECOND, reason: 'closed' });
  t.match(after([EMPTY, CALL, CLOSED_ONE]).deadline, { at: 60 * SECOND, reason: 'closed' });
  t.match(after([RESPONSE], calling, SECOND).phase, { kind: 'turn' }, 'it came back, the session goes on');
  t.match(after([REQUEST, CLOSED, SAVED]).deadline, { at: 5 * SECOND, reason: 'closed' }, 'gone while it reported');
  t.match(after([CLOSED, UNKNOWN]).deadline, { at: 60 * SECOND, reason: 'silent' }, 'any POST tells that it is there');
});

t.test('when the gateway stops, a CPE that is gone is not waited for', async (t) => {
  t.match(after([STOPPING, CLOSED]).phase, { kind: 'ended', reason: 'closed' });
  t.match(after([CLOSED, STOPPING]).phase, { kind: 'ended', reason: 'closed' });
  t.match(after([EMPTY, CALL, STOPPING]).phase, { kind: 'awaiting' }, 'one that is there may answer');
  t.match(after([REQUEST, CLOSED_ONE, STOPPING]).phase, { kind: 'ended' });
});

t.test('our RPC keeps its own time while the CPE calls us in between', async (t) => {
  const reported = after([REQUEST, SAVED], after([EMPTY, CALL]), 80 * SECOND);
  t.match(reported.deadline, { at: 90 * SECOND, reason: 'rpc-timeout' });
});

t.test('the RPCs of both sides and answers to nothing are capped together', async (t) => {
  const looped = (inputs: readonly SessionInput[]): string => {
    let state = after([EMPTY]);
    for (let round = 0; round < 10; round += 1) {
      for (const input of inputs) {
        const next = step(state, input, 0, settings);
        state = next.state;
        const last = next.effects.at(-1);
        if (last?.kind === 'end') return `${last.reason} after ${round}`;
      }
    }
    return 'endless';
  };
  t.equal(looped([CALL, RESPONSE]), 'too-many-rpcs after 5');
  t.equal(looped([UNKNOWN]), 'too-many-rpcs after 5');
  t.equal(looped([RESPONSE]), 'too-many-rpcs after 5');
  let reports = 0;
  const state = startSession(0, settings);
  let current = state;
  while (current.phase.kind !== 'ended' && reports < 20) {
    reports += 1;
    current = after([REQUEST, { kind: 'reported', report: reports, outcome: 'saved' }], current);
  }
  t.equal(reports, 6);
});
