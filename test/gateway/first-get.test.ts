import t from 'tap';
import { agentOf, startHarness } from './harness.ts';

t.test('a Get reaches an unmodified CPE and its answer the Controller', async (t) => {
  const harness = await startHarness(t);
  const cpe = harness.cpe();
  const first = cpe.nextSession();
  await cpe.start();
  t.equal((await first).reason, 'done');
  const controller = await harness.controller();
  const path = 'Device.DeviceInfo.SoftwareVersion';
  const answer = await controller.request(agentOf(cpe), { kind: 'get', param_paths: [path], max_depth: 0 });
  t.match(answer, {
    kind: 'get_resp',
    req_path_results: [{ requested_path: path, err_code: 0 }],
  });
  if (answer.kind !== 'get_resp') return;
  t.equal(answer.req_path_results[0]?.resolved_path_results[0]?.result_params.get('SoftwareVersion'), cpe.get(path));
  t.same(cpe.complaints, []);
});
