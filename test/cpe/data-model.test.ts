import t from 'tap';
import { createDataModel, type DataModel } from './data-model.ts';
import { loadDump } from './dumps.ts';

const model = (): DataModel => {
  const { root, top } = loadDump('tiny-tr181');
  return createDataModel(root, top);
};
const TABLE = 'Device.NAT.PortMapping.';
const COUNT = 'Device.NAT.PortMappingNumberOfEntries';

t.test('instances', async (t) => {
  const device = model();
  const first = device.addInstance(TABLE, 'now');
  t.equal(first.number, 2);
  t.ok(first.changed.includes(COUNT));
  t.equal(device.peek(COUNT), '2');
  t.equal(device.peek(`${TABLE}2.Protocol`), 'TCP', 'filled from the template');
  t.equal(device.peek(`${TABLE}2.Alias`), 'cpe-2');
  device.removeInstance(`${TABLE}2.`, 'now');
  t.equal(device.peek(COUNT), '1');
  t.equal(device.addInstance(TABLE, 'now').number, 3, 'a number is never used twice');

  t.test('a table without template takes the shape of a sibling, empty', async (t) => {
    const { number } = device.addInstance('Device.Hosts.Host.', 'now');
    t.equal(device.peek(`Device.Hosts.Host.${number}.HostName`), '');
    t.equal(device.peek(`Device.Hosts.Host.${number}.Active`), 'false');
    t.equal(device.peek('Device.Hosts.HostNumberOfEntries'), '3');
  });
  t.test('a count with a name of its own', async (t) => {
    const { root, top } = loadDump('home-router-tr098');
    const igd = createDataModel(root, top);
    igd.addInstance('InternetGatewayDevice.Layer3Forwarding.Forwarding.', 'now');
    t.equal(igd.peek('InternetGatewayDevice.Layer3Forwarding.ForwardNumberOfEntries'), '2');
  });
});

t.test('changes for later are seen only when applied', async (t) => {
  const device = model();
  const path = 'Device.Time.NTPServer1';
  t.same(device.write(new Map([[path, 'later.example.net']]), 'later'), []);
  t.equal(device.peek(path), 'ntp1.example.net');
  t.equal(device.committedParameter(path)?.value, 'later.example.net');
  device.write(new Map([['Device.Time.NTPServer2', 'now.example.net']]), 'now');
  const { number } = device.addInstance(TABLE, 'later');
  t.equal(device.object(`${TABLE}${number}.`), undefined);
  const changed = device.applyCommitted();
  t.ok(changed.includes(path) && changed.includes(COUNT));
  t.notOk(changed.includes('Device.Time.NTPServer2'), 'that one was applied before');
  t.equal(device.peek(path), 'later.example.net');
  t.ok(device.object(`${TABLE}${number}.`));
  t.same(device.applyCommitted(), []);
});

t.test('devices of one dump do not see each other', async (t) => {
  const [one, other] = [model(), model()];
  one.write(new Map([['Device.Time.NTPServer1', 'mine.example.net']]), 'now');
  t.equal(other.peek('Device.Time.NTPServer1'), 'ntp1.example.net');
  one.reset();
  t.equal(one.peek('Device.Time.NTPServer1'), 'ntp1.example.net');
});

t.test('hidden and computed values', async (t) => {
  const device = model();
  const path = 'Device.WiFi.AccessPoint.1.Security.KeyPassphrase';
  t.equal(device.parameter(path)?.value, '');
  t.equal(device.peek(path), 'meadow-secret');
  device.compute('Device.DeviceInfo.UpTime', () => '42');
  t.equal(device.parameter('Device.DeviceInfo.UpTime')?.value, '42');
});

t.test('names', async (t) => {
  const device = model();
  const paths = (path: string, nextLevel: boolean): string[] | undefined =>
    device.entries(path, nextLevel)?.map((entry) => entry.path);
  t.same(paths('', true), ['Device.']);
  t.ok(paths('Device.', true)?.includes('Device.WiFi.'));
  t.same(paths('Device.NAT.PortMapping.', true), ['Device.NAT.PortMapping.1.']);
  t.equal(paths('Device.NAT.', false)?.[0], 'Device.NAT.', 'the object itself comes first');
  t.equal(paths('Device.Nowhere.', true), undefined);
});
