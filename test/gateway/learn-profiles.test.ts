// What a profile of the operator's own switches, through the whole gateway.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { getBody, setDeviceScene, SOFTWARE, valueIn } from './device-scene.ts';
import { temporaryFolder } from './harness.ts';

t.test('a CPE that is walked, and reads little at once', async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(
    join(folder, 'own.yaml'),
    `profiles:
  - name: own
    match: { OUI: 02C0DE, ProductClass: Router, SoftwareVersion: { to: '9' } }
    behaviour: { discovery: walk, readBatch: 5 }
`,
  );
  const scene = await setDeviceScene(t, { 'profiles.dir': folder });
  const controller = await scene.controller();
  t.equal(valueIn(await controller.request(scene.agent, getBody(SOFTWARE)), SOFTWARE), scene.device.get(SOFTWARE));
  t.equal((await controller.request(scene.agent, getBody('Device.Ethernet.'))).kind, 'get_resp');
  const named = (method: string): readonly string[] =>
    scene.device.rpcs.filter((rpc) => rpc.method === method).map((rpc) => JSON.stringify(rpc.arguments));
  const walked = named('GetParameterNames');
  t.ok(walked.length > 5);
  t.ok(
    walked.every((text) => /"nextLevel":true/i.test(text)),
    walked[0] ?? '',
  );
  const sizes = scene.device.rpcs
    .filter(({ method }) => method === 'GetParameterValues')
    .map((rpc) => (rpc.arguments as { readonly names: readonly string[] }).names.length);
  t.ok(sizes.includes(5));
  t.ok(sizes.every((size) => size <= 5));
  t.same(scene.device.complaints, []);
});
