// The Controller's end of a Session Context, by hand: it numbers what it sends unless a case says otherwise, and keeps what the
// Agent sends, in the order of its coming. It shares nothing with the machine that it is to test.
import { decodeMsg, encodeMsg } from '../../proxy/usp/msg-codec.ts';
import type { UspBody, UspMsg } from '../../proxy/usp/msg.ts';
import type { SessionContextRecord } from '../../proxy/usp/record.ts';
import type { Tester } from './tester.ts';

type Fields = Partial<Omit<SessionContextRecord, 'kind'>>;

export class Session {
  readonly #tester: Tester;
  readonly id: bigint;
  #sequence = 0n;

  constructor(tester: Tester, id: bigint) {
    this.#tester = tester;
    this.id = id;
  }

  /** A Record with what a case wants in it; without a payload unless it has one. */
  send(fields: Fields = {}): SessionContextRecord {
    this.#sequence += 1n;
    const record: SessionContextRecord = {
      kind: 'session_context',
      session_id: this.id,
      sequence_id: this.#sequence,
      expected_id: 1n,
      retransmit_id: 0n,
      payload_sar_state: 'NONE',
      payloadrec_sar_state: 'NONE',
      payload: [],
      ...fields,
    };
    this.#tester.sendRecord(record);
    return record;
  }

  /** A request; its msg_id. */
  ask(body: UspBody, fields: Fields = {}): string {
    const msg_id = this.#tester.nextMsgId();
    this.send({ payload: [encodeMsg({ msg_id, body })], ...fields });
    return msg_id;
  }

  /** What the Agent has sent in any context since the case began. */
  static records(tester: Tester): readonly SessionContextRecord[] {
    return tester.records.flatMap(({ record_type: type }) => (type.kind === 'session_context' ? [type] : []));
  }

  /** The Record with the answer to a request. */
  answer(msg_id: string, nth = 0): Promise<SessionContextRecord> {
    return this.#tester.until(`an answer in a context to ${msg_id}`, () =>
      Session.records(this.#tester)
        .filter((record) => msgOf(record)?.msg_id === msg_id)
        .at(nth),
    );
  }
}

/** The Msg of a Record that carries a whole one. */
export function msgOf({ payload: [payload] }: SessionContextRecord): UspMsg | undefined {
  const decoded = payload === undefined ? undefined : decodeMsg(payload);
  return decoded?.ok === true ? decoded.msg : undefined;
}
