import fc from 'fast-check';
import t from 'tap';
import { decidePark, longestHold, type ParkFacts, type ParkSettings } from '../../proxy/device/parking.ts';

const SECOND = 1000;
const settings: ParkSettings = {
  holdMs: 25 * SECOND,
  idleMs: 60 * SECOND,
  maxMs: 300 * SECOND,
  pollMs: 10 * SECOND,
  batch: 64,
};
const facts = (changes: Partial<ParkFacts> = {}): ParkFacts => ({
  policy: 'always',
  now: 0,
  parkedSince: 0,
  heldSince: 0,
  lastRequestAt: undefined,
  lastPollAt: undefined,
  attached: false,
  watched: 0,
  sessionTimeoutMs: undefined,
  learnedHoldMs: undefined,
  closing: false,
  quiet: false,
  listens: true,
  askable: true,
  full: false,
  stopping: false,
  ...changes,
});

t.test('when it is parked at all', async (t) => {
  const ends = (changes: Partial<ParkFacts>): unknown => decidePark(settings, facts(changes));
  t.match(ends({ policy: 'never' }), { kind: 'end', reason: 'never' });
  t.match(ends({ policy: 'attached' }), { kind: 'end', reason: 'unattached' });
  t.match(ends({ policy: 'attached', attached: true }), { kind: 'hold' });
  t.match(ends({ policy: 'attached', lastRequestAt: 0 }), { kind: 'hold' });
  t.match(ends({ policy: 'always' }), { kind: 'hold' });
  t.match(ends({ policy: 'never', closing: true }), { kind: 'end', reason: 'closing' });
  t.match(ends({ closing: true, attached: true }), { kind: 'end', reason: 'closing' });
  t.match(ends({ quiet: true, attached: true }), { kind: 'end', reason: 'quiet' });
  t.match(ends({ listens: false, attached: true }), { kind: 'end', reason: 'half-closed' });
  t.match(ends({ full: true }), { kind: 'end', reason: 'cap' });
  t.match(ends({ stopping: true, attached: true }), { kind: 'end', reason: 'stopping' });
});

t.test('how long one hold lasts', async (t) => {
  t.equal(longestHold(settings, facts()), 25 * SECOND);
  t.equal(longestHold(settings, facts({ sessionTimeoutMs: 20 * SECOND })), 15 * SECOND);
  t.equal(longestHold(settings, facts({ learnedHoldMs: 8 * SECOND })), 8 * SECOND);
  t.equal(longestHold(settings, facts({ sessionTimeoutMs: 2 * SECOND })), 1 * SECOND, 'never below a second');
});

t.test('a hold that ran out is followed by something cheap, the watched parameters if there are any', async (t) => {
  const now = 25 * SECOND;
  t.same(decidePark(settings, facts({ now })), { kind: 'ask' });
  t.same(decidePark(settings, facts({ now, watched: 3, lastPollAt: now - 1 })), { kind: 'poll' });
  const askable = false;
  t.match(decidePark(settings, facts({ askable })), { kind: 'hold' });
  t.same(decidePark(settings, facts({ now, askable })), { kind: 'end', reason: 'nothing-to-ask' });
  t.same(decidePark(settings, facts({ now, askable, watched: 3, lastPollAt: now - 1 })), { kind: 'poll' });
});

t.test('the watched are read every park.poll', async (t) => {
  t.same(decidePark(settings, facts({ watched: 3, lastPollAt: 0 })), { kind: 'hold', until: 10 * SECOND });
  t.same(decidePark(settings, facts({ now: 10 * SECOND, watched: 3, lastPollAt: 0 })), { kind: 'poll' });
});

t.test('a device that watches more than a poll reads is let go to report by itself', async (t) => {
  const many = { watched: 65, attached: true, lastRequestAt: 5 * SECOND };
  t.same(decidePark(settings, facts({ ...many, now: 6 * SECOND })), { kind: 'hold', until: 15 * SECOND });
  t.same(decidePark(settings, facts({ ...many, now: 15 * SECOND })), { kind: 'end', reason: 'too-many-watched' });
});

t.test('when a park ends', async (t) => {
  const recent = { heldSince: 290 * SECOND, lastRequestAt: 0 };
  t.same(decidePark(settings, facts({ now: 60 * SECOND, heldSince: 50 * SECOND })), { kind: 'end', reason: 'idle' });
  t.match(decidePark(settings, facts({ now: 60 * SECOND, heldSince: 50 * SECOND, attached: true })), { kind: 'hold' });
  t.same(decidePark(settings, facts({ ...recent, now: 300 * SECOND, attached: true })), { kind: 'end', reason: 'max' });
});

t.test('a hold never outlasts what would end it, and is never in the past', async (t) => {
  const time = fc.integer({ min: 0, max: 400 * SECOND });
  const arbitrary = fc.record({
    now: time,
    back: time,
    held: time,
    watched: fc.nat({ max: 100 }),
    attached: fc.boolean(),
    sessionTimeoutMs: fc.option(fc.integer({ min: 0, max: 120 * SECOND }), { nil: undefined }),
  });
  fc.assert(
    fc.property(arbitrary, ({ now, back, held, ...rest }) => {
      const parkedSince = Math.max(0, now - back);
      const given = facts({ ...rest, now, parkedSince, heldSince: Math.max(parkedSince, now - held) });
      const decision = decidePark(settings, given);
      if (decision.kind !== 'hold') return;
      t.ok(decision.until > now && decision.until <= given.heldSince + longestHold(settings, given));
      t.not(decidePark(settings, { ...given, now: decision.until }).kind, 'hold', 'at its end something else follows');
    }),
  );
});
