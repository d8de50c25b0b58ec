// What the model of InternetGatewayDevice:1 says, and that it is what the script makes of the facts.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import t from 'tap';
import { compileTr098, TABLES } from '../../proxy/cli/models/tr098-files.ts';
import { checkValue } from '../../proxy/mapping/standard-model.ts';
import { loadTr098Model } from '../../proxy/mapping/tr098-model.ts';

const FACTS = resolve('../shared/facts/data-models');
const away = existsSync(FACTS) ? false : 'the fact tables are not here';
const ROOT = 'InternetGatewayDevice.';
const WLAN = `${ROOT}LANDevice.{i}.WLANConfiguration.{i}.`;

t.test('types, accesses, rules and keys of what it has', async (t) => {
  const model = loadTr098Model();
  t.equal(model.minor, 14);
  t.match(model.parameter(`${WLAN}BeaconType`), {
    access: 'readWrite',
    value: { valueType: 'STRING', enumeration: ['None', 'Basic', 'WPA', '11i', 'BasicandWPA', 'Basicand11i'] },
  });
  t.match(model.parameter(`${WLAN}KeyPassphrase`), { secured: true, access: 'readWrite' });
  t.match(model.parameter(`${WLAN}TotalBytesSent`), {
    valueChange: 'WILL_IGNORE',
    value: { valueType: 'UNSIGNED_INT' },
  });
  t.match(model.object(`${ROOT}WANDevice.{i}.WANConnectionDevice.{i}.WANPPPConnection.{i}.PortMapping.{i}.`), {
    access: 'readWrite',
    multi: true,
    numEntriesParam: 'PortMappingNumberOfEntries',
    enableParam: 'PortMappingEnabled',
  });
  t.equal(model.parameter(`${WLAN}NoSuchThing`), undefined);
  t.equal(model.object('Device.'), undefined);
});

t.test('values that it allows and does not', async (t) => {
  const allows = (path: string, value: string): boolean => {
    const parameter = loadTr098Model().parameter(ROOT + path);
    return parameter !== undefined && checkValue(parameter, value).ok;
  };
  const wlan = 'LANDevice.{i}.WLANConfiguration.{i}.';
  t.same([allows(`${wlan}BeaconType`, '11i'), allows(`${wlan}BeaconType`, 'WPA2')], [true, false]);
  t.same([allows(`${wlan}Channel`, '255'), allows(`${wlan}Channel`, '256')], [true, false]);
  t.same([allows(`${wlan}SSID`, 'x'.repeat(32)), allows(`${wlan}SSID`, 'x'.repeat(33))], [true, false]);
});

t.test('the voice service has its place below Services', async (t) => {
  const profile = `${ROOT}Services.VoiceService.{i}.VoiceProfile.{i}.`;
  t.match(loadTr098Model().parameter(`${profile}SignalingProtocol`), {
    reference: {
      kind: 'values',
      target: `${ROOT}Services.VoiceService.{i}.Capabilities.SignalingProtocols`,
    },
  });
});

t.test('the file in the repository is what the script makes of the facts', { skip: away }, async (t) => {
  const read = (name: string): string => readFileSync(resolve(FACTS, name), 'utf8');
  const { files, problems } = compileTr098({ root: read(TABLES.root), voice: read(TABLES.voice) });
  t.same(problems, []);
  const [model] = files;
  // Not t.equal: a difference of 100 KB helps nobody.
  t.ok(model?.text === readFileSync(resolve('mappings/tr098/model.txt'), 'utf8'), 'run npm run mappings:tr098');
  const rows = read(TABLES.root)
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'));
  const counted = (kind: string): number => rows.filter((row) => row[1] === kind).length;
  const objects = [...loadTr098Model().objects.values()].filter(({ path }) => !path.includes('.VoiceService.'));
  t.same(
    [objects.length, objects.reduce((sum, { parameters }) => sum + parameters.size, 0)],
    [counted('object'), counted('param')],
  );
});

t.test('facts that are not understood are named with their table and line', { skip: away }, async (t) => {
  const read = (name: string): string => readFileSync(resolve(FACTS, name), 'utf8');
  const [root, voice] = [read(TABLES.root), read(TABLES.voice)];
  const broken = (text: string): string => text.replace('\treadWrite\t', '\tsometimes\t');
  const lineOf = (text: string): number => text.slice(0, text.indexOf('\treadWrite\t')).split('\n').length;
  t.match(compileTr098({ root: broken(root), voice }).problems, [{ file: TABLES.root, line: lineOf(root) }]);
  t.match(compileTr098({ root, voice: broken(voice) }).problems, [{ file: TABLES.voice, line: lineOf(voice) }]);
});
