// TP-469 chapter 7 over a connection that the Controller has opened.
import { once } from 'node:events';
import { encodeMsg } from '../../../proxy/usp/msg-codec.ts';
import { encodeRecord, plainRecord } from '../../../proxy/usp/record.ts';
import { get } from '../../agent/requests.ts';
import { part } from '../case.ts';
import { MALFORMED } from './records.ts';

const THIRD = { eid: 'proto::controller-3' };

export const WEBSOCKET = part([
  {
    id: '7.4',
    title: 'Close is answered with Close',
    run: async (eut, metric) => {
      const { socket } = await eut.connect(THIRD);
      const closed = once(socket, 'close');
      socket.close(1000);
      const [code] = (await closed) as [number];
      // 1006 would be a connection that ended without the other's Close.
      metric(1, code === 1000, String(code));
    },
  },
  {
    id: '7.6',
    title: 'a malformed Record closes the connection with 1003',
    run: async (eut, metric) => {
      const { socket } = await eut.connect(THIRD);
      const closed = once(socket, 'close');
      socket.send(MALFORMED, { binary: true });
      const [code] = (await closed) as [number];
      metric(1, code === 1003, String(code));
    },
  },
  {
    id: '7.7',
    title: 'Ping and Pong',
    run: async ({ tester }, metric) => {
      const pong = once(tester.socket, 'pong');
      tester.socket.ping('conformance');
      metric(1, String((await pong)[0]) === 'conformance');
      tester.socket.pong('nobody asked');
      await tester.fence();
      metric(2, tester.socket.readyState === tester.socket.OPEN);
    },
  },
  {
    id: '7.12',
    title: 'a Record in fragments',
    cpe: true,
    run: async ({ tester, agent }, metric) => {
      const payload = encodeMsg({ msg_id: 'fragments', body: get('Device.DeviceInfo.') });
      const bytes = encodeRecord(plainRecord(agent, tester.eid, { kind: 'no_session_context', payload }));
      const third = Math.ceil(bytes.length / 3);
      for (let at = 0; at < bytes.length; at += third) {
        tester.socket.send(bytes.subarray(at, at + third), { binary: true, fin: at + third >= bytes.length });
      }
      const answer = await tester.until(
        'GetResp',
        () => tester.unclaimed.find(({ msg_id }) => msg_id === 'fragments')?.body,
      );
      metric(1, answer.kind === 'get_resp' && answer.req_path_results[0]?.err_code === 0);
    },
  },
]);
