// The state machine of one dial: what it does on each thing that happens, and when it tries again.
import t from 'tap';
import { type DialInput, type DialState, type DialStep, IDLE, stepDial } from '../../../proxy/mtp/dial/machine.ts';
import { TARGET } from './target.ts';

const OTHER = { ...TARGET, host: 'other.example' };
const WANTED: DialInput = { kind: 'wanted', target: TARGET };
const UNWANTED: DialInput = { kind: 'wanted', target: undefined };
const OPEN: DialState = { kind: 'open', target: TARGET };
const connecting = (retries: number): DialState => ({ kind: 'connecting', target: TARGET, retries });
const waiting = (retries: number): DialState => ({ kind: 'waiting', target: TARGET, retries });

/** The last step of a run of inputs. */
function run(state: DialState, ...inputs: readonly DialInput['kind'][]): DialStep {
  return inputs.reduce<DialStep>((step, kind) => stepDial(step.state, kind === 'wanted' ? WANTED : { kind }, 0), {
    state,
    effects: [],
  });
}

t.test('a row that wants a dial gets one at once, and it is open', async (t) => {
  const first = stepDial(IDLE, WANTED, 0);
  t.same(first, { state: connecting(0), effects: [{ kind: 'connect', target: TARGET }] });
  t.same(stepDial(first.state, { kind: 'opened' }, 0), { state: OPEN, effects: [] });
});

t.test('R-WS.19: each failure waits longer, by the values of the row', async (t) => {
  const waits = [0, 1, 2, 8, 9, 20].map((retries) => stepDial(connecting(retries), { kind: 'failed' }, 0).effects);
  t.same(
    waits,
    [5, 10, 20, 1280, 2560, 2560].map((seconds) => [{ kind: 'wait', ms: seconds * 1000 }]),
  );
  const longest = stepDial(connecting(0), { kind: 'failed' }, 0.5);
  t.same(longest.effects, [{ kind: 'wait', ms: 7500 }], 'half way between 5 s and 10 s');
  const slow = { ...TARGET, retry: { minimumMs: 30_000, multiplier: 3000 } };
  const step = stepDial({ kind: 'connecting', target: slow, retries: 1 }, { kind: 'failed' }, 0);
  t.same(step.effects, [{ kind: 'wait', ms: 90_000 }]);
  t.same(step.state, { kind: 'waiting', target: slow, retries: 2 }, 'and CurrentRetryCount says so');
});

t.test('R-WS.20: what was open is tried again as after a first failure', async (t) => {
  t.same(stepDial(OPEN, { kind: 'closed' }, 0), { state: waiting(1), effects: [{ kind: 'wait', ms: 5000 }] });
  t.same(run(OPEN, 'closed', 'timer').effects, [{ kind: 'connect', target: TARGET }]);
  t.same(run(OPEN, 'closed', 'timer', 'failed').state, waiting(2));
  t.same(run(OPEN, 'closed', 'timer', 'failed', 'timer', 'opened', 'closed').state, waiting(1));
});

t.test('R-WS.21: a boot of the CPE dials anew, without a wait and without a count', async (t) => {
  t.same(stepDial(OPEN, { kind: 'restarted' }, 0), {
    state: { kind: 'closing', next: TARGET },
    effects: [{ kind: 'close', reason: 'restarted' }],
  });
  t.same(run(OPEN, 'restarted', 'closed'), { state: connecting(0), effects: [{ kind: 'connect', target: TARGET }] });
  t.same(run(waiting(7), 'restarted'), {
    state: connecting(0),
    effects: [{ kind: 'stop-waiting' }, { kind: 'connect', target: TARGET }],
  });
  t.same(run(connecting(7), 'restarted'), {
    state: connecting(0),
    effects: [{ kind: 'abandon' }, { kind: 'connect', target: TARGET }],
  });
  t.same(run(IDLE, 'restarted'), { state: IDLE, effects: [] });
});

t.test('a row that wants no dial any more ends it, wherever it is', async (t) => {
  t.same(stepDial(waiting(3), UNWANTED, 0), { state: IDLE, effects: [{ kind: 'stop-waiting' }] });
  t.same(stepDial(connecting(3), UNWANTED, 0), { state: IDLE, effects: [{ kind: 'abandon' }] });
  const closing = stepDial(OPEN, UNWANTED, 0);
  t.same(closing, { state: { kind: 'closing', next: undefined }, effects: [{ kind: 'close', reason: 'not-wanted' }] });
  t.same(stepDial(closing.state, { kind: 'closed' }, 0), { state: IDLE, effects: [] });
});

t.test('a row that names another place is dialled there, after the first connection is gone (R-WS.4)', async (t) => {
  const moved: DialInput = { kind: 'wanted', target: OTHER };
  const closing = stepDial(OPEN, moved, 0);
  t.same(closing.effects, [{ kind: 'close', reason: 'target-changed' }], 'nothing is dialled yet');
  t.same(stepDial(closing.state, { kind: 'closed' }, 0).effects, [{ kind: 'connect', target: OTHER }]);
  t.same(stepDial(waiting(3), moved, 0).effects, [{ kind: 'stop-waiting' }, { kind: 'connect', target: OTHER }]);
  t.same(stepDial(connecting(3), moved, 0).effects, [{ kind: 'abandon' }, { kind: 'connect', target: OTHER }]);
});

t.test('what changes only how it is tried again disturbs nothing', async (t) => {
  const patient = { ...TARGET, retry: { minimumMs: 60_000, multiplier: 2000 } };
  for (const state of [OPEN, waiting(2), connecting(2)]) {
    t.same(stepDial(state, { kind: 'wanted', target: patient }, 0), {
      state: { ...state, target: patient },
      effects: [],
    });
  }
});

t.test('what comes too late, or twice, does nothing', async (t) => {
  for (const [state, kind] of [
    [IDLE, 'closed'],
    [IDLE, 'timer'],
    [IDLE, 'failed'],
    [OPEN, 'timer'],
    [OPEN, 'failed'],
    [waiting(1), 'closed'],
    [waiting(1), 'opened'],
    [{ kind: 'closing', next: TARGET }, 'timer'],
  ] as const) {
    t.same(stepDial(state, { kind }, 0), { state, effects: [] }, `${kind} while ${state.kind}`);
  }
});
