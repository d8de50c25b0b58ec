// One row of the template is every Agent's: told of every device, armed on each, and over-ruled by what a device says itself.
import t from 'tap';
import type { UspBody } from '../../proxy/usp/msg.ts';
import { get, remove, resultOf, set, update } from '../agent/requests.ts';
import { call } from '../api/api-tools.ts';
import { knownCpe } from '../cli/run-causeway.ts';
import { agentOf, CONTROLLER_ID, startHarness } from './harness.ts';
import { Inbox } from './north-agent-tools.ts';

const SUBSCRIPTIONS = 'Device.LocalAgent.Subscription.';
const FIRST = `${SUBSCRIPTIONS}1.`;
const SSID = 'Device.WiFi.SSID.1.SSID';

const shown = (answer: UspBody): ReturnType<typeof resultOf> => (answer.kind === 'get_resp' ? resultOf(answer) : {});

t.test('Subscriptions of the template', async (t) => {
  const harness = await startHarness(t, { 'park.poll': '1s' });
  const [one, two] = [await knownCpe(harness), await knownCpe(harness)];
  const controller = await harness.controller();
  const inbox = new Inbox(controller);
  const patch = (...changes: readonly unknown[]) =>
    call(harness, '/template', {
      method: 'PATCH',
      body: JSON.stringify({ changes }),
      headers: { 'Content-Type': 'application/json' },
    });
  const subscribe = (values: Readonly<Record<string, string>>) =>
    patch({ add: SUBSCRIPTIONS, values: { Recipient: CONTROLLER_ID, Enable: 'true', ...values } });

  await t.test('Boot! of both devices, and of the next boot again', async (t) => {
    t.match(await subscribe({ ID: 'boot', NotifType: 'Event', ReferenceList: 'Device.Boot!' }), { status: 200 });
    for (const cpe of [one, two, one]) {
      cpe.inform('1 BOOT');
      const { agent, notify } = await inbox.next();
      t.equal(agent, agentOf(cpe));
      t.match(notify, { subscription_id: 'boot', notification: { kind: 'event', event_name: 'Boot!' } });
    }
  });

  await t.test('it is a row of every Agent', async (t) => {
    for (const cpe of [one, two]) {
      t.match(shown(await controller.request(agentOf(cpe), get(`${SUBSCRIPTIONS}*.ID`))), { [FIRST]: { ID: 'boot' } });
    }
  });

  await t.test('what a device has changed or deleted stays so', async (t) => {
    t.match(await controller.request(agentOf(one), set(update(FIRST, { 'Enable!': 'false' }))), {
      kind: 'set_resp',
    });
    one.inform('1 BOOT');
    two.inform('1 BOOT');
    t.equal((await inbox.next()).agent, agentOf(two), 'one is told no more');
    t.match(await patch({ set: FIRST, values: { NotifRetry: 'true' } }), { status: 200 });
    t.match(shown(await controller.request(agentOf(one), get(FIRST))), {
      [FIRST]: { Enable: 'false', NotifRetry: 'true' },
    });
    t.match(await controller.request(agentOf(two), remove(FIRST)), { kind: 'delete_resp' });
    t.match(await patch({ set: FIRST, values: { NotifRetry: 'false' } }), { status: 200 });
    t.same(shown(await controller.request(agentOf(two), get(SUBSCRIPTIONS))), {});
  });

  await t.test('ValueChange is armed on each device when it next informs', async (t) => {
    t.match(await subscribe({ ID: 'ssid', NotifType: 'ValueChange', ReferenceList: SSID }), { status: 200 });
    for (const cpe of [one, two]) {
      const armed = cpe.waitFor('rpc', ({ method }) => method === 'SetParameterAttributes');
      cpe.inform('2 PERIODIC');
      await armed;
      cpe.setLocally(SSID, `by hand of ${agentOf(cpe)}`);
      t.match(await inbox.next(), {
        agent: agentOf(cpe),
        notify: { subscription_id: 'ssid', notification: { param_value: `by hand of ${agentOf(cpe)}` } },
      });
    }
  });
  t.same([...one.complaints, ...two.complaints], []);
});
