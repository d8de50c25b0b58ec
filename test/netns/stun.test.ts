import t from 'tap';
import { startHarness } from '../gateway/harness.ts';
import { idleDevice, missingNamespaces, network, raiseNat, startCpe } from './nat.ts';

const PATH = 'Device.DeviceInfo.SoftwareVersion';

t.test('a Get wakes a CPE behind NAT by UDP', { skip: missingNamespaces() }, async (t) => {
  raiseNat(t);
  const harness = await startHarness(t, {
    'cwmp.listen': `${network}.1:0`,
    'stun.listen': `${network}.1:0`,
    insecure: 'true',
  });
  const { lines, seen } = startCpe(t, harness.acsUrl, ['--stun', harness.gateway.addresses.stun ?? '']);
  await seen(/4 VALUE CHANGE/);
  const { endpointId } = await idleDevice(harness);
  t.notOk(lines.some((line) => line.includes('6 CONNECTION REQUEST')));

  const controller = await harness.controller();
  const answer = await controller.request(endpointId, { kind: 'get', param_paths: [PATH], max_depth: 0 });
  t.match(answer, { kind: 'get_resp', req_path_results: [{ requested_path: PATH, err_code: 0 }] });
  t.ok(await seen(/UDP Connection Request: taken/));
  t.ok(await seen(/opens: 6 CONNECTION REQUEST/));
});
