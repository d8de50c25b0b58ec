// What a Controller can do wrong in a Msg within a good Record: the Error that TR-369 asks for or silence, one counted
// reason, and a connection that goes on.
import t from 'tap';
import type { UspBody } from '../../proxy/usp/msg.ts';
import { number, part } from '../usp/wire.ts';
import { agentOf, startHarness } from './harness.ts';
import { GET_LOCAL, knownCpe, openPeer, payloadOf, recordOf } from './north-tools.ts';
import { counted } from './south-tools.ts';

const COUNTERS = ['record_dropped', 'socket_closed', 'failure', 'notify'];
const header = part(1, part(1, 'm'), number(2, 1));
const request = (...content: Buffer[]): Buffer => Buffer.concat([header, part(2, part(1, ...content))]);
const get = part(1, part(1, 'Device.'));

t.test('Msgs', async (t) => {
  const harness = await startHarness(t);
  const agent = agentOf(await knownCpe(harness));
  const peer = await openPeer(t, harness);
  const after = async (): Promise<void> => {
    t.match(await peer.ask(agent, GET_LOCAL, 'after'), { msg_id: 'after', body: { kind: 'get_resp' } });
  };

  const silent: readonly (readonly [string, Buffer, Readonly<Record<string, number>>])[] = [
    ['random bytes', Buffer.from([0xff, 0x00, 0x17]), { 'record_dropped unreadable-msg': 1 }],
    ['a header without a body', header, { 'record_dropped unreadable-msg': 1 }],
    ['a body without content', Buffer.concat([header, part(2)]), { 'record_dropped unreadable-msg': 1 }],
    [
      'a request without msg_id (R-MSG.8)',
      Buffer.concat([part(1, number(2, 1)), part(2, part(1, get))]),
      { 'record_dropped unreadable-msg': 1 },
    ],
    ['a request cut short', request(get).subarray(0, -3), { 'record_dropped unreadable-msg': 1 }],
    ['a Response without content', Buffer.concat([header, part(2, part(2))]), { 'record_dropped unreadable-msg': 1 }],
    [
      'a GetResp that nobody asked for',
      Buffer.from(payloadOf({ msg_id: 'm', body: { kind: 'get_resp', req_path_results: [] } })),
      { 'record_dropped not-a-request': 1 },
    ],
    [
      'a NotifyResp that nobody waits for',
      Buffer.from(payloadOf({ msg_id: 'm', body: { kind: 'notify_resp', subscription_id: 's' } })),
      { 'notify answer-unknown': 1 },
    ],
    [
      'an Error that nobody waits for',
      Buffer.from(payloadOf({ msg_id: 'm', body: { kind: 'error', err_code: 7000, err_msg: '', param_errs: [] } })),
      { 'notify answer-unknown': 1 },
    ],
  ];
  for (const [name, payload, counts] of silent) {
    await t.test(`${name}: ignored (R-MTP.5)`, async (t) => {
      const grown = await counted(harness, COUNTERS, async () => {
        peer.send(recordOf(agent, payload));
        await after();
      });
      t.same(grown, counts);
    });
  }

  const answered: readonly (readonly [string, Buffer, number])[] = [
    ['a request of no kind (R-ENC.5)', request(), 7004],
    ['a request of two kinds', request(get, get), 7004],
    ['a request of a newer version (R-MSG.1)', request(part(99, 'x')), 7001],
    [
      'an unknown msg_type (R-ENC.2)',
      Buffer.concat([part(1, part(1, 'm'), number(2, 99)), part(2, part(1, get))]),
      7004,
    ],
    ['more items than are read', request(part(5, Buffer.alloc(600_000, part(2)))), 7005],
  ];
  for (const [name, payload, err_code] of answered) {
    await t.test(`${name}: Error ${err_code}`, async (t) => {
      const grown = await counted(harness, COUNTERS, async () => {
        peer.send(recordOf(agent, payload));
        t.match(await peer.nextMsg(), { msg_id: 'm', body: { kind: 'error', err_code } });
      });
      t.same(grown, { 'record_dropped bad-request': 1 });
    });
  }

  await t.test('requests that are not for an Agent: an Error (R-MSG.1)', async (t) => {
    const bodies: readonly UspBody[] = [
      {
        kind: 'notify',
        subscription_id: 's',
        send_resp: true,
        notification: { kind: 'obj_deletion', obj_path: 'Device.X.1.' },
      },
      { kind: 'deregister', paths: [] },
      { kind: 'register', allow_partial: false, reg_paths: [] },
    ];
    for (const body of bodies) {
      t.match(await peer.ask(agent, body, body.kind), { msg_id: body.kind, body: { kind: 'error', err_code: 7001 } });
    }
  });

  await t.test('msg_type is for information only: the body decides (R-MSG.10)', async (t) => {
    const local = part(1, part(1, 'Device.LocalAgent.EndpointID'));
    peer.send(recordOf(agent, Buffer.concat([part(1, part(1, 'm'), number(2, 10)), part(2, part(1, local))])));
    t.match(await peer.nextMsg(), { msg_id: 'm', body: { kind: 'get_resp' } });
  });
});
