// An Agent that dials its Controller: the handshake, Records both ways, and what each side may do to the other
// (TP-469 7.1, 7.2, 7.4, 7.6, 7.7, 7.10–7.12).
import { once } from 'node:events';
import t, { type Test } from 'tap';
import { encodeEid } from '../../proxy/usp/eid.ts';
import { encodeMsg } from '../../proxy/usp/msg-codec.ts';
import type { UspBody, UspMsg } from '../../proxy/usp/msg.ts';
import { getBody, setBody } from '../process/scene.ts';
import { addDial, type Arrival, DIALLED, type DialledController, startDialledController } from './dial-scene.ts';
import { agentOf, type Harness, startHarness } from './harness.ts';
import { GET_LOCAL, GET_SOFTWARE, knownCpe, openPeer, recordOf } from './north-tools.ts';

const ALLOWED = { 'usp.dial.hosts': '127.0.0.1' };

interface Scene {
  readonly harness: Harness;
  readonly controller: DialledController;
  readonly agent: string;
  readonly cpe: Awaited<ReturnType<typeof knownCpe>>;
  readonly mtp: string;
  readonly operator: Awaited<ReturnType<Harness['controller']>>;
  readonly arrival: Arrival;
}

async function setScene(t: Test): Promise<Scene> {
  const harness = await startHarness(t, ALLOWED);
  const controller = await startDialledController(t);
  const cpe = await knownCpe(harness);
  const agent = agentOf(cpe);
  const operator = await harness.controller();
  const mtp = await addDial(operator, agent, controller);
  return { harness, controller, agent, cpe, mtp, operator, arrival: await controller.next() };
}

function valueOf(msg: UspMsg): string | undefined {
  const results = msg.body.kind === 'get_resp' ? msg.body.req_path_results : [];
  return [...(results[0]?.resolved_path_results[0]?.result_params.values() ?? [])][0];
}

t.test('7.1, 7.10, 7.11: the upgrade says who dials, the first Record is a Connect Record, a Get works', async (t) => {
  const { agent, arrival } = await setScene(t);
  const { url, headers } = arrival.request;
  t.equal(url, `/agents?eid=${encodeEid(agent)}`);
  t.equal(headers['sec-websocket-protocol'], 'v1.usp');
  t.equal(headers['sec-websocket-extensions'], undefined, 'R-WS.10a: no extension is offered, and none is missed');
  t.match(await arrival.peer.next(), { from_id: agent, to_id: DIALLED, record_type: { kind: 'websocket_connect' } });
  t.equal(valueOf(await arrival.peer.ask(agent, GET_LOCAL)), agent);
  t.ok(valueOf(await arrival.peer.ask(agent, GET_SOFTWARE)), 'the CPE is asked, too');
});

t.test('7.12: a Record in several frames is put together', async (t) => {
  const { agent, arrival } = await setScene(t);
  const record = recordOf(agent, encodeMsg({ msg_id: 'in-pieces', body: GET_LOCAL }), DIALLED);
  const third = Math.ceil(record.length / 3);
  for (let from = 0; from < record.length; from += third) {
    arrival.peer.socket.send(record.subarray(from, from + third), { binary: true, fin: from + third >= record.length });
  }
  t.match(await arrival.peer.nextMsg(), { msg_id: 'in-pieces', body: { kind: 'get_resp' } });
});

t.test('7.7: a ping is answered, and a pong that nobody asked for does no harm', async (t) => {
  const { agent, arrival } = await setScene(t);
  const { socket } = arrival.peer;
  const pong = once(socket, 'pong');
  socket.ping('how are you');
  t.equal(String((await pong)[0]), 'how are you');
  socket.pong('nobody asked');
  t.equal(valueOf(await arrival.peer.ask(agent, GET_LOCAL)), agent);
});

t.test('7.6: what is no Record is answered with Close 1003 (R-WS.16), and the Agent dials again', async (t) => {
  const { agent, controller, arrival } = await setScene(t);
  arrival.peer.socket.send('text', { binary: false });
  t.match(await arrival.peer.closed, { code: 1003 });
  const again = await controller.next();
  again.peer.socket.send(Buffer.from([0xff, 0xff, 0xff]), { binary: true });
  t.match(await again.peer.closed, { code: 1003 });
  t.equal(valueOf(await (await controller.next()).peer.ask(agent, GET_LOCAL)), agent);
});

t.test('7.4: Close is answered by Close, and the Agent dials again by its retry table', async (t) => {
  const { agent, controller, arrival } = await setScene(t);
  const asked = Date.now();
  arrival.peer.socket.close(1001, 'going');
  t.match(await arrival.peer.closed, { code: 1001 });
  const again = await controller.next();
  t.ok(again.at - asked >= 995, `it waited ${again.at - asked} ms of the least 1000`);
  t.match(
    await again.peer.next(),
    { record_type: { kind: 'websocket_connect' } },
    'with a Connect Record anew (R-MTP.8)',
  );
  t.equal(valueOf(await again.peer.ask(agent, GET_LOCAL)), agent);
});

t.test('7.2: while the Agent’s own connection stands, the Controller’s is closed', async (t) => {
  const { harness, agent, arrival } = await setScene(t);
  const second = await openPeer(t, harness, { agent, controller: DIALLED });
  t.match(await second.closed, { code: 1008, reason: 'agent-dials' });
  t.same(second.waiting, [], 'nothing was said there');
  t.equal(valueOf(await arrival.peer.ask(agent, GET_LOCAL)), agent, 'the first one works');
});

t.test('7.2: a dial replaces a connection that the Controller has opened', async (t) => {
  const harness = await startHarness(t, ALLOWED);
  const controller = await startDialledController(t);
  const agent = agentOf(await knownCpe(harness));
  const inbound = await openPeer(t, harness, { agent, controller: DIALLED });
  // The rows that it has by its connection are of the template.
  const operator = await harness.controller();
  await addDial(operator, agent, { port: controller.port, row: 'Device.LocalAgent.Controller.1.' });
  const { peer } = await controller.next();
  t.match(await inbound.closed, { code: 1000, reason: 'replaced' });
  t.equal(valueOf(await peer.ask(agent, GET_LOCAL)), agent);
});

t.test('rows decide: another path is dialled anew, and one that is disabled is hung up', async (t) => {
  const { agent, controller, operator, mtp, arrival } = await setScene(t);
  await operator.request(agent, setBody(`${mtp}WebSocket.`, 'Path', '/elsewhere'));
  t.match(await arrival.peer.closed, { code: 1000, reason: 'target-changed' });
  const moved = await controller.next();
  t.match(moved.request.url, /^\/elsewhere\?eid=/);
  await operator.request(agent, setBody(mtp, 'Enable', 'false'));
  t.match(await moved.peer.closed, { code: 1000, reason: 'not-wanted' });
  await operator.request(agent, setBody(mtp, 'Enable', 'true'));
  t.equal(valueOf(await (await controller.next()).peer.ask(agent, GET_LOCAL)), agent);
});

t.test('the CPE has booted, and so has its Agent: the connection is made anew', async (t) => {
  const { agent, controller, cpe, arrival } = await setScene(t);
  cpe.inform('1 BOOT');
  t.match(await arrival.peer.closed, { code: 1001, reason: 'restarted' });
  const again = await controller.next();
  t.match(await again.peer.next(), { record_type: { kind: 'websocket_connect' } });
  t.equal(valueOf(await again.peer.ask(agent, GET_LOCAL)), agent);
});

t.test('Reset() of the MTP is answered, and then the connection is made anew', async (t) => {
  const { agent, controller, mtp, operator, arrival } = await setScene(t);
  const reset = (command: string): UspBody => ({
    kind: 'operate',
    command,
    command_key: '',
    send_resp: true,
    input_args: new Map(),
  });
  const { body } = await arrival.peer.ask(agent, reset(`${mtp}WebSocket.Reset()`));
  t.match(body, { operation_results: [{ operation_resp: { kind: 'req_output_args' } }] });
  t.match(await arrival.peer.closed, { code: 1001, reason: 'restarted' });
  const again = await controller.next();
  const count = await again.peer.ask(agent, getBody(`${mtp}WebSocket.CurrentRetryCount`));
  t.equal(valueOf(count), '0');
  await operator.request(agent, setBody(mtp, 'Enable', 'false'));
  await again.peer.closed;
  t.match(await operator.request(agent, reset(`${mtp}WebSocket.Reset()`)), {
    operation_results: [{ operation_resp: { kind: 'cmd_failure', err_code: 7022 } }],
  });
});

t.test('a Controller that was away is dialled when it is back', async (t) => {
  const { agent, controller } = await setScene(t);
  await controller.kill();
  await controller.restart();
  t.equal(valueOf(await (await controller.next()).peer.ask(agent, GET_LOCAL)), agent);
});

t.test('the gateway stops: the Controller is told', async (t) => {
  const { harness, arrival } = await setScene(t);
  await arrival.peer.next();
  const stopped = harness.gateway.stop();
  t.match(await arrival.peer.closed, { code: 1001, reason: 'stopping' });
  t.equal(await stopped, true);
});
