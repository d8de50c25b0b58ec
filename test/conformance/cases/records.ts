// TP-469 chapter 2, the cases about Records, and chapters 3 and 4.
import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { encodeMsg } from '../../../proxy/usp/msg-codec.ts';
import { encodeRecord, plainRecord, type UspRecord } from '../../../proxy/usp/record.ts';
import { get } from '../../agent/requests.ts';
import { type Case, part } from '../case.ts';

const NOBODY = 'os::02C0DE-NOBODY';
/** The first field is announced as longer than all that follows. */
export const MALFORMED = Buffer.from([0x0a, 0x7f, 0x31, 0x2e, 0x34]);

/** A good Get in a Record that is not for this Agent, or not from this Controller. */
const unanswered =
  (ends: (agent: string, controller: string) => { readonly to: string; readonly from: string }): Case['run'] =>
  async ({ tester, agent }, metric) => {
    const msg = encodeMsg({ msg_id: 'unanswered', body: get('Device.LocalAgent.EndpointID') });
    const { to, from } = ends(agent, tester.eid);
    tester.records.splice(0);
    tester.sendBytes(encodeRecord(plainRecord(to, from, { kind: 'no_session_context', payload: msg })));
    await tester.fence();
    metric(1, tester.records.length === 1, `${tester.records.length - 1} Records came`);
  };

/** What is not claimed is refused with a Disconnect Record (R-E2E.6a), and the connection goes on. */
const refusedWith =
  (code: number, record: (agent: string, eid: string) => UspRecord): Case['run'] =>
  async ({ tester, agent }, metric) => {
    tester.records.splice(0);
    tester.sendBytes(encodeRecord(record(agent, tester.eid)));
    const { record_type } = await tester.until('a Record', () => tester.records[0]);
    metric(1, record_type.kind === 'disconnect' && record_type.reason_code === code, record_type.kind);
    await tester.fence();
  };

export const RECORDS = part([
  {
    id: '2.1',
    title: "a Record from the Agent's own Endpoint ID",
    run: unanswered((agent) => ({ to: agent, from: agent })),
  },
  { id: '2.2', title: 'a Record to another Agent', run: unanswered((_, from) => ({ to: NOBODY, from })) },
  {
    id: '3.1',
    title: 'a malformed Record',
    run: async (eut, metric) => {
      const other = await eut.connect({ eid: 'proto::controller-3' });
      const closed = once(other.socket, 'close');
      other.sendBytes(MALFORMED);
      // On a WebSocket it ends the connection (R-WS.16), and nothing else.
      await closed;
      await eut.tester.fence();
      metric(1, !other.records.some(({ record_type }) => record_type.kind === 'no_session_context'));
    },
  },
  {
    id: 'CV-REC-2',
    title: 'TLS in the payload is refused with 7104',
    run: refusedWith(7104, (agent, eid) => ({
      ...plainRecord(agent, eid, { kind: 'no_session_context', payload: MALFORMED }),
      payload_security: 'TLS12',
    })),
  },
]);
