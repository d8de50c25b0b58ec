// Reboot() and FactoryReset() on a whole gateway: the answer comes first, the session is closed, and one Boot! tells of it.
import t from 'tap';
import type { Controller } from '../../proxy/cli/usp/controller.ts';
import { get, operate } from '../agent/requests.ts';
import type { Cpe } from '../cpe/cpe.ts';
import { agentOf, type Harness, startHarness } from './harness.ts';
import { knownCpe } from '../cli/run-causeway.ts';
import { Inbox, subscription } from './north-agent-tools.ts';

const NOTHING = { kind: 'req_output_args' };
const SOFTWARE = 'Device.DeviceInfo.SoftwareVersion';

async function scene(harness: Harness): Promise<{
  readonly cpe: Cpe;
  readonly controller: Controller;
  readonly inbox: Inbox;
}> {
  const cpe = await knownCpe(harness, {
    timings: { rebootTime: 200 },
    values: { 'Device.RootDataModelVersion': '2.19' },
  });
  const controller = await harness.controller();
  const inbox = new Inbox(controller);
  const boot = { NotifType: 'Event', ReferenceList: 'Device.Boot!', ID: 'boot', Persistent: 'true' };
  await controller.request(agentOf(cpe), subscription(boot));
  return { cpe, controller, inbox };
}

t.test('Reboot', async (t) => {
  const harness = await startHarness(t);
  const { cpe, controller, inbox } = await scene(harness);
  const agent = agentOf(cpe);
  const session = cpe.nextSession();
  const answer = await controller.request(agent, operate('Device.Reboot()', { Reason: 'tidy' }, 'my-key'));
  t.match(answer, { operation_results: [{ executed_command: 'Device.Reboot()', operation_resp: NOTHING }] });
  const { rpcs } = await session;
  t.equal(rpcs.at(-1)?.method, 'Reboot', 'nothing more is asked in this session');
  const { notify } = await inbox.next();
  t.match(notify, {
    subscription_id: 'boot',
    notification: { kind: 'event', obj_path: 'Device.', event_name: 'Boot!' },
  });
  t.same(notify.notification.kind === 'event' && Object.fromEntries(notify.notification.params), {
    CommandKey: 'my-key',
    Cause: 'RemoteReboot',
    Reason: 'tidy',
    FirmwareUpdated: 'false',
    ParameterMap: '{}',
  });
  // The next boot is not ours: had the first been told twice, that would come before it.
  if (cpe.inSession) await cpe.nextSession();
  cpe.powerCycle();
  const next = await inbox.nextNotification();
  t.equal(next.kind === 'event' && next.params.get('Cause'), 'LocalReboot');
  t.equal(next.kind === 'event' && next.params.get('CommandKey'), '');
  t.same(cpe.complaints, []);
});

t.test('what is asked while it reboots is answered when it is back', async (t) => {
  const harness = await startHarness(t);
  const { cpe, controller, inbox } = await scene(harness);
  const agent = agentOf(cpe);
  await controller.request(agent, operate('Device.Reboot()'));
  const value = await controller.request(agent, get(SOFTWARE));
  t.match(value, { kind: 'get_resp', req_path_results: [{ err_code: 0 }] });
  t.equal(inbox.waiting, 1, 'Boot! came before the answer, or with it');
  t.same(cpe.complaints, []);
});

t.test('FactoryReset', async (t) => {
  const harness = await startHarness(t);
  const { cpe, controller, inbox } = await scene(harness);
  const agent = agentOf(cpe);
  const session = cpe.nextSession();
  const answer = await controller.request(agent, operate('Device.FactoryReset()', {}, 'reset-key'));
  t.match(answer, { operation_results: [{ operation_resp: NOTHING }] });
  t.equal((await session).rpcs.at(-1)?.method, 'FactoryReset');
  const boot = await inbox.nextNotification();
  t.equal(boot.kind === 'event' && boot.params.get('Cause'), 'RemoteFactoryReset');
  t.equal(boot.kind === 'event' && boot.params.get('CommandKey'), 'reset-key');
  t.match(
    await controller.request(agent, get('Device.LocalAgent.Subscription.[ID=="boot"].Persistent')),
    { req_path_results: [{ resolved_path_results: [{}] }] },
    "the reset of a CPE does not take the gateway's rows",
  );
});

t.test('send_resp=false: no answer to what went well, one to what failed (R-OPR.4)', async (t) => {
  const harness = await startHarness(t);
  const { cpe, controller, inbox } = await scene(harness);
  const agent = agentOf(cpe);
  const failed = await controller.request(agent, { ...operate('Device.SelfDestruct()'), send_resp: false });
  t.match(failed, { operation_results: [{ operation_resp: { kind: 'cmd_failure', err_code: 7026 } }] });
  const answers: string[] = [];
  void controller.request(agent, { ...operate('Device.Reboot()'), send_resp: false }).then(
    ({ kind }) => answers.push(kind),
    () => undefined,
  );
  t.equal((await inbox.nextNotification()).kind, 'event');
  await controller.request(agent, get('Device.LocalAgent.EndpointID'));
  t.same(answers, []);
});
