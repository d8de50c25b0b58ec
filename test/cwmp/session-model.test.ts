// Random sequences of inputs against the session machine, held to what must hold whatever a CPE does.
import fc from 'fast-check';
import t from 'tap';
import { step } from '../../proxy/cwmp/session.ts';
import {
  type Call,
  type ReportOutcome,
  type SessionEffect,
  type SessionInput,
  type SessionSettings,
  startSession,
} from '../../proxy/cwmp/session-state.ts';

const settings: SessionSettings = { idleMs: 60, maxMs: 1000, maxRpcs: 6 };
const call: Call = { method: 'GetParameterValues', text: '<call/>', timeoutMs: 90 };
const fault = { FaultCode: 9005, FaultString: 'no', SetParameterValuesFault: [] };

/** What may happen: `call` only while none is open, as `Exchange` sees to; `reported` for the latest reports. */
type Event =
  | { readonly kind: Exclude<SessionInput['kind'], 'post' | 'closed' | 'call' | 'reported'> }
  | { readonly kind: 'call' }
  | { readonly kind: 'post'; readonly what: 'response' | 'other' | 'fault' | 'request' | 'unknown' | 'unknownResponse' }
  | { readonly kind: 'closed'; readonly onlyOne: boolean }
  | { readonly kind: 'reported'; readonly back: number; readonly outcome: ReportOutcome };

const post = (what: Extract<Event, { kind: 'post' }>['what']): SessionInput => {
  switch (what) {
    case 'response':
      return {
        kind: 'post',
        message: { kind: 'response', method: 'GetParameterValues', value: { ParameterList: [] } },
      };
    case 'other':
      return { kind: 'post', message: { kind: 'response', method: 'Reboot', value: {} } };
    case 'fault':
      return { kind: 'post', message: { kind: 'fault', fault } };
    case 'request':
      return { kind: 'post', message: { kind: 'request', method: 'GetRPCMethods', value: {} } };
    case 'unknown':
      return { kind: 'post', message: { kind: 'unknown', name: 'X' } };
    case 'unknownResponse':
      return { kind: 'post', message: { kind: 'unknown', name: 'XResponse' } };
  }
};

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Event>({ kind: 'empty-post' }) },
  { weight: 6, arbitrary: fc.constant<Event>({ kind: 'call' }) },
  {
    weight: 12,
    arbitrary: fc
      .constantFrom('response' as const, 'other', 'fault', 'request', 'unknown', 'unknownResponse')
      .map((what): Event => ({ kind: 'post', what })),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('reported' as const),
      back: fc.nat(2),
      outcome: fc.constantFrom<ReportOutcome[]>(
        'saved',
        'saved',
        'saved',
        'too-large',
        'store-away',
        'displaced',
        'failed',
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('closed' as const), onlyOne: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.constantFrom<Event>(
      { kind: 'relay' },
      { kind: 'relay' },
      { kind: 'relayed' },
      { kind: 'relayed' },
      { kind: 'relay-failed' },
    ),
  },
  { weight: 4, arbitrary: fc.constant<Event>({ kind: 'tick' }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Event>(
      { kind: 'end' },
      { kind: 'malformed-post' },
      { kind: 'displaced' },
      { kind: 'stopping' },
      { kind: 'failed' },
    ),
  },
);

/** How what the CPE posts may settle our call. */
const answerIn = (what: Event): string => {
  if (what.kind === 'empty-post') return 'empty';
  return what.kind === 'post' && (what.what === 'response' || what.what === 'fault') ? what.what : 'nothing';
};

const isPost = (input: SessionInput): boolean =>
  input.kind === 'post' || input.kind === 'empty-post' || input.kind === 'malformed-post' || input.kind === 'relay';
const answersReport = ({ kind }: SessionEffect): boolean => kind === 'answer-report' || kind === 'refuse-report';
const isWrite = (effect: SessionEffect): boolean =>
  effect.kind.startsWith('write') || effect.kind === 'unknown-method' || answersReport(effect);

const same = (effects: readonly SessionEffect[], expected: readonly string[]): void => {
  const kinds = effects.map(({ kind }) => kind).join(', ');
  if (kinds !== expected.join(', ')) throw new Error(`after the end: ${kinds}`);
};

const check = (sequences: fc.Arbitrary<[Event, number][]>): void =>
  fc.assert(
    fc.property(sequences, (events) => {
      let now = 1_000_000;
      let state = startSession(now, settings);
      let open = false;
      let inFlight = false;
      let pending = false;
      let ended = 0;
      let readied = 0;
      for (const [what, ms] of events) {
        now += ms;
        if (what.kind === 'call' && open) continue;
        if (what.kind === 'reported' && state.reports - what.back < 1) continue;
        const input: SessionInput =
          what.kind === 'post'
            ? post(what.what)
            : what.kind === 'call'
              ? { kind: 'call', call }
              : what.kind === 'reported'
                ? { kind: 'reported', report: state.reports - what.back, outcome: what.outcome }
                : what;
        if (what.kind === 'call') open = true;
        if (isPost(input)) pending = true;
        const wasOver = ended > 0;
        const next = step(state, input, now, settings);
        state = next.state;
        for (const effect of next.effects) {
          if (isWrite(effect)) {
            if (!pending) throw new Error(`${effect.kind} to nobody, or a second answer to one POST`);
            pending = false;
          }
          if (effect.kind === 'write') {
            if (inFlight) throw new Error('two RPCs in flight');
            inFlight = true;
          }
          if (effect.kind === 'settle') {
            if (!open) throw new Error('settled twice');
            if (effect.result.kind !== 'lost' && !inFlight) throw new Error('answered before it was asked');
            if (effect.result.kind !== 'lost' && effect.result.kind !== answerIn(what))
              throw new Error('not its answer');
            if (effect.result.kind === 'lost' && effect.result.written !== inFlight) throw new Error('written?');
            open = false;
            inFlight = false;
          }
          if (answersReport(effect) && !(what.kind === 'reported' && what.back === 0)) {
            throw new Error('the answer of another report');
          }
          if (effect.kind === 'ready') readied += 1;
          if (effect.kind === 'end') ended += 1;
        }
        const late = isPost(input) ? ['write-nothing'] : what.kind === 'call' ? ['settle'] : [];
        if (wasOver) same(next.effects, late);
        if (ended > 1 || readied > 1) throw new Error('twice');
        const over = state.phase.kind === 'ended';
        if (over !== ended > 0) throw new Error('an end without a word');
        if (over && pending) throw new Error('a POST is left without an answer');
        if (over ? open : inFlight !== (state.call !== undefined)) throw new Error('a call is forgotten');
        if (!over && pending !== (state.phase.kind !== 'awaiting')) throw new Error('whose turn is it?');
        if (over && Number.isFinite(state.deadline.at)) throw new Error('a deadline after the end');
        if (!over && what.kind === 'tick' && state.deadline.at <= now) throw new Error('a deadline in the past');
        if (!over && state.deadline.at > state.startedAt + settings.maxMs)
          throw new Error('beyond the longest session');
        if (state.rpcs > settings.maxRpcs) {
          if (!over) throw new Error('beyond the cap');
        }
      }
    }),
    { numRuns: 5000 },
  );

t.test('whatever a CPE does', async (t) => {
  const sequences = fc.array(fc.tuple(event, fc.nat(40)), { maxLength: 60 });
  t.doesNotThrow(() => check(sequences));
});

t.test('every session ends by itself when the CPE falls silent', async (t) => {
  const property = (): void =>
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), (events) => {
        let state = startSession(0, settings);
        for (const what of events) {
          if (what.kind === 'call' || what.kind === 'reported' || what.kind === 'tick') continue;
          state = step(state, what.kind === 'post' ? post(what.what) : what, 0, settings).state;
        }
        for (let ticks = 0; state.phase.kind !== 'ended'; ticks += 1) {
          if (ticks > 3) throw new Error('it does not end');
          state = step(state, { kind: 'tick' }, state.deadline.at, settings).state;
        }
      }),
    );
  t.doesNotThrow(property);
});
