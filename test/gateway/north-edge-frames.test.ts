// What a peer can do wrong with WebSocket frames: the close code that RFC 6455 and R-WS.16 have for it, one counted
// reason, and only that connection ends.
import { once } from 'node:events';
import t from 'tap';
import { agentOf, startHarness } from './harness.ts';
import { GET_LOCAL, GET_SOFTWARE, handshake, knownCpe, openPeer, recordOf } from './north-tools.ts';
import { counted, untilCounted } from './south-tools.ts';

const COUNTERS = ['record_dropped', 'socket_closed', 'failure'];
const EID = 'eid=proto::controller-1';

/** A frame of a client, with a mask of zeros. */
const frame = (first: number, length: number, content: Buffer = Buffer.alloc(0)): Buffer =>
  Buffer.concat([Buffer.from([first, 0x80 | length, 0, 0, 0, 0]), content]);

t.test('frames', async (t) => {
  const harness = await startHarness(t, { 'usp.record': '64KiB', 'usp.ping': '1s' });
  const agent = agentOf(await knownCpe(harness));
  const neighbour = await harness.controller({ controller: 'proto::neighbour' });

  await t.test('text is no Record: 1003', async (t) => {
    for (const text of [Buffer.from('hello'), Buffer.alloc(0), Buffer.from([0xff, 0xfe])]) {
      const peer = await openPeer(t, harness);
      const grown = await counted(harness, COUNTERS, async () => {
        peer.socket.send(text, { binary: false });
        peer.socket.send(text, { binary: false });
        t.match(await peer.closed, { code: 1003, reason: 'not-a-record' });
      });
      t.same(grown, { 'record_dropped not-a-record': 1, 'socket_closed not-a-record': 1 });
    }
  });

  await t.test('too large: 1009', async (t) => {
    const peer = await openPeer(t, harness);
    const grown = await counted(harness, COUNTERS, async () => {
      peer.send(Buffer.alloc(64 * 1024 + 1));
      t.match(await peer.closed, { code: 1009 });
    });
    t.same(grown, { 'socket_closed too-large': 1 });
  });

  await t.test('too large in fragments: 1009', async (t) => {
    const peer = await openPeer(t, harness);
    const grown = await counted(harness, COUNTERS, async () => {
      for (let sent = 0; sent < 8; sent += 1) peer.socket.send(Buffer.alloc(10_000), { binary: true, fin: false });
      t.match(await peer.closed, { code: 1009 });
    });
    t.same(grown, { 'socket_closed too-large': 1 });
  });

  await t.test('a Record in fragments is put together (R-WS.14b, TP-469 7.12)', async (t) => {
    const peer = await openPeer(t, harness);
    const record = recordOf(agent, { msg_id: 'pieces', body: GET_LOCAL });
    for (let at = 0; at < record.length; at += 7) {
      peer.socket.send(record.subarray(at, at + 7), { binary: true, fin: at + 7 >= record.length });
    }
    t.match(await peer.nextMsg(), { msg_id: 'pieces', body: { kind: 'get_resp' } });
  });

  await t.test('frames that RFC 6455 does not allow: 1002', async (t) => {
    const cases: readonly (readonly [string, Buffer])[] = [
      ['an unmasked frame', Buffer.from([0x82, 0x01, 0x00])],
      ['a reserved bit', frame(0xc2, 0)],
      ['an unknown opcode', frame(0x83, 0)],
      ['a continuation of nothing', frame(0x80, 0)],
      ['a ping in fragments', frame(0x09, 0)],
      ['a close code that cannot be', frame(0x88, 2, Buffer.from([0x00, 0x01]))],
    ];
    for (const [name, bytes] of cases) {
      const grown = await counted(harness, COUNTERS, async () => {
        const { socket } = await handshake(t, harness, `/usp?${EID}`);
        const ended = once(socket, 'end');
        const answer: Buffer[] = [];
        socket.on('data', (chunk: Buffer) => answer.push(chunk));
        socket.end(bytes);
        await ended;
        t.same([...Buffer.concat(answer).subarray(0, 4)], [0x88, 0x02, 0x03, 0xea], name);
      });
      t.same(grown, { 'socket_closed protocol-error': 1 }, name);
    }
  });

  await t.test('pings are answered, a pong that nobody asked for does no harm (TP-469 7.7)', async (t) => {
    const peer = await openPeer(t, harness);
    peer.socket.pong('unasked');
    peer.socket.ping('are you there');
    const [data] = (await once(peer.socket, 'pong')) as [Buffer];
    t.equal(data.toString(), 'are you there');
    t.match(await peer.ask(agent, GET_LOCAL), { body: { kind: 'get_resp' } });
  });

  await t.test('a close is answered with a close, and counted as nobody’s fault (TP-469 7.4)', async (t) => {
    const peer = await openPeer(t, harness);
    const grown = await counted(harness, COUNTERS, async () => {
      peer.socket.close(1000);
      t.match(await peer.closed, { code: 1000 });
    });
    t.same(grown, {});
  });

  await t.test('a peer that answers no pings is let go; one that does stays', async (t) => {
    const alive = await openPeer(t, harness, { controller: 'proto::alive' });
    const dead = await openPeer(t, harness, { autoPong: false });
    const grown = await counted(harness, COUNTERS, async () => {
      t.match(await dead.closed, { code: 1006 });
      await untilCounted(harness, 'socket_closed no-pong', 1);
    });
    t.same(grown, { 'socket_closed no-pong': 1 });
    t.match(await alive.ask(agent, GET_LOCAL), { body: { kind: 'get_resp' } });
  });

  await t.test('a peer that vanishes is no failure', async (t) => {
    const peer = await openPeer(t, harness);
    const grown = await counted(harness, ['failure', 'record_dropped'], async () => {
      peer.send(recordOf(agent, { msg_id: 'm', body: GET_LOCAL }));
      peer.socket.terminate();
      await peer.closed;
      t.match(await neighbour.request(agent, GET_SOFTWARE), { kind: 'get_resp' }, 'a neighbour is served');
    });
    t.same(grown, {});
  });
});
