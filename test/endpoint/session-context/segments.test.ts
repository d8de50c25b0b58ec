// Msgs in segments, out and in, and their caps.
import t from 'tap';
import { MOST_BYTES, MOST_SENT, PARTS_MS } from '../../../proxy/endpoint/session-context/context.ts';
import type { PayloadSarState } from '../../../proxy/usp/record.ts';
import { ContextAtHand } from './context-at-hand.ts';

const state = (name: PayloadSarState) => ({ payload_sar_state: name, payloadrec_sar_state: name });

t.test('out: as many Records as it takes, both states the same (PLAINTEXT)', async (t) => {
  const one = new ContextAtHand().receive().send('0123456789', 4);
  t.same(one.effects, ['send 1 0123', 'send 2 4567', 'send 3 89']);
  t.match(one.sent, [state('BEGIN'), state('INPROCESS'), state('COMPLETE')]);
  t.match(one.send('0123', 4).sent, [{ sequence_id: 4n, ...state('NONE') }]);
  t.match(one.send('01234', 4).sent, [state('BEGIN'), state('COMPLETE')]);
});

t.test('in: delivered when it is whole, whatever the order, with empty Records between', async (t) => {
  const one = new ContextAtHand().receive({ ...state('BEGIN'), payload: ['a'] });
  t.same(one.effects, ['begun by controller']);
  t.same(one.receive({ sequence_id: 4n, ...state('COMPLETE'), payload: ['c'] }).effects, []);
  t.same(one.receive({ sequence_id: 2n, payload: [] }).effects, []);
  t.same(one.receive({ sequence_id: 3n, ...state('INPROCESS'), payload: ['b'] }).effects, ['deliver abc']);
  t.equal(one.open.parts, undefined);
  t.same(one.receive({ sequence_id: 5n }).effects, ['deliver msg']);
});

t.test('what cannot be put together: the context begins anew (R-E2E.21)', async (t) => {
  const again = ['drop session-failed', 'over segments 0', 'begun by agent', 'send 1'];
  const begun = () => new ContextAtHand().receive({ ...state('BEGIN'), payload: ['a'] });
  t.same(begun().receive({ sequence_id: 2n, ...state('BEGIN') }).effects, again, 'a second beginning');
  t.same(begun().receive({ sequence_id: 2n }).effects, again, 'a whole Msg inside');
  const opened = () => new ContextAtHand().receive({ payload: [] });
  t.same(opened().receive({ sequence_id: 2n, ...state('INPROCESS') }).effects, again, 'no beginning');
  t.same(opened().receive({ sequence_id: 2n, ...state('COMPLETE') }).effects, again);
  t.same(opened().receive({ sequence_id: 2n, payload_sar_state: 'BEGIN' }).effects, again, 'states of TLS records');
  t.same(opened().receive({ sequence_id: 2n, payload: ['a', 'b'] }).effects, again, 'two datagrams');
});

t.test('a Msg that does not come to its end', async (t) => {
  const one = new ContextAtHand().receive({ ...state('BEGIN'), payload: ['a'] });
  one.pass(PARTS_MS - 1);
  t.same(one.effects, []);
  one.receive({ sequence_id: 2n, ...state('INPROCESS'), payload: ['b'] });
  one.pass(1);
  t.same(one.effects, ['over segments 0', 'begun by agent', 'send 1'], 'counted from its beginning');
});

t.test('a Msg that is too large', async (t) => {
  const half = ['x'.repeat(MOST_BYTES / 2)];
  const one = new ContextAtHand().receive({ ...state('BEGIN'), payload: half });
  t.same(one.receive({ sequence_id: 2n, ...state('INPROCESS'), payload: half }).effects, []);
  one.receive({ sequence_id: 3n, ...state('COMPLETE') });
  t.same(one.effects, ['drop session-failed', 'over segments 0', 'begun by agent', 'send 1']);
});

t.test('Records that wait take no more memory than that either', async (t) => {
  const half = ['x'.repeat(MOST_BYTES / 2)];
  const one = new ContextAtHand().receive().receive({ sequence_id: 3n, payload: half });
  t.same(one.effects, []);
  one.receive({ sequence_id: 4n, payload: half });
  t.same(one.effects, ['drop session-failed', 'over window 0', 'begun by agent', 'send 1']);
});

t.test('a peer that acknowledges nothing: the oldest Records are forgotten, by number and by size', async (t) => {
  const one = new ContextAtHand().receive();
  one.send('x'.repeat(MOST_SENT + 10), 1);
  t.equal(one.open.sent.length, MOST_SENT);
  t.equal(one.open.sent[0]?.sequence, 11n);
  const large = new ContextAtHand().receive().send('x'.repeat(MOST_BYTES / 2));
  large.send('y'.repeat(MOST_BYTES));
  t.same(
    large.open.sent.map(({ sequence }) => sequence),
    [2n],
    'the last one stays, however large',
  );
  large.receive({ sequence_id: 2n, retransmit_id: 1n, payload: [] });
  t.same(large.effects, ['drop session-failed', 'over retransmit-gone 1', 'begun by agent', 'send 1']);
});
