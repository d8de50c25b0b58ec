import fc from 'fast-check';
import t from 'tap';
import {
  EMPTY_CATALOGUE,
  formatCatalogue,
  mergeCatalogue,
  parseCatalogue,
} from '../../../proxy/device/instance-tree/catalogue.ts';
import { decodeTree, encodeTree } from '../../../proxy/device/instance-tree/encoding.ts';
import { buildTree, type InstanceTree } from '../../../proxy/device/instance-tree/tree.ts';
import type { ParameterInfo } from '../../../proxy/rpc/structs.ts';

const entry = (Name: string, Writable = false): ParameterInfo => ({ Name, Writable });

const plain = (tree: InstanceTree): unknown =>
  [...tree.objects.values()]
    .map((object) => ({
      ...object,
      parameters: [...object.parameters].sort(),
      objects: [...object.objects].sort(),
    }))
    .sort((one, other) => (one.path < other.path ? -1 : 1));

const names = fc.constantFrom('Alpha', 'Beta', 'Gamma', 'X_EXAMPLE-COM_Delta');
const segment = fc.oneof({ weight: 3, arbitrary: names }, { weight: 1, arbitrary: fc.nat({ max: 40 }).map(String) });
const object = fc
  .array(segment, { minLength: 1, maxLength: 5 })
  // An instance number stands below a name, never below the root or another number.
  .filter((path) =>
    path.every((name, index) => !/^\d/.test(name) || (index > 0 && !/^\d/.test(path[index - 1] ?? '1'))),
  )
  .map((path) => `Device.${path.join('.')}.`);
const entries = fc.array(
  fc.oneof(
    fc.record({ Name: object, Writable: fc.boolean() }),
    fc.record({ Name: fc.tuple(object, names).map(([path, name]) => `${path}p${name}`), Writable: fc.boolean() }),
  ),
  { maxLength: 60 },
);

t.test('a tree reads back as it was written, with its own catalogue and with any descendant of it', async (t) => {
  fc.assert(
    fc.property(entries, entries, (first, second) => {
      const tree = buildTree('Device.', first);
      const other = buildTree('Device.', second);
      const catalogue = mergeCatalogue(EMPTY_CATALOGUE, tree, new Map());
      const encoded = encodeTree(tree, catalogue);
      t.same(plain(decodeTree(catalogue, encoded)), plain(tree));
      const descendant = mergeCatalogue(catalogue, other, new Map([['Device.Alpha.pBeta', 'string']]));
      const stored = parseCatalogue(descendant.hash, formatCatalogue(descendant));
      t.same(plain(decodeTree(stored, encoded)), plain(tree));
      t.same(plain(decodeTree(stored, encodeTree(other, stored))), plain(other));
    }),
    { numRuns: 150 },
  );
});

t.test('a merge that adds nothing is the same catalogue', async (t) => {
  const tree = buildTree('Device.', [entry('Device.WiFi.SSID.1.SSID', true), entry('Device.WiFi.SSID.2.SSID', true)]);
  const catalogue = mergeCatalogue(EMPTY_CATALOGUE, tree, new Map());
  t.equal(mergeCatalogue(catalogue, tree, new Map()), catalogue);
});

t.test('devices of one model store little more than their instance numbers', async (t) => {
  const device = (hosts: number): InstanceTree =>
    buildTree('Device.', [
      ...Array.from({ length: 200 }, (_, index) => entry(`Device.Part${index % 20}.Parameter${index}`, true)),
      ...Array.from({ length: hosts }, (_, index) =>
        ['MACAddress', 'IPAddress', 'HostName', 'Active'].map((name) =>
          entry(`Device.Hosts.Host.${index + 1}.${name}`),
        ),
      ).flat(),
    ]);
  const catalogue = mergeCatalogue(EMPTY_CATALOGUE, device(3), new Map());
  const encoded = encodeTree(device(250), catalogue);
  t.ok(encoded.length < 1200, `${encoded.length} characters for 1 200 parameters`);
});
