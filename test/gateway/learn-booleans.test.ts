// What a boolean is set with, through the whole gateway (quirk 30).
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { setBody, setDeviceScene } from './device-scene.ts';
import { temporaryFolder } from './harness.ts';

const NAME = 'Device.Time.Enable';

/** What the CPE was sent, in order, for a Set of each value. */
async function written(t: Test, behaviour: string, values: readonly string[]): Promise<readonly string[]> {
  const folder = temporaryFolder(t);
  const profile = `{ name: own, match: { OUI: 02C0DE }, behaviour: { ${behaviour} } }`;
  writeFileSync(join(folder, 'own.yaml'), `profiles:\n  - ${profile}\n`);
  const scene = await setDeviceScene(t, { 'profiles.dir': folder });
  const controller = await scene.controller();
  for (const value of values) {
    const answer = await controller.request(scene.agent, setBody('Device.Time.', 'Enable', value));
    t.equal(answer.kind, 'set_resp');
    t.equal(scene.device.get(NAME), value === '1' || value === 'true' ? 'true' : 'false');
  }
  return scene.device.rpcs
    .filter(({ method }) => method === 'SetParameterValues')
    .flatMap((rpc) => (rpc.arguments as { readonly settings: readonly { name: string; value: string }[] }).settings)
    .flatMap(({ name, value }) => (name === NAME ? value : []));
}

t.test('digits, unless a profile says otherwise', async (t) => {
  t.same(await written(t, 'park: attached', ['false', 'true', '0', '1']), ['0', '1', '0', '1']);
});

t.test('words for a CPE that takes no digits', async (t) => {
  t.same(await written(t, 'booleans: words', ['0', '1', 'false', 'true']), ['false', 'true', 'false', 'true']);
});
