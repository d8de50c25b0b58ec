// Contexts by pair, over connections that come and go: what is written where, what is kept, what is counted.
import t from 'tap';
import { STANDARD_POLICY } from '../../../proxy/agent/local-agent/controller/e2e-session.ts';
import { Connections } from '../../../proxy/endpoint/connections.ts';
import { type Pair, SessionContexts } from '../../../proxy/endpoint/session-context/contexts.ts';
import type { Clock } from '../../../proxy/operate/clock.ts';
import type { SessionContextRecord } from '../../../proxy/usp/record.ts';
import { encodeRecord } from '../../../proxy/usp/record.ts';
import { CONTROLLER } from '../../store/contract/samples.ts';
import { AGENT, ALL, type FakeConnection, fakeConnection, kindsOf } from '../fake-connection.ts';
import { countingRandomness } from './two-ends.ts';

const PAIR: Pair = { tenant: 'default', controller: CONTROLLER, agent: AGENT };
const MSG = Buffer.from('msg');

const record = (fields: Partial<SessionContextRecord> = {}): SessionContextRecord => ({
  kind: 'session_context',
  session_id: 7n,
  sequence_id: 1n,
  expected_id: 1n,
  retransmit_id: 0n,
  payload_sar_state: 'NONE',
  payloadrec_sar_state: 'NONE',
  payload: [MSG],
  ...fields,
});

/** Records of contexts that went out on a connection. */
const sentOn = ({ sent }: FakeConnection): readonly SessionContextRecord[] =>
  sent.flatMap(({ record_type: type }) => (type.kind === 'session_context' ? [type] : []));

function contextsAtHand(caps?: { readonly contexts: number; readonly bytes: number }) {
  const time = { now: 1_000_000 };
  const timers = new Set<{ readonly at: number; readonly run: () => void }>();
  const clock: Clock = {
    now: () => time.now,
    after(ms, run) {
      const timer = { at: time.now + ms, run };
      timers.add(timer);
      return { cancel: () => timers.delete(timer) };
    },
  };
  const counted: string[] = [];
  const connections = new Connections('n1');
  const contexts = new SessionContexts({
    connections,
    clock,
    randomness: countingRandomness(),
    ...(caps !== undefined && { caps }),
    metrics: {
      count: (name, label) => void counted.push(`${name} ${label}`),
      gauge: () => undefined,
      text: async () => '',
    },
  });
  return {
    contexts,
    connections,
    counted,
    timers,
    connect: (): FakeConnection => {
      const connection = fakeConnection(ALL);
      connections.add(connection);
      return connection;
    },
    pass: (ms: number): void => {
      time.now += ms;
      for (const timer of [...timers].filter(({ at }) => at <= time.now)) {
        timers.delete(timer);
        timer.run();
      }
    },
  };
}

t.test('a Controller that is back on another connection goes on', async (t) => {
  const { contexts, connect } = contextsAtHand();
  const first = connect();
  t.same(contexts.receive(PAIR, first, record(), STANDARD_POLICY), [MSG]);
  t.equal(contexts.send(PAIR, first, MSG), true);
  const second = connect();
  t.same(contexts.receive(PAIR, second, record({ sequence_id: 2n }), STANDARD_POLICY), [MSG]);
  t.equal(contexts.send(PAIR, second, MSG), true);
  t.match(sentOn(first), [{ session_id: 7n, sequence_id: 1n }]);
  t.match(sentOn(second), [{ session_id: 7n, sequence_id: 2n, expected_id: 3n }]);
  t.match(
    kindsOf(second),
    [`websocket_connect ${AGENT}`, `session_context ${AGENT}`],
    'its Connect Record comes first',
  );
});

t.test('a connection that is over takes nothing, and no number is lost', async (t) => {
  const { contexts, connections, connect } = contextsAtHand();
  const gone = connect();
  contexts.receive(PAIR, gone, record(), STANDARD_POLICY);
  connections.remove(gone);
  t.equal(contexts.send(PAIR, gone, MSG), false);
  const next = connect();
  t.equal(contexts.send(PAIR, next, MSG), true);
  t.match(sentOn(next), [{ sequence_id: 1n }]);
});

t.test('what the Agent says by itself goes in the context that there is, or in none', async (t) => {
  const { contexts, connect } = contextsAtHand();
  const connection = connect();
  const tell = (mode: 'Require' | 'Allow' | 'Forbid') =>
    contexts.tell(PAIR, connection, MSG, { ...STANDARD_POLICY, mode });
  t.equal(tell('Allow'), true);
  t.equal(sentOn(connection).length, 0);
  t.equal(tell('Require'), true);
  t.match(sentOn(connection), [{ sequence_id: 1n, payload: [MSG] }]);
  t.equal(contexts.statusOf(PAIR), 'Negotiating');
  tell('Allow');
  t.match(sentOn(connection), [{}, { sequence_id: 2n }], 'it is perpetuated');
  tell('Forbid');
  t.match(connection.sent.at(-3), { record_type: { kind: 'disconnect', reason_code: 7105 } });
  t.match(connection.sent.at(-1), { record_type: { kind: 'no_session_context' } });
  t.equal(contexts.statusOf(PAIR), 'Down');
});

t.test('no Record is larger than MaxUSPRecordSize', async (t) => {
  const { contexts, connect } = contextsAtHand();
  const connection = connect();
  const payload = Buffer.alloc(20_000, 1);
  contexts.send(PAIR, connection, payload, { ...STANDARD_POLICY, maxRecordBytes: 512 });
  const records = connection.sent.filter(({ record_type: type }) => type.kind === 'session_context');
  const sizes = records.map((one) => encodeRecord(one).length);
  t.ok(Math.max(...sizes) <= 512 && Math.max(...sizes) > 450, `${Math.max(...sizes)} bytes`);
  t.same(Buffer.concat(sentOn(connection).flatMap(({ payload: [part = MSG] }) => [part])), payload);
});

t.test('one that nobody has answered is tried again; where its Controller is gone, another begins later', async (t) => {
  const { contexts, connections, connect, counted, timers, pass } = contextsAtHand();
  const connection = connect();
  contexts.begin(PAIR, connection, STANDARD_POLICY);
  pass(10_000);
  t.match(sentOn(connection), [{ sequence_id: 1n }, { sequence_id: 1n }]);
  t.equal(contexts.retriesOf(PAIR), 1);
  connections.remove(connection);
  pass(20_000);
  t.equal(timers.size, 0);
  t.equal(contexts.has(PAIR), true, 'what is said next goes in a context');
  const next = connect();
  contexts.tell(PAIR, next, MSG, STANDARD_POLICY);
  t.match(sentOn(next), [{ sequence_id: 1n, payload: [MSG] }]);
  t.not(sentOn(next)[0]?.session_id, sentOn(connection)[0]?.session_id);
  t.same(
    counted.filter((one) => one.startsWith('session_context')),
    ['begun-by-agent', 'resent', 'over-idle', 'begun-by-agent'].map((what) => `session_context ${what}`),
  );
});

t.test('pairs are apart, and one that is forgotten begins anew', async (t) => {
  const { contexts, connect } = contextsAtHand();
  const connection = connect();
  const other: Pair = { ...PAIR, agent: 'ops::other' };
  contexts.receive(PAIR, connection, record(), STANDARD_POLICY);
  contexts.receive(other, connection, record(), STANDARD_POLICY);
  contexts.send(other, connection, MSG);
  t.match(sentOn(connection), [{ sequence_id: 1n }]);
  t.equal(contexts.forget(PAIR), true);
  t.equal(contexts.forget(PAIR), false);
  t.equal(contexts.send(PAIR, connection, MSG), false, 'nobody knows what counts for it');
  contexts.receive(PAIR, connection, record({ sequence_id: 2n }), STANDARD_POLICY);
  t.match(sentOn(connection).at(-1), { sequence_id: 1n, payload: [] }, 'its Controller is told (R-E2E.24)');
  t.equal(contexts.statusOf(other), 'Up');
});

t.test('what all contexts keep is bounded, by number and by size: the least recently used goes', async (t) => {
  const pairs = ['ops::1', 'ops::2', 'ops::3'].map((agent): Pair => ({ ...PAIR, agent }));
  const rest = (caps: { readonly contexts: number; readonly bytes: number }): readonly boolean[] => {
    const { contexts, connect, counted } = contextsAtHand(caps);
    const connection = connect();
    const [first = PAIR, second = PAIR, third = PAIR] = pairs;
    for (const pair of [first, second, first, third])
      contexts.send(pair, connection, Buffer.alloc(1000), STANDARD_POLICY);
    t.equal(counted.filter((one) => one === 'session_context forgotten').length, 1);
    return pairs.map((pair) => contexts.has(pair));
  };
  t.same(rest({ contexts: 2, bytes: 1_000_000 }), [true, false, true]);
  t.same(rest({ contexts: 100, bytes: 4000 }), [true, false, true]);
});
