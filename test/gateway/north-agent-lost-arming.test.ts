// A Subscription to values of a CPE that could not be called: the arming has expired, and the CPE's next Inform does it.
import t from 'tap';
import { agentOf, startHarness } from './harness.ts';
import { counted, untilCounted } from './south-tools.ts';
import { Inbox, subscription } from './north-agent-tools.ts';

const SSID = 'Device.WiFi.SSID.1.SSID';

t.test('a lost arming is made up for by the next periodic Inform, once', async (t) => {
  const harness = await startHarness(t, { 'request.deadline': '1s', 'park.idle': '1s' });
  const cpe = harness.cpe({ connectionRequest: false });
  const session = async (): Promise<void> => {
    const over = cpe.nextSession();
    cpe.inform('2 PERIODIC');
    t.equal((await over).reason, 'done');
  };
  const first = cpe.nextSession();
  await cpe.start();
  await first;
  const controller = await harness.controller();
  const inbox = new Inbox(controller);
  const armings: unknown[] = [];
  cpe.on((occurrence) => {
    if (occurrence.kind === 'rpc' && occurrence.method === 'SetParameterAttributes') armings.push(occurrence);
  });
  for (const [ID, ReferenceList] of [
    ['ssid', SSID],
    ['bogus', 'Device.Bogus.X'],
  ] as const) {
    const lost = await counted(harness, ['request'], async () => {
      const answer = await controller.request(
        agentOf(cpe),
        subscription({ NotifType: 'ValueChange', ID, ReferenceList }),
      );
      t.equal(answer.kind, 'add_resp');
      await untilCounted(harness, 'request failed', ID === 'ssid' ? 1 : 2);
    });
    t.same(lost, { 'request failed': 1 }, 'the CPE cannot be called');
  }
  t.equal(armings.length, 0);

  const armed = cpe.waitFor('rpc', ({ method }) => method === 'SetParameterAttributes');
  await Promise.all([session(), armed]);
  const idle = await counted(harness, ['request'], async () => {
    await session();
    await session();
  });
  t.same(idle, {}, 'not again, though one of the paths means nothing');
  t.equal(armings.length, 1);

  cpe.setLocally(SSID, 'by hand');
  t.match(await inbox.nextNotification(), { kind: 'value_change', param_path: SSID, param_value: 'by hand' });
  t.same(cpe.complaints, []);
});
