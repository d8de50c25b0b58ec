// How contexts begin, fail and end (R-E2E.3, .7, .10 to .12, .21, .24).
import t from 'tap';
import { LATE_MS, NO_CONTEXT, wakeAt } from '../../../proxy/endpoint/session-context/context.ts';
import { ContextAtHand } from './context-at-hand.ts';

t.test(
  'ours: an id of our own, the Msg in its first Record, which is tried again until something is heard',
  async (t) => {
    const one = new ContextAtHand().send('notify');
    t.same(one.effects, ['begun by agent', 'send 1 notify']);
    const { id } = one.open;
    t.ok(id > 1n && id < 2n ** 53n);
    const at = wakeAt(one.context) ?? 0;
    t.ok(at - one.now >= 5000 && at - one.now < 10_000, 'the first range of the formula');
    t.same(one.pass(4999).effects, []);
    t.same(one.pass(5001).effects, ['send 1 notify', 'resent']);
    t.equal(one.open.again?.tries, 1);
    t.ok((wakeAt(one.context) ?? 0) - one.now >= 10_000);
    one.receive({ session_id: id, expected_id: 2n });
    t.same(one.effects, ['deliver msg']);
    t.equal(wakeAt(one.context), undefined, 'it is heard');
  },
);

t.test('SessionExpiration: the next Msg begins another, a late Record too', async (t) => {
  const one = new ContextAtHand({ expirationMs: 60_000 }).receive();
  one.now += 59_999;
  t.same(one.send('a').effects, ['send 1 a']);
  one.now += 60_000;
  t.same(one.send('b').effects, ['over idle 1', 'begun by agent', 'send 1 b']);
  const other = new ContextAtHand({ expirationMs: 60_000 }).receive();
  other.now += 60_000;
  other.receive({ sequence_id: 2n });
  t.same(other.effects, ['drop session-expired', 'over expired 0', 'begun by agent', 'send 1']);
  const quiet = new ContextAtHand({ expirationMs: 3000 }).send('a');
  t.same(quiet.pass(10_000).effects, [], 'what nobody has answered is not tried beyond it (R-E2E.11)');
  t.equal(wakeAt(quiet.context), undefined);
});

t.test('a Record of no context that is known: it begins anew, and by the formula when that is in vain', async (t) => {
  const one = new ContextAtHand().receive({ sequence_id: 5n });
  t.same(one.effects, ['drop session-unknown', 'begun by agent', 'send 1']);
  one.receive({ session_id: 9n, sequence_id: 5n });
  t.same(one.effects, ['drop session-unknown', 'over unknown 1'], 'no second one at once');
  t.equal(one.context.kind, 'none');
  t.same(one.receive({ session_id: 9n, sequence_id: 6n }).effects, ['drop session-unknown']);
  t.same(one.send('notify').effects, ['begun by agent', 'send 1 notify'], 'but what is to be said begins one');
  one.context = { ...NO_CONTEXT, failures: 1, mayFailAt: one.now + 5000 };
  one.now += 5000;
  one.receive({ session_id: 9n, sequence_id: 7n });
  t.same(one.effects, ['drop session-unknown', 'begun by agent', 'send 1']);
  t.ok(one.context.mayFailAt - one.now >= 10_000, 'longer each time');
  one.receive({ session_id: 10n });
  t.equal(one.context.failures, 0, 'something good has come (R-E2E.12)');
});

t.test('Records of a context before are late for a minute; then its other side is told', async (t) => {
  const one = new ContextAtHand().receive().receive({ session_id: 8n });
  t.same(one.receive().effects, ['drop session-stale'], 'a first Record that comes twice begins nothing');
  t.same(one.receive({ sequence_id: 2n }).effects, ['drop session-stale']);
  one.now += LATE_MS;
  one.receive();
  t.same(one.effects, ['drop session-unknown', 'over unknown 0', 'begun by agent', 'send 1']);
});

t.test('both begin at once: theirs it is, and we say so', async (t) => {
  const one = new ContextAtHand().send('notify').receive();
  t.same(one.effects, ['over controller 1', 'begun by controller', 'deliver msg']);
  const at = wakeAt(one.context) ?? 0;
  t.same(one.pass(at - one.now).effects, ['send 1'], 'by a Record for that alone, where there is no answer');
  t.equal(wakeAt(one.context), undefined);
  const answered = new ContextAtHand().send('notify').receive().send('answer');
  t.same(answered.pass(10_000).effects, []);
});

t.test('both begin at once, and they have gone over to ours: a third', async (t) => {
  const one = new ContextAtHand().send('notify');
  const { id } = one.open;
  one.receive().receive({ session_id: id });
  t.same(one.effects, ['drop session-stale', 'over crossed 0', 'begun by agent', 'send 1']);
  const settled = new ContextAtHand().send('notify');
  const late = settled.open.id;
  settled.receive().receive({ sequence_id: 2n }).receive({ session_id: late });
  t.same(settled.effects, ['drop session-stale'], 'not where they have gone on in theirs');
});

t.test('what is missing is asked for, three times; then the context begins anew', async (t) => {
  const one = new ContextAtHand().receive().receive({ sequence_id: 3n });
  for (const next of [1n, 2n, 3n]) {
    t.same(one.effects, [], 'not at once: it may be on its way');
    one.pass((wakeAt(one.context) ?? 0) - one.now);
    t.same(one.effects, [`send ${next}`, 'asked-again']);
    t.match(one.sent, [{ retransmit_id: 2n, expected_id: 2n, payload: [] }]);
    one.pass(0);
  }
  one.pass((wakeAt(one.context) ?? 0) - one.now);
  t.same(one.effects, ['over gap 3', 'begun by agent', 'send 1']);
});
