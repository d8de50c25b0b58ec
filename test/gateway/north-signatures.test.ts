// Signed Records over a real socket: a good signature goes on, a bad one is as if nothing had come (TP-469 2.7), and what
// TLS of the payload would need is refused with its code (facts: usp-agent-requirements §2.3).
import { createPrivateKey, sign } from 'node:crypto';
import t from 'tap';
import { encodeRecord, plainRecord, type RecordType, type UspRecord } from '../../proxy/usp/record.ts';
import { signedBytes } from '../../proxy/usp/record-signature.ts';
import { createAuthority, type Issued, missingOpenssl } from '../openssl.ts';
import { agentOf, CONTROLLER_ID, startHarness } from './harness.ts';
import { GET_LOCAL, knownCpe, openPeer, payloadOf, recordOf } from './north-tools.ts';
import { counted } from './south-tools.ts';

const COUNTERS = ['record_dropped', 'socket_closed', 'failure'];
const session = (): RecordType => ({
  kind: 'session_context',
  session_id: 2n,
  sequence_id: 1n,
  expected_id: 1n,
  retransmit_id: 0n,
  payload_sar_state: 'NONE',
  payloadrec_sar_state: 'NONE',
  payload: [payloadOf({ msg_id: 'm', body: GET_LOCAL })],
});

t.test('signatures', { skip: missingOpenssl() }, async (t) => {
  const authority = createAuthority(t);
  const harness = await startHarness(t, { 'usp.trust': authority.certFile });
  const agent = agentOf(await knownCpe(harness));
  const own = authority.issue('/CN=signer', `URI:urn:bbf:usp:id:${CONTROLLER_ID}`);
  const request = (msg_id: string): UspRecord =>
    plainRecord(agent, CONTROLLER_ID, {
      kind: 'no_session_context',
      payload: payloadOf({ msg_id, body: GET_LOCAL }),
    });
  const signed = (record: UspRecord, { cert, key }: Issued = own): UspRecord => {
    const unsigned = { ...record, sender_cert: Buffer.from(cert) };
    return { ...unsigned, mac_signature: sign('sha256', signedBytes(unsigned), createPrivateKey(key)) };
  };
  const peer = await openPeer(t, harness);

  await t.test('good: answered', async (t) => {
    peer.send(encodeRecord(signed(request('good'))));
    t.match(await peer.nextMsg(), { msg_id: 'good', body: { kind: 'get_resp' } });
  });

  const stranger = createAuthority(t, '/CN=Stranger').issue('/CN=x', `URI:urn:bbf:usp:id:${CONTROLLER_ID}`);
  const nameless = authority.issue('/CN=x');
  const disconnect: RecordType = { kind: 'disconnect', reason: 'forged', reason_code: 7105 };
  const bad: readonly (readonly [string, UspRecord, string])[] = [
    ['changed on the way', { ...signed(request('bad')), version: '1.3' }, 'signature-wrong-signature'],
    ['no certificate', { ...request('bad'), mac_signature: Buffer.from('signed') }, 'signature-no-certificate'],
    ['of nobody we know', signed(request('bad'), stranger), 'signature-untrusted'],
    ['of somebody else', signed(request('bad'), nameless), 'signature-other-endpoint'],
    [
      'around a Disconnect',
      { ...request('bad'), record_type: disconnect, mac_signature: Buffer.from('signed') },
      'signature-no-certificate',
    ],
    [
      'around a session',
      { ...request('bad'), record_type: session(), mac_signature: Buffer.from('signed') },
      'signature-no-certificate',
    ],
  ];
  for (const [name, record, reason] of bad) {
    await t.test(`${name}: ignored, counted`, async (t) => {
      const grown = await counted(harness, COUNTERS, async () => {
        peer.send(encodeRecord(record));
        t.match(await peer.ask(agent, GET_LOCAL, name), { msg_id: name });
      });
      t.same(grown, { [`record_dropped ${reason}`]: 1 });
    });
  }
});

t.test('what TLS of the payload would need', async (t) => {
  const harness = await startHarness(t);
  const agent = agentOf(await knownCpe(harness));
  const plain = plainRecord(agent, CONTROLLER_ID, session());
  const payload = payloadOf({ msg_id: 'm', body: GET_LOCAL });
  const outside: UspRecord = { ...plain, record_type: { kind: 'no_session_context', payload } };
  const mac_signature = Buffer.alloc(32, 1);
  const cases: readonly (readonly [string, UspRecord, number])[] = [
    ['a session with TLS', { ...plain, payload_security: 'TLS12' }, 7102],
    ['a session with TLS and its MAC', { ...plain, payload_security: 'TLS12', mac_signature }, 7102],
    ['TLS outside a session (R-E2E.41)', { ...outside, payload_security: 'TLS12' }, 7104],
    ['TLS outside a session, with a MAC', { ...outside, payload_security: 'TLS12', mac_signature }, 7104],
  ];
  for (const [name, record, reason_code] of cases) {
    await t.test(`${name}: ${reason_code}, and the connection goes on`, async (t) => {
      const peer = await openPeer(t, harness);
      peer.send(encodeRecord(record));
      t.match(await peer.next(), { record_type: { kind: 'websocket_connect' } });
      t.match(await peer.next(), { to_id: CONTROLLER_ID, record_type: { kind: 'disconnect', reason_code } });
      peer.send(recordOf(agent, { msg_id: 'after', body: GET_LOCAL }));
      t.match(await peer.nextMsg(), { msg_id: 'after', body: { kind: 'get_resp' } });
    });
  }
});
