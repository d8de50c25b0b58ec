// What one Controller may take of the gateway, over real sockets, while others are served.
import t from 'tap';
import { agentOf, startHarness } from './harness.ts';
import { GET_LOCAL, GET_SOFTWARE, handshake, idleListener, knownCpe, openPeer, recordOf } from './north-tools.ts';
import { counted } from './south-tools.ts';

const COUNTERS = ['usp_limit', 'socket_closed', 'record_dropped'];

t.test('too fast: its socket is read later, and nothing is lost', async (t) => {
  const harness = await startHarness(t, { 'usp.limits.records': '20' });
  const agent = agentOf(await knownCpe(harness));
  const peer = await openPeer(t, harness);
  const neighbour = await openPeer(t, harness, { controller: 'proto::neighbour' });
  const started = performance.now();
  const grown = await counted(harness, COUNTERS, async () => {
    for (let index = 0; index < 40; index += 1) {
      peer.send(recordOf(agent, { msg_id: `fast-${index}`, body: GET_LOCAL }));
    }
    t.match(await neighbour.ask(agent, GET_LOCAL), { body: { kind: 'get_resp' } }, 'another Controller goes on');
    for (let index = 0; index < 40; index += 1) t.match(await peer.nextMsg(), { body: { kind: 'get_resp' } });
    t.match(await peer.ask(agent, GET_LOCAL), { body: { kind: 'get_resp' } });
  });
  t.ok(performance.now() - started > 900, '41 at 20 a second, 20 of them at once');
  t.equal(Object.keys(grown).join(), 'usp_limit records', 'and nothing else happened');
});

t.test('too many requests in flight: Error 7005, until some are answered', async (t) => {
  const harness = await startHarness(t, { 'usp.limits.requests': '2', 'request.deadline': '1s' });
  const cpe = await knownCpe(harness, { connectionRequest: false });
  // Somebody accepts every call, and the CPE does not come: requests wait until their deadline.
  const told = cpe.nextSession();
  cpe.setLocally('Device.ManagementServer.ConnectionRequestURL', await idleListener(t));
  cpe.inform('2 PERIODIC');
  await told;
  await cpe.stop();
  const agent = agentOf(cpe);
  const peer = await openPeer(t, harness);
  const neighbour = await openPeer(t, harness, { controller: 'proto::neighbour' });
  const ask = (msg_id: string): void => peer.send(recordOf(agent, { msg_id, body: GET_SOFTWARE }));
  const grown = await counted(harness, COUNTERS, async () => {
    ask('one');
    ask('two');
    ask('one');
    ask('three');
    t.match(await peer.nextMsg(), { msg_id: 'three', body: { kind: 'error', err_code: 7005 } });
    t.match(await peer.ask(agent, GET_LOCAL), { body: { kind: 'error', err_code: 7005 } }, 'whatever it asks');
    t.match(await neighbour.ask(agent, GET_LOCAL), { body: { kind: 'get_resp' } }, 'another Controller goes on');
    const ended = [await peer.nextMsg(), await peer.nextMsg()].map(({ msg_id, body }) => `${msg_id} ${body.kind}`);
    t.same(ended.sort(), ['one get_resp', 'two get_resp'], 'they end as ever');
  });
  t.equal(grown['usp_limit requests'], 2);
  t.match(await peer.ask(agent, GET_LOCAL), { body: { kind: 'get_resp' } });
});

t.test('too many connections: 429', async (t) => {
  const harness = await startHarness(t, { 'usp.limits.connections': '2' });
  const agents = [agentOf(await knownCpe(harness)), agentOf(await knownCpe(harness))] as const;
  const target = (path: string, eid = 'proto::controller-1') => handshake(t, harness, `/usp${path}?eid=${eid}`);
  t.match(await target(''), { status: 101 });
  t.match(await target(`/${agents[0]}`), { status: 101 });
  const grown = await counted(harness, COUNTERS, async () => {
    t.match(await target(`/${agents[1]}`), { status: 429, body: 'too-many-connections' });
  });
  t.same(grown, { 'usp_limit connections': 1, 'socket_closed too-many-connections': 1 });
  t.match(await target(`/${agents[0]}`), { status: 101 }, 'one that takes the place of another is none more');
  t.match(await target(`/${agents[1]}`, 'proto::neighbour'), { status: 101 }, 'another Controller');
});
