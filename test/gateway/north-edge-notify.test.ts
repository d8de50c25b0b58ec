// Notifies of a whole gateway on their way to a Controller that comes, goes, stays silent and comes again.
import t from 'tap';
import type { UspMsg } from '../../proxy/usp/msg.ts';
import type { Cpe } from '../cpe/cpe.ts';
import { agentOf, startHarness, type Harness } from './harness.ts';
import { knownCpe, openPeer, type Peer, recordOf } from './north-tools.ts';
import { counted, untilCounted } from './south-tools.ts';

const CHANNEL = 'Device.WiFi.Radio.1.Channel';

async function subscribe(peer: Peer, agent: string, settings: Readonly<Record<string, string>>): Promise<void> {
  const param_settings = Object.entries({ Enable: 'true', ...settings }).map(([param, value]) => ({
    param,
    value,
    required: true,
  }));
  const obj_path = 'Device.LocalAgent.Subscription.';
  const { body } = await peer.ask(agent, {
    kind: 'add',
    allow_partial: false,
    create_objs: [{ obj_path, param_settings }],
  });
  if (body.kind !== 'add_resp') throw new Error(JSON.stringify(body));
}

async function nextNotify(peer: Peer): Promise<UspMsg> {
  for (;;) {
    const msg = await peer.nextMsg();
    if (msg.body.kind === 'notify') return msg;
  }
}

const respond = (peer: Peer, agent: string, { msg_id }: UspMsg): void =>
  peer.send(recordOf(agent, { msg_id, body: { kind: 'notify_resp', subscription_id: 'whatever (R-NOT.9)' } }));

const changeChannel = async (cpe: Cpe, value: string): Promise<void> => {
  const ended = cpe.nextSession();
  cpe.setLocally(CHANNEL, value);
  cpe.inform('4 VALUE CHANGE');
  await ended;
};

/** A CPE with a Subscription to its Channel. */
async function watched(peer: Peer, harness: Harness, NotifRetry: string): Promise<{ cpe: Cpe; agent: string }> {
  const cpe = await knownCpe(harness);
  const agent = agentOf(cpe);
  const armed = cpe.nextSession();
  await subscribe(peer, agent, { NotifType: 'ValueChange', ReferenceList: CHANNEL, ID: 'channel', NotifRetry });
  await armed;
  return { cpe, agent };
}

t.test(
  'NotifRetry: sent again with the same msg_id to a Controller that is back, in order, until NotifyResp',
  async (t) => {
    const harness = await startHarness(t, { 'park.idle': '1s', 'park.poll': '100s' });
    const first = await openPeer(t, harness);
    const { cpe, agent } = await watched(first, harness, 'true');
    await changeChannel(cpe, '3');
    const one = await nextNotify(first);
    t.match(one.body, { send_resp: true, subscription_id: 'channel', notification: { param_value: '3' } });
    first.socket.close();
    await first.closed;
    await changeChannel(cpe, '5');

    const second = await openPeer(t, harness);
    t.match(await second.next(), { from_id: agent, record_type: { kind: 'websocket_connect' } });
    const again = await nextNotify(second);
    const two = await nextNotify(second);
    t.same(again, one, 'the same Msg, with the same msg_id');
    t.match(two.body, { notification: { param_value: '5' } });
    const grown = await counted(harness, ['notify'], async () => {
      respond(second, agent, again);
      respond(second, agent, two);
      respond(second, agent, two);
      await untilCounted(harness, 'notify answer-unknown', 1);
    });
    t.same(grown, { 'notify answered': 2, 'notify answer-unknown': 1 });

    const third = await openPeer(t, harness);
    await changeChannel(cpe, '7');
    t.match(
      (await nextNotify(third)).body,
      { notification: { param_value: '7' } },
      'what is answered does not come again',
    );
    t.same(cpe.complaints, []);
  },
);

t.test('a new connection is told though the old one does not let go', async (t) => {
  const harness = await startHarness(t, { 'park.idle': '1s', 'park.poll': '100s' });
  const stuck = await openPeer(t, harness);
  const { cpe } = await watched(stuck, harness, 'false');
  // A network that has fallen silent: what the gateway sends, its Close too, is read by nobody.
  stuck.socket.pause();
  const fresh = await openPeer(t, harness);
  await changeChannel(cpe, '3');
  t.match((await nextNotify(fresh)).body, { send_resp: false, notification: { param_value: '3' } });
});

t.test('without NotifRetry a Notify waits for its Controller, and comes once', async (t) => {
  const harness = await startHarness(t, { 'park.idle': '1s', 'park.poll': '1s' });
  const first = await openPeer(t, harness);
  const { cpe, agent } = await watched(first, harness, 'false');
  first.socket.close();
  await first.closed;
  await changeChannel(cpe, '3');
  const own = await openPeer(t, harness, { agent });
  t.match((await nextNotify(own)).body, { notification: { param_value: '3' } });
  const all = await openPeer(t, harness);
  // The CPE is held for the Agent's own socket, and read.
  cpe.setLocally(CHANNEL, '5');
  t.match((await nextNotify(own)).body, { notification: { param_value: '5' } }, 'the Agent’s own socket is preferred');
  t.same(all.waiting, []);
});
