// TP-469 chapter 3, the cases about Session Contexts, and our own about what the rows of a Controller say of them.
import { isDeepStrictEqual } from 'node:util';
import { decodeMsg, encodeMsg } from '../../../proxy/usp/msg-codec.ts';
import type { SessionContextRecord } from '../../../proxy/usp/record.ts';
import { add, create, get, operate, set, update, type Values } from '../../agent/requests.ts';
import { part, Unmet } from '../case.ts';
import { type Eut, SUBSCRIPTIONS } from '../eut.ts';
import { plainMsg } from '../plain-form.ts';
import { secondDecodeMsg } from '../second-decoder.ts';
import { msgOf, Session } from '../session.ts';
import { brief } from '../tester.ts';

const SECOND = 1000;
/** Nothing falls due more often. */
const STEP_MS = 2500;
const INFO = get('Device.DeviceInfo.');
const LOCAL = get('Device.LocalAgent.EndpointID');
const NAME = 'Device.DeviceInfo.';

/** Ids that no case has used before: contexts outlive cases. */
let lastId = 100n;
const begin = ({ tester }: Eut): Session => {
  tester.records.splice(0);
  return new Session(tester, (lastId += 1n));
};

const change = (eut: Eut, values: Values) => set(update(`${eut.me}E2ESession.`, values));
const changeNow = (eut: Eut, values: Values): Promise<unknown> => eut.tester.expect('set_resp', change(eut, values));

const show = (records: readonly SessionContextRecord[]): string =>
  records
    .map((one) => `${one.session_id}/${one.sequence_id} ${msgOf(one)?.body.kind ?? one.payload_sar_state}`)
    .join(', ');

/** The first Record of a context that is not this one. */
const anew = ({ tester }: Eut, { id }: Session): Promise<SessionContextRecord> =>
  tester.until('a new context', () => Session.records(tester).find((record) => record.session_id !== id));

const parameterOf = (record: SessionContextRecord): string => {
  const body = msgOf(record)?.body;
  return body?.kind === 'get_resp' ? (body.req_path_results[0]?.requested_path ?? '') : brief(body ?? LOCAL);
};

/** Three Notifies of Periodic!, at most `seconds` apart; the contexts that they came in. */
async function periodic(eut: Eut, seconds: number): Promise<readonly bigint[]> {
  eut.tester.records.splice(0);
  const told = (): readonly SessionContextRecord[] =>
    Session.records(eut.tester).filter((record) => msgOf(record)?.body.kind === 'notify');
  await eut.pass(4 * seconds * SECOND, () => told().length >= 3, STEP_MS);
  if (told().length < 3) throw new Unmet('three Notifies in contexts', show(Session.records(eut.tester)));
  return told().map(({ session_id }) => session_id);
}

export const SESSIONS = part([
  {
    id: '3.8',
    title: 'a context is begun',
    cpe: true,
    run: async (eut, metric) => {
      const session = begin(eut);
      const { session_id, sequence_id } = await session.answer(session.ask(INFO));
      metric(1, session_id === session.id && sequence_id === 1n, `${session_id}/${sequence_id}`);
    },
  },
  {
    id: '3.9',
    title: 'a Record with another session_id',
    cpe: true,
    run: async (eut, metric) => {
      const before = begin(eut);
      await before.answer(before.ask(LOCAL));
      const session = begin(eut);
      const { session_id, sequence_id } = await session.answer(session.ask(INFO));
      metric(1, session_id === session.id && sequence_id === 1n, `${session_id}/${sequence_id}`);
    },
  },
  {
    id: '3.10',
    title: 'SessionExpiration',
    // Time goes by in it, and the context that it leaves is over.
    alone: true,
    run: async (eut, metric) => {
      const session = begin(eut);
      const values = { Enable: 'true', NotifType: 'Event', ReferenceList: 'Device.LocalAgent.Periodic!' };
      await eut.tester.expect('add_resp', add(create(SUBSCRIPTIONS, values)));
      const expiring = (seconds: string) =>
        set(
          update(`${eut.me}E2ESession.`, { SessionExpiration: seconds }),
          update(eut.me, { PeriodicNotifInterval: '10' }),
        );
      await session.answer(session.ask(expiring('60')));
      const together = await periodic(eut, 10);
      metric(1, new Set([...together, session.id]).size === 1, together.join());
      await session.answer(session.ask(expiring('5')));
      const apart = await periodic(eut, 10);
      metric(2, new Set(apart).size === 3, apart.join());
    },
  },
  {
    id: '3.11',
    title: 'sequence_id and expected_id',
    cpe: true,
    run: async (eut, metric) => {
      const session = begin(eut);
      const ask = (name: string, id: bigint): string =>
        session.ask(get(NAME + name), { sequence_id: id, expected_id: id });
      const first = await session.answer(ask('ModelNumber', 1n));
      metric(1, first.sequence_id === 1n && parameterOf(first) === `${NAME}ModelNumber`, show([first]));
      const held = ask('SoftwareVersion', 4n);
      await eut.tester.fence();
      metric(2, Session.records(eut.tester).length === 1, show(Session.records(eut.tester)));
      const second = await session.answer(ask('HardwareVersion', 2n));
      metric(3, second.sequence_id === 2n && parameterOf(second) === `${NAME}HardwareVersion`, show([second]));
      const third = await session.answer(ask('HardwareVersion', 3n));
      const fourth = await session.answer(held);
      metric(4, third.sequence_id === 3n && parameterOf(third) === `${NAME}HardwareVersion`, show([third]));
      metric(4, fourth.sequence_id === 4n && parameterOf(fourth) === `${NAME}SoftwareVersion`, show([fourth]));
    },
  },
  {
    id: '3.12',
    title: 'a Record is kept for who wants it again',
    cpe: true,
    run: async (eut, metric) => {
      // The plan says nothing of MaxRetransmitTries; with the 0 that TR-181 has for it nothing is ever sent again.
      await changeNow(eut, { MaxRetransmitTries: '1' });
      const session = begin(eut);
      const opening = session.send();
      const asked = session.ask(INFO);
      const first = await session.answer(asked);
      await eut.pass(60 * SECOND, () => false, 4 * STEP_MS);
      session.send({ retransmit_id: opening.expected_id });
      const again = await session.answer(asked, 1);
      metric(
        1,
        isDeepStrictEqual(again.payload, first.payload) && again.sequence_id === first.sequence_id,
        show([again]),
      );
      await changeNow(eut, { MaxRetransmitTries: '0' });
    },
  },
  {
    id: '3.14',
    title: 'retransmit_id',
    run: async (eut, metric) => {
      const session = begin(eut);
      const asked = session.ask(change(eut, { MaxRetransmitTries: '2' }));
      const { sequence_id } = await session.answer(asked);
      session.send({ retransmit_id: sequence_id });
      await session.answer(asked, 1);
      session.send({ retransmit_id: sequence_id });
      await session.answer(asked, 2);
      session.send({ retransmit_id: sequence_id });
      const next = await anew(eut, session);
      const answers = Session.records(eut.tester).filter((record) => msgOf(record)?.msg_id === asked);
      metric(1, answers.length === 3 && answers.every((one) => one.session_id === session.id), show(answers));
      metric(2, next.sequence_id === 1n && next.payload.length === 0, show([next]));
      await changeNow(eut, { MaxRetransmitTries: '0' });
    },
  },
  {
    id: '3.15',
    title: 'the same Record three times more',
    run: async (eut, metric) => {
      const session = begin(eut);
      session.send();
      const msg_id = eut.tester.nextMsgId();
      const payload = [encodeMsg({ msg_id, body: LOCAL })];
      for (let times = 0; times < 4; times += 1) session.send({ sequence_id: 2n, payload });
      await eut.tester.fence();
      const answers = Session.records(eut.tester).filter((record) => msgOf(record)?.msg_id === msg_id);
      metric(1, answers.length === 1, show(Session.records(eut.tester)));
    },
  },
  {
    id: 'CV-REC-1',
    title: 'SessionMode Forbid: a context is refused with 7106, and one that there is ends with 7105',
    alone: true,
    run: async (eut, metric) => {
      const session = begin(eut);
      await session.answer(session.ask(change(eut, { SessionMode: 'Forbid' })));
      const codeOf = () =>
        eut.tester.records.flatMap(({ record_type: type }) => (type.kind === 'disconnect' ? [type.reason_code] : []));
      await eut.pass(2 * SECOND, () => codeOf().length > 0);
      metric(1, codeOf().join() === '7105', codeOf().join());
      const refused = begin(eut);
      refused.ask(LOCAL);
      await eut.tester.until('a Disconnect Record', () => codeOf()[0]);
      await eut.tester.fence();
      metric(2, codeOf().join() === '7106' && Session.records(eut.tester).length === 0, codeOf().join());
    },
  },
  {
    id: 'CV-REC-3',
    title: 'SessionMode Require: the Agent begins the context, and answers nothing outside of it',
    alone: true,
    run: async (eut, metric) => {
      const { tester } = eut;
      await changeNow(eut, { SessionMode: 'Require' });
      tester.records.splice(0);
      const opening = (): SessionContextRecord | undefined => Session.records(tester)[0];
      // No fence meanwhile: what is said to it would be the opening.
      eut.clock.jump(SECOND);
      const first = await tester.until('the opening of a context', opening);
      metric(1, first.sequence_id === 1n && first.session_id > 1n && first.payload.length === 0, show([first]));
      const refused = await tester.ask(LOCAL);
      const [, said] = Session.records(tester);
      metric(2, refused.kind === 'error' && refused.err_code === 7104 && said?.sequence_id === 2n, brief(refused));
      const session = new Session(tester, first.session_id);
      const answer = await session.answer(session.ask(operate(`${eut.me}SendOnBoardRequest()`)));
      metric(3, answer.session_id === first.session_id, show([answer]));
      const told = await tester.notify(({ notification }) => notification.kind === 'on_board_req');
      const notify = Session.records(tester).find((record) => msgOf(record)?.msg_id === told.msg_id);
      metric(4, notify?.session_id === first.session_id, show(Session.records(tester)));
    },
  },
  {
    id: 'CV-REC-4',
    title: 'segments, both ways, read alike by both decoders',
    run: async (eut, metric) => {
      await changeNow(eut, { MaxUSPRecordSize: '512' });
      const session = begin(eut);
      const msg_id = eut.tester.nextMsgId();
      const request = encodeMsg({ msg_id, body: get('Device.LocalAgent.') });
      const third = Math.ceil(request.length / 3);
      for (const [index, state] of (['BEGIN', 'INPROCESS', 'COMPLETE'] as const).entries()) {
        const payload = [request.subarray(index * third, (index + 1) * third)];
        session.send({ payload, payload_sar_state: state, payloadrec_sar_state: state });
      }
      const last = (): SessionContextRecord | undefined =>
        Session.records(eut.tester).find((record) => record.payload_sar_state === 'COMPLETE');
      await eut.tester.until('the last segment', last);
      const segments = Session.records(eut.tester);
      metric(
        1,
        segments.every((one, index) => one.sequence_id === BigInt(index + 1)),
        show(segments),
      );
      const states = segments.map(({ payload_sar_state: state }) => state);
      const inner = states.slice(1, -1);
      metric(
        2,
        states[0] === 'BEGIN' && inner.length > 1 && inner.every((state) => state === 'INPROCESS'),
        states.join(),
      );
      metric(3, eut.tester.longest <= 512, `${eut.tester.longest} bytes`);
      const whole = Buffer.concat(segments.flatMap(({ payload }) => payload));
      const decoded = decodeMsg(whole);
      metric(4, decoded.ok && decoded.msg.msg_id === msg_id && decoded.msg.body.kind === 'get_resp');
      metric(5, decoded.ok && isDeepStrictEqual(plainMsg(decoded.msg), secondDecodeMsg(whole)));
      await changeNow(eut, { MaxUSPRecordSize: '0' });
    },
  },
]);
