import t from 'tap';
import {
  addRow,
  buildTree,
  hasParameter,
  removeRow,
  replaceBelow,
  rowsMissingFrom,
} from '../../../proxy/device/instance-tree/tree.ts';

const entry = (Name: string, Writable = false): { Name: string; Writable: boolean } => ({ Name, Writable });
const router = buildTree('Device.', [
  entry('Device.DeviceInfo.'),
  entry('Device.DeviceInfo.UpTime'),
  entry('Device.NAT.PortMapping.', true),
  entry('Device.NAT.PortMapping.2.', true),
  entry('Device.NAT.PortMapping.2.Enable', true),
  entry('Device.NAT.PortMapping.2.Stats.Hits'),
]);

t.test('objects are known by their children where the CPE forgot the dot or the object itself', async (t) => {
  const tree = buildTree('Device.', [
    entry('Device.WiFi'),
    entry('Device.WiFi.Radio.1.Channel', true),
    entry('Other.Thing'),
    entry('Device..Odd'),
  ]);
  t.same(tree.objects.get('Device.')?.objects, ['WiFi']);
  t.notOk(hasParameter(tree, 'Device.WiFi'), 'an object is no parameter');
  t.same(tree.objects.get('Device.WiFi.Radio.')?.instances, [1]);
  t.equal(tree.objects.get('Device.WiFi.Radio.1.')?.parameters.get('Channel'), true);
  t.equal(tree.objects.size, 4);
});

t.test('a new row is shaped like its sibling', async (t) => {
  const tree = addRow(router, 'Device.NAT.PortMapping.', 7);
  t.same(tree.objects.get('Device.NAT.PortMapping.')?.instances, [2, 7]);
  t.ok(hasParameter(tree, 'Device.NAT.PortMapping.7.Enable'));
  t.ok(hasParameter(tree, 'Device.NAT.PortMapping.7.Stats.Hits'));
  t.same(rowsMissingFrom(tree, router), ['Device.NAT.PortMapping.7.']);
  t.notOk(hasParameter(router, 'Device.NAT.PortMapping.7.Enable'), 'the tree before is as it was');
});

t.test('a removed row takes everything below it along', async (t) => {
  const tree = removeRow(router, 'Device.NAT.PortMapping.2.');
  t.same(tree.objects.get('Device.NAT.PortMapping.')?.instances, []);
  t.notOk(tree.objects.has('Device.NAT.PortMapping.2.Stats.'));
});

t.test('a part is replaced by what the CPE says is there now', async (t) => {
  const tree = replaceBelow(router, 'Device.NAT.PortMapping.', [
    entry('Device.NAT.PortMapping.3.', true),
    entry('Device.NAT.PortMapping.3.Enable', true),
  ]);
  t.same(tree.objects.get('Device.NAT.PortMapping.')?.instances, [3]);
  t.equal(tree.objects.get('Device.NAT.PortMapping.')?.writable, true, 'rows can still be added');
  t.notOk(tree.objects.has('Device.NAT.PortMapping.2.'));
  t.ok(hasParameter(tree, 'Device.DeviceInfo.UpTime'), 'the rest is as it was');
  const empty = replaceBelow(router, 'Device.NAT.PortMapping.', []);
  t.same(empty.objects.get('Device.NAT.PortMapping.')?.instances, [], 'an empty answer: a table without rows');
  t.equal(empty.objects.get('Device.NAT.PortMapping.')?.writable, true);
});

t.test('a part that was not known before is reached from its ancestors', async (t) => {
  const tree = replaceBelow(router, 'Device.Hosts.Host.', [entry('Device.Hosts.Host.4.HostName')]);
  t.same(tree.objects.get('Device.')?.objects, ['DeviceInfo', 'NAT', 'Hosts']);
  t.same(tree.objects.get('Device.Hosts.')?.objects, ['Host']);
  t.same(tree.objects.get('Device.Hosts.Host.')?.instances, [4]);
});
