// NotifRetry on a whole gateway: the same Notify until it is answered, and then no more (R-NOT.1, R-NOT.9).
import t from 'tap';
import { get, set, update } from '../agent/requests.ts';
import { agentOf, startHarness } from './harness.ts';
import { knownCpe } from '../cli/run-causeway.ts';
import { Inbox, watch } from './north-agent-tools.ts';

const SSID = 'Device.WiFi.SSID.1.';

t.test('a Notify that wants an answer', async (t) => {
  const harness = await startHarness(t);
  const cpe = await knownCpe(harness);
  const agent = agentOf(cpe);
  const controller = await harness.controller();
  const inbox = new Inbox(controller);
  controller.answersNotifies = false;
  await watch(controller, cpe, { ID: 'ssid', ReferenceList: `${SSID}SSID`, NotifRetry: 'true' });
  await controller.request(agent, set(update(SSID, { 'SSID!': 'first' })));
  const { msg_id, notify } = await inbox.next();
  t.ok(notify.send_resp);
  const again = await inbox.next();
  t.same({ msg_id: again.msg_id, notify: again.notify }, { msg_id, notify }, 'the same bytes after 5 to 10 s');

  // The msg_id alone says what is answered (R-NOT.9).
  controller.send(agent, { msg_id, body: { kind: 'notify_resp', subscription_id: 'mistaken' } });
  await controller.request(agent, set(update(SSID, { 'SSID!': 'second' })));
  const second = await inbox.next();
  t.match(second.notify.notification, { param_value: 'second' });
  controller.send(agent, { msg_id: second.msg_id, body: { kind: 'notify_resp', subscription_id: 'ssid' } });
  // An answer to this comes after the NotifyResp was taken in.
  await controller.request(agent, get('Device.LocalAgent.EndpointID'));
  const metrics = await (await fetch(`${harness.operateUrl}/metrics`)).text();
  t.match(metrics, /notify\S*answered"\} 2/);
  t.notMatch(metrics, /answer-unknown/);
});
