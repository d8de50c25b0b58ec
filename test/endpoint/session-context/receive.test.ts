// What becomes of a Record by its numbers (R-E2E.4, .6, .16, .17, .20, .25).
import t from 'tap';
import { EXHAUSTED, MOST_AHEAD } from '../../../proxy/endpoint/session-context/context.ts';
import { ContextAtHand } from './context-at-hand.ts';

t.test(
  'the first Record begins the context of the other side; ours are numbered from 1 and say what we expect',
  async (t) => {
    const one = new ContextAtHand().receive();
    t.same(one.effects, ['begun by controller', 'deliver msg']);
    t.match(one.send('answer').sent, [{ session_id: 7n, sequence_id: 1n, expected_id: 2n, payload_sar_state: 'NONE' }]);
    t.match(one.send('notify').sent, [{ session_id: 7n, sequence_id: 2n, expected_id: 2n }]);
  },
);

t.test('a Record without a payload begins one as well (R-E2E.2 is deprecated)', async (t) => {
  for (const payload of [[], ['']]) {
    const one = new ContextAtHand().receive({ payload });
    t.same(one.effects, ['begun by controller']);
    t.equal(one.open.expected, 2n);
  }
});

t.test('another session_id: a new context, from 1', async (t) => {
  const one = new ContextAtHand().receive().send('answer').receive({ session_id: 8n });
  t.same(one.effects, ['over controller 1', 'begun by controller', 'deliver msg']);
  t.match(one.send('answer').sent, [{ session_id: 8n, sequence_id: 1n, expected_id: 2n }]);
});

t.test('before its turn: kept, and taken in order when what is missing has come', async (t) => {
  const one = new ContextAtHand().receive();
  t.same(one.receive({ sequence_id: 4n, payload: ['d'] }).effects, []);
  t.same(one.receive({ sequence_id: 3n, payload: ['c'] }).effects, []);
  t.same(one.receive({ sequence_id: 4n, payload: ['d'] }).effects, ['drop session-duplicate'], 'that waits already');
  t.same(one.receive({ sequence_id: 2n, payload: ['b'] }).effects, ['deliver b', 'deliver c', 'deliver d']);
  t.same(one.open.ahead.size, 0);
  t.equal(one.open.aheadBytes, 0);
});

t.test('what was there before is ignored', async (t) => {
  const one = new ContextAtHand().receive().receive({ sequence_id: 2n });
  t.same(one.receive({ sequence_id: 2n }).effects, ['drop session-duplicate']);
  t.same(one.receive({ sequence_id: 1n }).effects, ['drop session-duplicate']);
});

t.test('too far ahead: the context begins anew', async (t) => {
  const one = new ContextAtHand().receive();
  t.same(one.receive({ sequence_id: 2n + BigInt(MOST_AHEAD) }).effects, []);
  one.receive({ sequence_id: 3n + BigInt(MOST_AHEAD) });
  t.same(one.effects, ['drop session-failed', 'over window 0', 'begun by agent', 'send 1']);
  t.not(one.open.id, 7n);
});

t.test('what is acknowledged is forgotten, be it more than was sent', async (t) => {
  const one = new ContextAtHand().receive().send('a').send('b').send('c');
  const kept = () => one.open.sent.map(({ sequence }) => sequence);
  one.receive({ sequence_id: 2n, expected_id: 3n });
  t.same(kept(), [3n]);
  one.receive({ sequence_id: 3n, expected_id: 2n });
  t.same(kept(), [3n], 'nothing comes back');
  one.receive({ sequence_id: 4n, expected_id: 99n });
  t.same(kept(), []);
  t.equal(one.open.sentBytes, 0);
  t.match(one.send('d').sent, [{ sequence_id: 4n }]);
});

t.test('sent again for the asking, with what is expected by now, and no more often than it may', async (t) => {
  const one = new ContextAtHand({ maxRetransmits: 2 }).receive().send('answer');
  one.receive({ sequence_id: 2n, retransmit_id: 1n, payload: [] });
  t.same(one.effects, ['send 1 answer', 'resent']);
  t.match(one.sent, [{ expected_id: 3n, retransmit_id: 0n }]);
  // What is acknowledged in the same breath is there all the same.
  one.receive({ sequence_id: 3n, retransmit_id: 1n, expected_id: 1n, payload: ['next'] });
  t.same(one.effects, ['deliver next', 'send 1 answer', 'resent']);
  one.receive({ sequence_id: 4n, retransmit_id: 1n, payload: [] });
  t.same(one.effects, ['drop session-failed', 'over retransmit-limit 1', 'begun by agent', 'send 1']);
});

t.test('MaxRetransmitTries 0 and -1: never, and always', async (t) => {
  const never = new ContextAtHand({ maxRetransmits: 0 })
    .receive()
    .send('a')
    .receive({ sequence_id: 2n, retransmit_id: 1n });
  t.same(never.effects, ['deliver msg', 'drop session-failed', 'over retransmit-limit 1', 'begun by agent', 'send 1']);
  const always = new ContextAtHand({ maxRetransmits: -1 }).receive().send('a');
  for (let sequence = 2n; sequence < 30n; sequence += 1n) {
    t.same(always.receive({ sequence_id: sequence, retransmit_id: 1n, payload: [] }).effects, ['send 1 a', 'resent']);
  }
});

t.test('a Record that is not there any more: the context begins anew', async (t) => {
  const one = new ContextAtHand().receive().send('a').receive({ sequence_id: 2n, expected_id: 2n });
  one.receive({ sequence_id: 3n, retransmit_id: 1n, payload: [] });
  t.same(one.effects, ['drop session-failed', 'over retransmit-gone 0', 'begun by agent', 'send 1']);
});

t.test('a Record that waits has its own request for one answered at once', async (t) => {
  const one = new ContextAtHand().receive().send('a').receive({ sequence_id: 3n, retransmit_id: 1n });
  t.same(one.effects, ['send 1 a', 'resent']);
  t.same(one.receive({ sequence_id: 2n, payload: ['b'] }).effects, ['deliver b', 'deliver msg'], 'and once only');
});

t.test('numbers that are used up: a new context (R-E2E.8, R-E2E.9)', async (t) => {
  const one = new ContextAtHand().receive();
  one.context = { ...one.open, expected: EXHAUSTED };
  one.receive({ sequence_id: EXHAUSTED });
  t.same(one.effects, ['deliver msg', 'drop session-failed', 'over exhausted 0', 'begun by agent', 'send 1']);
  const other = new ContextAtHand().receive();
  other.context = { ...other.open, next: EXHAUSTED };
  t.same(other.send('msg').effects, ['over idle 0', 'begun by agent', 'send 1 msg']);
});

t.test('numbers that cannot be (R-E2E.3, R-E2E.24)', async (t) => {
  for (const fields of [{ session_id: 0n }, { session_id: 1n }, { sequence_id: 0n }]) {
    t.same(
      new ContextAtHand().receive(fields).effects,
      ['drop session-failed'],
      'where there is no context none begins',
    );
    const one = new ContextAtHand().receive().receive(fields);
    t.same(one.effects, ['drop session-failed', 'over value 0', 'begun by agent', 'send 1']);
  }
});
