// A CPE that lists a parameter which it then does not have, through the whole gateway.
import t from 'tap';
import type { Cpe } from '../cpe/cpe.ts';
import { getBody, setDeviceScene, valueIn } from './device-scene.ts';
import { agentOf } from './harness.ts';

const TIME = 'Device.Time.';
const LIE = 'Device.Time.NTPServer2';
const reads = (cpe: Cpe, from: number): number =>
  cpe.rpcs.slice(from).filter(({ method }) => method === 'GetParameterValues').length;

t.test('it costs a bisection, then nothing; who asks for it alone is answered by the CPE', async (t) => {
  const scene = await setDeviceScene(t, { 'park.idle': '2s' });
  const { device } = scene;
  device.misbehave({ method: 'GetParameterValues', when: (path) => path === LIE, answer: 9005 });
  const controller = await scene.controller();
  const costs: number[] = [];
  for (let get = 0; get < 4; get += 1) {
    const before = device.rpcs.length;
    const answer = await controller.request(scene.agent, getBody(TIME));
    costs.push(reads(device, before));
    t.equal(answer.kind, 'get_resp');
    if (answer.kind !== 'get_resp') return;
    const params = answer.req_path_results[0]?.resolved_path_results[0]?.result_params;
    t.equal(params?.get('NTPServer1'), device.get('Device.Time.NTPServer1'));
    t.notOk(params?.has('NTPServer2'));
  }
  t.ok((costs[0] ?? 0) > 2, costs.join(', '));
  t.same(costs.slice(2), [1, 1]);
  device.behave();
  const before = device.rpcs.length;
  t.equal(valueIn(await controller.request(scene.agent, getBody(LIE)), LIE), device.get(LIE));
  t.equal(reads(device, before), 1);
});

t.test('another CPE of the model that has it is not told otherwise', async (t) => {
  const scene = await setDeviceScene(t, { 'park.idle': '2s' });
  scene.device.misbehave({ method: 'GetParameterValues', when: (path) => path === LIE, answer: 9005 });
  const controller = await scene.controller();
  for (let get = 0; get < 3; get += 1) await controller.request(scene.agent, getBody(TIME));
  const other = scene.cpe();
  const first = other.nextSession();
  await other.start();
  await first;
  const answer = await controller.request(agentOf(other), getBody(TIME));
  if (answer.kind !== 'get_resp') return t.fail(answer.kind);
  const params = answer.req_path_results[0]?.resolved_path_results[0]?.result_params;
  return t.equal(params?.get('NTPServer2'), other.get(LIE));
});
