// Notifies in a Session Context: the outbox keeps its promise, whatever becomes of the Records.
import t from 'tap';
import { CONTROLLER, KEY } from '../store/contract/samples.ts';
import { AGENT, ALL, fakeConnection, kindsOf } from './fake-connection.ts';
import { outboxAtHand, until } from './outbox-at-hand.ts';

const ring = ['default', CONTROLLER] as const;
const PAIR = { tenant: 'default', controller: CONTROLLER, agent: AGENT };

t.test('where a context is required the first Notify begins it, and stays stored until it is answered', async (t) => {
  const { outbox, connections, derive, stored, counted, clock, policy } = await outboxAtHand(t);
  policy.mode = 'Require';
  const all = fakeConnection(ALL);
  connections.add(all);
  await derive(['a', 'b']);
  outbox.ring(...ring);
  await until(() => counted.get('notify written') === 2);
  t.same(
    kindsOf(all),
    ['websocket_connect', 'session_context', 'session_context'].map((kind) => `${kind} ${AGENT}`),
  );
  t.same(await stored(), ['a', 'b']);
  clock.now += 5000;
  await outbox.look(KEY);
  await until(() => counted.get('notify written') === 4);
  const numbers = all.sent.flatMap(({ record_type: type }) =>
    type.kind === 'session_context' ? [type.sequence_id] : [],
  );
  t.same(numbers, [1n, 2n, 3n, 4n], 'a Notify that is tried again is a Record of its own');
  await outbox.answered(KEY, CONTROLLER, 'a');
  t.same(await stored(), ['b']);
});

t.test('one without retry is gone once it was written, and not before', async (t) => {
  const { outbox, connections, contexts, derive, stored, counted, policy } = await outboxAtHand(t);
  policy.mode = 'Require';
  await derive(['a'], { retry: false });
  const gone = fakeConnection(ALL);
  connections.add(gone);
  gone.close('slow');
  outbox.ring(...ring);
  await until(() => counted.get('record answer-without-way') === 1);
  t.same(await stored(), ['a']);
  t.equal(contexts.statusOf(PAIR), 'Down', 'no number was spent');
  const next = fakeConnection(ALL);
  connections.add(next);
  outbox.ring(...ring);
  await until(() => counted.get('notify written') === 1);
  t.same(await stored(), []);
  t.match(next.sent.at(-1), { record_type: { kind: 'session_context', sequence_id: 1n } });
});
