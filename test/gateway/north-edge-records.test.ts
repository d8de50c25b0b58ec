// What a Controller can do wrong in a Record: the answer that TR-369 asks for, one counted reason, and a neighbour that
// notices nothing (promise 3).
import t from 'tap';
import { encodeRecord, plainRecord, type RecordType, type UspRecord } from '../../proxy/usp/record.ts';
import { number, part } from '../usp/wire.ts';
import { agentOf, CONTROLLER_ID, startHarness } from './harness.ts';
import { GET_LOCAL, GET_SOFTWARE, knownCpe, openPeer, payloadOf, recordOf } from './north-tools.ts';
import { counted } from './south-tools.ts';

const COUNTERS = ['record_dropped', 'socket_closed', 'failure'];

t.test('Records', async (t) => {
  const harness = await startHarness(t);
  const agent = agentOf(await knownCpe(harness));
  const neighbour = await harness.controller({ controller: 'proto::neighbour' });
  const works = async (): Promise<void> => {
    t.match(await neighbour.request(agent, GET_SOFTWARE), { kind: 'get_resp' }, 'a neighbour is served');
  };
  const payload = payloadOf({ msg_id: 'm', body: GET_LOCAL });
  const plain = plainRecord(agent, CONTROLLER_ID, { kind: 'no_session_context', payload });
  const session: RecordType = {
    kind: 'session_context',
    session_id: 2n,
    sequence_id: 1n,
    expected_id: 1n,
    retransmit_id: 0n,
    payload_sar_state: 'NONE',
    payloadrec_sar_state: 'NONE',
    payload: [payload],
  };

  await t.test('no Record at all: the connection ends with 1003 (R-WS.16), once', async (t) => {
    const whole = Buffer.from(encodeRecord(plain));
    const cases: readonly (readonly [string, Uint8Array])[] = [
      ['nothing', Buffer.alloc(0)],
      ['a truncated Record', whole.subarray(0, whole.length - 5)],
      ['text as bytes', Buffer.from('{"to_id":"x"}')],
      ['without a record_type (R-ENC.4)', Buffer.concat([part(1, '1.4'), part(2, agent), part(3, CONTROLLER_ID)])],
      ['with two record_types', Buffer.concat([whole, part(9)])],
      ['an unknown record_type', Buffer.concat([part(2, agent), part(3, CONTROLLER_ID), part(99, 'x')])],
    ];
    for (const [name, bytes] of cases) {
      const peer = await openPeer(t, harness);
      const grown = await counted(harness, COUNTERS, async () => {
        peer.send(bytes);
        peer.send(Buffer.from('more of it'));
        t.same(await peer.closed, { code: 1003, reason: 'not-a-record' }, name);
      });
      t.same(grown, { 'record_dropped not-a-record': 1, 'socket_closed not-a-record': 1 }, name);
    }
    await works();
  });

  const silent: readonly (readonly [string, UspRecord | Uint8Array, string])[] = [
    ['an unknown to_id (R-E2E.1)', { ...plain, to_id: 'ops::02C0DE-Router-NOBODY' }, 'unknown-to-id'],
    ['no to_id', { ...plain, to_id: '' }, 'unknown-to-id'],
    ['another from_id than the socket has (R-SEC.0a)', { ...plain, from_id: 'proto::other' }, 'from-id-mismatch'],
    ['no from_id', { ...plain, from_id: '' }, 'from-id-mismatch'],
    ['the Agent’s own id (TP-469 2.1)', { ...plain, from_id: agent }, 'from-id-mismatch'],
    ['an empty payload (R-E2E.26)', recordOf(agent, new Uint8Array()), 'no-payload'],
    ['a signature that nobody can check', { ...plain, mac_signature: Buffer.from('signed') }, 'signed'],
    ['a Connect Record', { ...plain, record_type: { kind: 'websocket_connect' } }, 'connect-record'],
    [
      'a Disconnect Record',
      { ...plain, record_type: { kind: 'disconnect', reason: 'bye', reason_code: 7105 } },
      'disconnect-record',
    ],
    [
      'an unknown enumeration value around what is no request',
      Buffer.concat([part(2, agent), part(3, CONTROLLER_ID), number(4, 9), part(7, part(2, 'x'))]),
      'unknown-value',
    ],
  ];
  for (const [name, record, reason] of silent) {
    await t.test(`${name}: ignored, and the connection goes on`, async (t) => {
      const peer = await openPeer(t, harness);
      const grown = await counted(harness, COUNTERS, async () => {
        peer.send(record instanceof Uint8Array ? record : encodeRecord(record));
        t.match(await peer.ask(agent, GET_LOCAL, 'after'), { msg_id: 'after', body: { kind: 'get_resp' } });
      });
      t.same(grown, { [`record_dropped ${reason}`]: 1 });
    });
  }

  await t.test('a Controller with the Agent’s own id is not answered (R-ARC.0, TP-469 2.1)', async (t) => {
    const peer = await openPeer(t, harness, { controller: agent });
    const other = agentOf(await knownCpe(harness));
    const grown = await counted(harness, COUNTERS, async () => {
      peer.send(recordOf(agent, { msg_id: 'm', body: GET_LOCAL }, agent));
      t.match(await peer.ask(other, GET_LOCAL, 'after'), { msg_id: 'after' });
    });
    t.same(grown, { 'record_dropped own-id': 1 });
  });

  await t.test('on the socket of one Agent another Agent is unknown', async (t) => {
    const other = agentOf(await knownCpe(harness));
    const peer = await openPeer(t, harness, { agent });
    const grown = await counted(harness, COUNTERS, async () => {
      peer.send(recordOf(other, { msg_id: 'm', body: GET_LOCAL }));
      t.match(await peer.ask(agent, GET_LOCAL, 'after'), { msg_id: 'after' });
    });
    t.same(grown, { 'record_dropped unknown-to-id': 1 });
  });

  const disconnected: readonly (readonly [string, UspRecord, string, number])[] = [
    [
      'a session context with a secured payload',
      { ...plain, payload_security: 'TLS12', record_type: session },
      'session-security',
      7102,
    ],
    ['a secured payload without one', { ...plain, payload_security: 'TLS12' }, 'payload-security', 7104],
  ];
  for (const [name, record, reason, code] of disconnected) {
    await t.test(`${name}: a Disconnect Record, and a Connect Record before what follows (R-MTP.8)`, async (t) => {
      const peer = await openPeer(t, harness);
      const grown = await counted(harness, COUNTERS, async () => {
        peer.send(encodeRecord(record));
        t.match(await peer.next(), { from_id: agent, record_type: { kind: 'websocket_connect' } });
        t.match(await peer.next(), {
          from_id: agent,
          to_id: CONTROLLER_ID,
          record_type: { kind: 'disconnect', reason_code: code },
        });
        peer.send(recordOf(agent, { msg_id: 'after', body: GET_LOCAL }));
        t.match(await peer.next(), { record_type: { kind: 'websocket_connect' } }, 'presence anew');
        t.match(await peer.nextMsg(), { msg_id: 'after' });
      });
      t.same(grown, { [`record_dropped ${reason}`]: 1 });
    });
  }

  await t.test('an unknown enumeration value around a request: an Error 7104 (R-ENC.2, R-MTP.5)', async (t) => {
    const peer = await openPeer(t, harness);
    const grown = await counted(harness, COUNTERS, async () => {
      peer.send(Buffer.concat([part(2, agent), part(3, CONTROLLER_ID), number(4, 9), part(7, part(2, payload))]));
      t.match(await peer.nextMsg(), { msg_id: 'm', body: { kind: 'error', err_code: 7104 } });
    });
    t.same(grown, { 'record_dropped unknown-value': 1 });
  });

  await t.test('fields and versions that we do not know are skipped', async (t) => {
    const peer = await openPeer(t, harness);
    const record = encodeRecord({ ...plain, version: '1.99' });
    peer.send(Buffer.concat([record, part(77, 'of the future')]));
    t.match(await peer.nextMsg(), { msg_id: 'm', body: { kind: 'get_resp' } });
  });
  await works();
});
