// Any bytes in a frame, over a live socket: the gateway takes them, refuses them or closes that connection, counts one
// reason for each, and goes on serving others.
import { WebSocket } from 'ws';
import fc from 'fast-check';
import t from 'tap';
import { encodeRecord, plainRecord } from '../../proxy/usp/record.ts';
import { agentOf, CONTROLLER_ID, startHarness } from './harness.ts';
import { GET_LOCAL, GET_SOFTWARE, knownCpe, openPeer, type Peer, payloadOf, recordOf } from './north-tools.ts';
import { counters } from './south-tools.ts';

const RUNS = 150;

t.test('fuzz', async (t) => {
  const harness = await startHarness(t);
  const agent = agentOf(await knownCpe(harness));
  const neighbour = await harness.controller({ controller: 'proto::neighbour' });
  const payload = payloadOf({ msg_id: 'm', body: GET_LOCAL });
  const good = Buffer.from(encodeRecord(plainRecord(agent, CONTROLLER_ID, { kind: 'no_session_context', payload })));

  const mutated = (bytes: Uint8Array): fc.Arbitrary<Uint8Array> =>
    fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }).map((changes) => {
      const copy = Buffer.from(bytes);
      for (const [at, value] of changes) copy[at] = value;
      return copy;
    });
  const cut = fc.nat(good.length - 1).map((length) => good.subarray(0, length));
  const msg = fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 200 }), mutated(payload));
  const anything = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    mutated(good),
    cut,
    msg.map((bytes) => recordOf(agent, bytes)),
  );

  let peer: Peer = await openPeer(t, harness);
  const settled = async (): Promise<void> => {
    const socket = peer.socket;
    if (socket.readyState === WebSocket.OPEN) {
      peer.send(good);
      const seen = async (): Promise<void> => {
        while ((await peer.nextMsg()).body.kind !== 'get_resp');
      };
      await Promise.race([seen().catch(() => undefined), peer.closed]);
    }
    if (socket.readyState !== WebSocket.OPEN) {
      t.equal((await peer.closed).code, 1003);
      peer = await openPeer(t, harness);
    }
  };

  const before = await counters(harness);
  let sent = 0;
  await fc.assert(
    fc.asyncProperty(anything, async (bytes) => {
      sent += 1;
      peer.send(bytes);
      await settled();
    }),
    { numRuns: RUNS, interruptAfterTimeLimit: 3000, markInterruptAsFailure: false },
  );
  const after = await counters(harness);
  const grown = (name: string): number => (after.get(name) ?? 0) - (before.get(name) ?? 0);
  const dropped = [...after.keys()].filter((name) => name.startsWith('record_dropped '));
  t.ok(sent > 10, `${sent} frames`);
  t.ok(dropped.reduce((sum, name) => sum + grown(name), 0) <= sent, 'at most one reason for each');
  t.equal(grown('socket_closed not-a-record'), grown('record_dropped not-a-record'), 'one close for each');
  for (const name of after.keys()) if (name.startsWith('failure ')) t.equal(grown(name), 0, name);
  t.match(await neighbour.request(agent, GET_SOFTWARE), { kind: 'get_resp' }, 'a neighbour is served');
});
