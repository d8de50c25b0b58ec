// A request that comes again before it is answered (R-MSG.4): run once, answered once, where it was asked for last.
import t from 'tap';
import { agentOf, startHarness } from './harness.ts';
import { GET_LOCAL, GET_SOFTWARE, idleListener, knownCpe, openPeer, recordOf } from './north-tools.ts';
import { counted } from './south-tools.ts';

const GET = { msg_id: 'same', body: GET_SOFTWARE };

t.test('repeats', async (t) => {
  const harness = await startHarness(t, { 'park.idle': '1s' });
  const cpe = await knownCpe(harness, { connectionRequest: false });
  // It accepts every call and does not come: requests wait until it informs by itself.
  const told = cpe.nextSession();
  cpe.setLocally('Device.ManagementServer.ConnectionRequestURL', await idleListener(t));
  cpe.inform('2 PERIODIC');
  await told;
  const agent = agentOf(cpe);

  await t.test('on the same socket: one answer', async (t) => {
    const peer = await openPeer(t, harness);
    const grown = await counted(harness, ['record_dropped', 'request'], async () => {
      for (let copy = 0; copy < 3; copy += 1) peer.send(recordOf(agent, GET));
      cpe.inform('2 PERIODIC');
      t.match(await peer.nextMsg(), { msg_id: 'same', body: { kind: 'get_resp' } });
      await peer.ask(agent, GET_LOCAL);
      t.same(peer.waiting, []);
    });
    t.equal(grown['request succeeded'], 1);
  });

  await t.test('on a new connection: the answer comes there', async (t) => {
    const first = await openPeer(t, harness);
    first.send(recordOf(agent, GET));
    await first.ask(agent, GET_LOCAL);
    const second = await openPeer(t, harness, { agent });
    second.send(recordOf(agent, GET));
    await second.ask(agent, GET_LOCAL);
    const grown = await counted(harness, ['request'], async () => {
      cpe.inform('2 PERIODIC');
      t.match(await second.nextMsg(), { msg_id: 'same', body: { kind: 'get_resp' } });
    });
    t.same(grown, { 'request succeeded': 1 });
    await first.ask(agent, GET_LOCAL);
    t.same(first.waiting, []);
  });

  await t.test('once answered, or of another Controller or Agent, it is a new request', async (t) => {
    const other = agentOf(await knownCpe(harness));
    const peer = await openPeer(t, harness);
    const stranger = await openPeer(t, harness, { controller: 'proto::stranger' });
    const body = GET_LOCAL;
    for (let time = 0; time < 2; time += 1) t.match(await peer.ask(agent, body, 'same'), { msg_id: 'same' });
    peer.send(recordOf(agent, { msg_id: 'same', body }));
    peer.send(recordOf(other, { msg_id: 'same', body }));
    stranger.send(recordOf(agent, { msg_id: 'same', body }, 'proto::stranger'));
    for (const one of [peer, peer, stranger])
      t.match(await one.nextMsg(), { msg_id: 'same', body: { kind: 'get_resp' } });
  });

  await t.test('what changes the Agent’s own rows changes them once', async (t) => {
    const peer = await openPeer(t, harness);
    const param_settings = [
      { param: 'NotifType', value: 'Event', required: true },
      { param: 'ReferenceList', value: 'Device.Boot!', required: true },
    ];
    const create_objs = [{ obj_path: 'Device.LocalAgent.Subscription.', param_settings }];
    const grown = await counted(harness, ['record_dropped'], async () => {
      const add = recordOf(agent, { msg_id: 'add', body: { kind: 'add', allow_partial: false, create_objs } });
      peer.send(add);
      peer.send(add);
      t.match(await peer.nextMsg(), { msg_id: 'add', body: { kind: 'add_resp' } });
    });
    const rows = 'Device.LocalAgent.SubscriptionNumberOfEntries';
    const { body } = await peer.ask(agent, { kind: 'get', param_paths: [rows], max_depth: 0 }, 'rows');
    const values =
      body.kind === 'get_resp' ? body.req_path_results[0]?.resolved_path_results[0]?.result_params : undefined;
    t.equal(values?.get('SubscriptionNumberOfEntries'), '1');
    t.same(grown, { 'record_dropped duplicate': 1 });
  });
  t.same(cpe.complaints, []);
});
