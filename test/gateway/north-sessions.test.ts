// Session Contexts over real sockets: the answer of a CPE after a reconnect, Reset(), a context that the gateway has lost, and
// what is no Record of the context that there is.
import t from 'tap';
import { decodeMsg } from '../../proxy/usp/msg-codec.ts';
import type { UspBody } from '../../proxy/usp/msg.ts';
import { encodeRecord, plainRecord, type SessionContextRecord, type UspRecord } from '../../proxy/usp/record.ts';
import { jumpClock } from '../conformance/jump-clock.ts';
import { get, operate, resultOf, set, update } from '../agent/requests.ts';
import { agentOf, CONTROLLER_ID, startHarness } from './harness.ts';
import {
  GET_LOCAL,
  GET_SOFTWARE,
  idleListener,
  knownCpe,
  openPeer,
  type Peer,
  payloadOf,
  recordOf,
} from './north-tools.ts';
import { counted } from './south-tools.ts';

/** By then the answer to what changes a context is away, and the change comes. */
const SOON_MS = 1000;
const ME = 'Device.LocalAgent.Controller.1.E2ESession.';

const clock = jumpClock();
const harness = await startHarness(t, {}, clock);

/** A CPE of a test's own, and Records for its Agent. */
async function started() {
  const cpe = await knownCpe(harness, { connectionRequest: false });
  const agent = agentOf(cpe);
  const say = (fields: Partial<SessionContextRecord>, more: Partial<UspRecord> = {}): Uint8Array =>
    encodeRecord({
      ...plainRecord(agent, CONTROLLER_ID, {
        kind: 'session_context',
        session_id: 7n,
        sequence_id: 1n,
        expected_id: 1n,
        retransmit_id: 0n,
        payload_sar_state: 'NONE',
        payloadrec_sar_state: 'NONE',
        payload: [],
        ...fields,
      }),
      ...more,
    });
  const request = (msg_id: string, body: UspBody, fields: Partial<SessionContextRecord> = {}): Uint8Array =>
    say({ payload: [payloadOf({ msg_id, body })], ...fields });
  return { cpe, agent, say, request };
}

/** The next Record of a context, over the heads of Connect Records. */
async function nextInContext(peer: Peer): Promise<SessionContextRecord> {
  for (;;) {
    const { record_type: type } = await peer.next();
    if (type.kind === 'session_context') return type;
    if (type.kind !== 'websocket_connect') throw new Error(`a Record without a context: ${type.kind}`);
  }
}

const msgIdOf = ({ payload: [payload = Buffer.alloc(0)] }: SessionContextRecord): string | undefined => {
  const decoded = decodeMsg(payload);
  return decoded.ok ? decoded.msg.msg_id : undefined;
};

t.test('the Controller reconnects while its CPE is asked: the answer comes there, in the context', async (t) => {
  const { cpe, request } = await started();
  // It accepts every call and does not come.
  const told = cpe.nextSession();
  cpe.setLocally('Device.ManagementServer.ConnectionRequestURL', await idleListener(t));
  cpe.inform('2 PERIODIC');
  await told;
  const first = await openPeer(t, harness);
  first.send(request('local', GET_LOCAL));
  t.match(await nextInContext(first), { session_id: 7n, sequence_id: 1n });
  first.send(request('of the CPE', GET_SOFTWARE, { sequence_id: 2n, expected_id: 2n }));
  first.send(request('fence', GET_LOCAL, { sequence_id: 3n, expected_id: 2n }));
  t.equal(msgIdOf(await nextInContext(first)), 'fence', 'in the order of their coming, not of what they take');
  first.socket.close();
  await first.closed;
  const second = await openPeer(t, harness);
  cpe.inform('2 PERIODIC');
  const answer = await nextInContext(second);
  t.match(answer, { session_id: 7n, sequence_id: 3n, expected_id: 4n });
  t.equal(msgIdOf(answer), 'of the CPE');
});

t.test('Status, and Reset(): the answer goes in the old context, then a new one begins', async (t) => {
  const { agent, request } = await started();
  const peer = await openPeer(t, harness);
  const status = async (): Promise<string | undefined> => {
    const { body } = await peer.ask(agent, get(ME));
    return body.kind === 'get_resp' ? resultOf(body)[ME]?.['Status'] : body.kind;
  };
  t.equal(await status(), 'Down');
  peer.send(request('reset', operate(`${ME}Reset()`)));
  t.match(await nextInContext(peer), { session_id: 7n, sequence_id: 1n });
  t.equal(await status(), 'Up');
  clock.jump(SOON_MS);
  const fresh = await nextInContext(peer);
  t.match(fresh, { sequence_id: 1n, expected_id: 1n, payload: [] });
  t.not(fresh.session_id, 7n);
  t.equal(await status(), 'Negotiating');
  peer.send(request('on', GET_LOCAL, { session_id: fresh.session_id, expected_id: 2n }));
  t.match(await nextInContext(peer), { session_id: fresh.session_id, sequence_id: 2n, expected_id: 2n });
  t.equal(await status(), 'Up');
});

t.test('a context that the gateway knows nothing of is begun anew by it', async (t) => {
  const { request } = await started();
  const peer = await openPeer(t, harness);
  const grown = await counted(harness, ['record_dropped', 'session_context'], async () => {
    peer.send(request('lost', GET_LOCAL, { session_id: 42n, sequence_id: 57n, expected_id: 60n }));
    t.match(await nextInContext(peer), { sequence_id: 1n, expected_id: 1n, payload: [] });
  });
  t.same(grown, { 'record_dropped session-unknown': 1, 'session_context begun-by-agent': 1 });
});

t.test('a Disconnect Record ends it: what the Agent says then goes outside', async (t) => {
  const { agent, say, request } = await started();
  const peer = await openPeer(t, harness);
  peer.send(request('begins', GET_LOCAL));
  t.equal(msgIdOf(await nextInContext(peer)), 'begins');
  const bye = { kind: 'disconnect', reason: 'bye', reason_code: 7105 } as const;
  peer.send(encodeRecord(plainRecord(agent, CONTROLLER_ID, bye)));
  peer.send(say({ sequence_id: 2n }));
  t.match(await nextInContext(peer), { sequence_id: 1n, payload: [] }, 'nothing is known of it any more');
});

t.test(
  'TLS inside of a context in plain text, and a signature that cannot be verified: anew (R-E2E.19, .23)',
  async (t) => {
    const { say, request } = await started();
    const wrong: readonly (readonly [string, Partial<UspRecord>])[] = [
      ['session-failed', { payload_security: 'TLS12' }],
      ['signed', { mac_signature: Buffer.from('signed') }],
    ];
    for (const [reason, more] of wrong) {
      const peer = await openPeer(t, harness);
      const session_id = BigInt(100 + reason.length);
      peer.send(request(reason, GET_LOCAL, { session_id }));
      await nextInContext(peer);
      const grown = await counted(harness, ['record_dropped'], async () => {
        peer.send(say({ session_id, sequence_id: 2n }, more));
        t.match(await nextInContext(peer), { sequence_id: 1n, payload: [] }, reason);
      });
      t.same(grown, { [`record_dropped ${reason}`]: 1 });
    }
  },
);

t.test('SessionMode Require: a NotifyResp counts in the context only', async (t) => {
  const { agent, request } = await started();
  const peer = await openPeer(t, harness);
  await peer.ask(agent, set(update(ME, { SessionMode: 'Require' })));
  clock.jump(SOON_MS);
  const { session_id } = await nextInContext(peer);
  const more = (sequence_id: bigint) => ({ session_id, sequence_id });
  peer.send(request('ask', operate('Device.LocalAgent.Controller.1.SendOnBoardRequest()'), more(1n)));
  let notify = await nextInContext(peer);
  while (!(msgIdOf(notify) ?? '').startsWith('notify-')) notify = await nextInContext(peer);
  t.equal(notify.session_id, session_id);
  const msg_id = msgIdOf(notify) ?? '';
  const heard: UspBody = { kind: 'notify_resp', subscription_id: '' };
  const grown = await counted(harness, ['record_dropped', 'notify'], async () => {
    peer.send(recordOf(agent, { msg_id, body: heard }));
    peer.send(request(msg_id, heard, more(2n)));
    peer.send(request('fence', GET_LOCAL, more(3n)));
    while (msgIdOf(await nextInContext(peer)) !== 'fence');
  });
  // That it was written is counted once that is stored, be it before or meanwhile.
  t.match(grown, { 'record_dropped session-required': 1, 'notify answered': 1, 'notify answer-unknown': undefined });
});
