// Rule files of an operator's own.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { buildTree } from '../../../proxy/device/instance-tree/tree.ts';
import { EMPTY_CATALOGUE, mergeCatalogue } from '../../../proxy/device/instance-tree/catalogue.ts';
import { translatedModel } from '../../../proxy/mapping/rules/translated-model.ts';
import { translatedView } from '../../../proxy/mapping/translated-view.ts';
import { checkRules, tr098Book } from '../../../proxy/mapping/views.ts';

const folderWith = (t: { teardown(run: () => void): void }, text: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-rules-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'own.yaml'), text);
  return folder;
};

t.test('they are preferred to those that Causeway comes with', async (t) => {
  const folder = folderWith(
    t,
    'objects:\n  - at: DeviceInfo.\n    to: DeviceInfo.\n    parameters:\n      SerialNumber: X_OURS_Serial\n',
  );
  checkRules(folder);
  const root = 'InternetGatewayDevice.';
  const names = ['SerialNumber', 'X_OURS_Serial', 'ModelName'].map((name) => `${root}DeviceInfo.${name}`);
  const tree = buildTree(
    root,
    names.map((Name) => ({ Name, Writable: false })),
  );
  const catalogue = mergeCatalogue(EMPTY_CATALOGUE, tree, new Map());
  const view = translatedView(translatedModel(tr098Book(folder), root, catalogue, []), tree, '');
  t.strictSame(view.reading('Device.DeviceInfo.SerialNumber').cpeNames, [`${root}DeviceInfo.X_OURS_Serial`]);
  t.strictSame(view.reading('Device.DeviceInfo.ModelName').cpeNames, [`${root}DeviceInfo.ModelName`]);
});

t.test('what is wrong with them is told before anything starts, by file and line', async (t) => {
  const unknown = folderWith(t, 'objects:\n  - at: DeviceInfo.\n    to: DeviceInfo.\n    same: [NoSuchParameter]\n');
  t.throws(() => checkRules(unknown), { code: 'CAUSEWAY_MAPPING_INVALID', message: /own\.yaml:4: .*NoSuchParameter/ });
  const garbled = folderWith(t, 'objects:\n  - at: DeviceInfo.\n    too: DeviceInfo.\n');
  t.throws(() => checkRules(garbled), { code: 'CAUSEWAY_MAPPING_INVALID', message: /own\.yaml:\d+: / });
  t.throws(() => checkRules('/nowhere/at/all'), { code: 'CAUSEWAY_MAPPING_INVALID', message: /\/nowhere\/at\/all/ });
});
