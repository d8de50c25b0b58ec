// A CPE that reboots over one RPC, through the whole gateway: twice is enough.
import t from 'tap';
import type { Cpe } from '../cpe/cpe.ts';
import type { CpeOptions } from '../cpe/options.ts';
import { getBody, setBody, setDeviceScene, SOFTWARE, valueIn } from './device-scene.ts';

const DEADLY = 'Device.Time.NTPServer2';
const SET = setBody('Device.Time.', 'NTPServer2', 'ntp.example.org');
const timings: CpeOptions['timings'] = { rebootTime: 50, retryScale: 0.01 };

/** It loses its power over every RPC of this method about the path. */
function rebootsOver(device: Cpe, method: string): () => number {
  let boots = 0;
  device.misbehave({ method, when: (path) => path === DEADLY, answer: 'close' });
  device.on((occurrence) => {
    if (occurrence.kind !== 'rpc' || occurrence.answer !== 'close') return;
    boots += 1;
    device.powerCycle();
  });
  return () => boots;
}

t.test('a read: its request fails and names the RPC; others are served; it is not sent again', async (t) => {
  const scene = await setDeviceScene(t, {}, { timings });
  const boots = rebootsOver(scene.device, 'GetParameterValues');
  const controller = await scene.controller();
  const why = valueIn(await controller.request(scene.agent, getBody(DEADLY)), DEADLY);
  t.match(why, /reboot-loop: .*2 times in a row.*GetParameterValues/, why ?? '');
  t.equal(boots(), 2);
  t.equal(valueIn(await controller.request(scene.agent, getBody(SOFTWARE)), SOFTWARE), scene.device.get(SOFTWARE));
  t.match(valueIn(await controller.request(scene.agent, getBody(DEADLY)), DEADLY), /reboot-loop/);
  t.equal(boots(), 2);
  t.ok((await scene.counted('failure', 'reboot-loop')) >= 2);
  t.equal(await scene.waiting(), 0);
});

t.test('a change: never more than twice, whoever asks', async (t) => {
  const scene = await setDeviceScene(t, {}, { timings });
  const boots = rebootsOver(scene.device, 'SetParameterValues');
  const controller = await scene.controller();
  for (let set = 0; set < 3; set += 1) await controller.request(scene.agent, SET);
  t.equal(boots(), 2);
  const answer = await controller.request(scene.agent, SET);
  t.match(JSON.stringify(answer), /reboot-loop: .*SetParameterValues/);
  t.equal(await scene.waiting(), 0);
});
