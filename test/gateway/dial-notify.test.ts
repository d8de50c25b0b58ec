// Notifies over a connection that the Agent has dialled: none is lost when it is made anew.
import t, { type Test } from 'tap';
import type { NotifyRequest } from '../../proxy/usp/messages/notify.ts';
import { addBody } from '../process/scene.ts';
import { addDial, type Arrival, DIALLED, type DialledController, startDialledController } from './dial-scene.ts';
import { agentOf, startHarness } from './harness.ts';
import { knownCpe } from './north-tools.ts';

interface Scene {
  readonly controller: DialledController;
  readonly agent: string;
  readonly cpe: Awaited<ReturnType<typeof knownCpe>>;
  readonly arrival: Arrival;
}

/** A Controller that is dialled, and wants to know of boots. */
async function setScene(t: Test, retry: boolean): Promise<Scene> {
  const harness = await startHarness(t, { 'usp.dial.hosts': '127.0.0.1' });
  const controller = await startDialledController(t);
  const cpe = await knownCpe(harness);
  const agent = agentOf(cpe);
  await addDial(await harness.controller(), agent, { port: controller.port });
  const arrival = await controller.next();
  const wanted = { Enable: 'true', NotifType: 'Event', ReferenceList: 'Device.Boot!', NotifRetry: String(retry) };
  const answer = await arrival.peer.ask(agent, addBody('Device.LocalAgent.Subscription.', { ID: 'boot', ...wanted }));
  t.match(answer, { body: { kind: 'add_resp' } });
  return { controller, agent, cpe, arrival };
}

async function nextNotify({ peer }: Arrival): Promise<NotifyRequest> {
  const { body } = await peer.nextMsg();
  if (body.kind !== 'notify') throw new Error(body.kind);
  return body;
}

t.test('Boot! goes over the connection that the boot has made, behind its Connect Record', async (t) => {
  const { controller, agent, cpe, arrival } = await setScene(t, false);
  cpe.inform('1 BOOT');
  t.match(await arrival.peer.closed, { reason: 'restarted' });
  const again = await controller.next();
  t.match(await again.peer.next(), { from_id: agent, to_id: DIALLED, record_type: { kind: 'websocket_connect' } });
  t.match(await nextNotify(again), { subscription_id: 'boot', notification: { kind: 'event', event_name: 'Boot!' } });
});

t.test('what happened while the Controller was away is told when it is back', async (t) => {
  const { controller, cpe } = await setScene(t, true);
  await controller.kill();
  // Acknowledged is what is stored.
  const answered = cpe.waitFor('inform-answered');
  cpe.inform('1 BOOT');
  await answered;
  await controller.restart();
  const again = await controller.next();
  t.match(await nextNotify(again), { subscription_id: 'boot', send_resp: true });
});
