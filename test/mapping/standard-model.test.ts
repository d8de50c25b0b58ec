// Facts of TR-181 written down by hand, found in the model as it is shipped.
import t from 'tap';
import { loadStandardModel, type StandardArgument } from '../../proxy/mapping/standard-model.ts';

const model = loadStandardModel(19);
const names = (items: readonly StandardArgument[]): readonly string[] => items.map(({ name }) => name);

t.test('objects', async (t) => {
  const ssid = model.object('Device.WiFi.SSID.{i}.');
  t.equal(ssid?.access, 'readWrite');
  t.equal(ssid?.multi, true);
  t.equal(ssid?.numEntriesParam, 'SSIDNumberOfEntries');
  t.equal(ssid?.enableParam, 'Enable');
  t.same(ssid?.uniqueKeys, [
    { functional: false, names: ['Alias'] },
    { functional: false, names: ['Name'] },
    { functional: true, names: ['BSSID'] },
  ]);
  t.same(ssid?.children, ['Device.WiFi.SSID.{i}.Stats.']);
  t.same(model.object('Device.NAT.PortMapping.{i}.')?.uniqueKeys[1], {
    functional: true,
    names: ['RemoteHost', 'ExternalPort', 'Protocol'],
  });
  t.equal(model.object('Device.WiFi.Radio.{i}.')?.access, 'readOnly', 'a table whose rows the device makes');
  t.equal(model.object('Device.WiFi.')?.multi, false);
  t.ok(model.object('Device.')?.children.includes('Device.WiFi.'));
  t.ok(model.object('Device.LocalAgent.Subscription.{i}.'), 'what the gateway owns is in the model as well');
});

t.test('parameters', async (t) => {
  const parameter = (path: string) => {
    const found = model.parameter(path);
    if (found === undefined) throw new Error(`${path} is not in the model`);
    return found;
  };
  t.equal(parameter('Device.WiFi.SSID.{i}.Enable').access, 'readWrite');
  t.equal(parameter('Device.WiFi.SSID.{i}.Enable').value.valueType, 'BOOLEAN');
  t.equal(parameter('Device.WiFi.SSID.{i}.Alias').access, 'writeOnceReadOnly');
  t.equal(parameter('Device.WiFi.SSID.{i}.BSSID').access, 'readOnly');
  t.equal(parameter('Device.WiFi.SSID.{i}.BSSID').value.typeName, 'MACAddress');
  t.equal(parameter('Device.DeviceInfo.UpTime').value.valueType, 'UNSIGNED_INT');
  t.equal(parameter('Device.DeviceInfo.UpTime').valueChange, 'WILL_IGNORE');
  t.equal(parameter('Device.DeviceInfo.SoftwareVersion').valueChange, 'ALLOWED');
  t.equal(parameter('Device.DeviceInfo.FirstUseDate').value.valueType, 'DATE_TIME');
  t.equal(parameter('Device.IP.Interface.{i}.Stats.BytesSent').value.valueType, 'UNSIGNED_LONG');
  t.equal(parameter('Device.DHCPv4.Server.Pool.{i}.ClientID').value.valueType, 'HEX_BINARY');
  t.equal(parameter('Device.SoftwareModules.ExecEnv.{i}.CurrentRunLevel').value.valueType, 'INT');
  t.equal(parameter('Device.DeviceInfo.Location.{i}.DataObject').value.valueType, 'STRING');
  t.same(parameter('Device.NAT.PortMapping.{i}.Protocol').value.enumeration, ['TCP', 'UDP']);
  t.same(parameter('Device.IP.Interface.{i}.MaxMTUSize').value.ranges, [{ low: 64, high: 65535 }]);
  t.same(parameter('Device.DeviceInfo.ProvisioningCode').value.lengths, [{ low: -Infinity, high: 64 }]);
  t.equal(parameter('Device.DeviceInfo.ManufacturerOUI').value.pattern, '[0-9A-F]{6}');
  t.equal(parameter('Device.Bridging.Bridge.{i}.STP.BridgePriority').value.step, 4096);
  t.equal(parameter('Device.WiFi.AccessPoint.{i}.Security.KeyPassphrase').secured, true);
  t.equal(parameter('Device.WiFi.SSID.{i}.SSID').secured, false);
  t.same(parameter('Device.NAT.PortMapping.{i}.Interface').reference, {
    kind: 'row',
    strength: 'strong',
    targets: ['Device.IP.Interface.{i}.'],
  });
  t.same(parameter('Device.WiFi.Radio.{i}.OperatingStandards').reference, {
    kind: 'values',
    target: 'Device.WiFi.Radio.{i}.SupportedStandards',
    nullValue: undefined,
  });
});

t.test('a list is a string on the wire, and its items have their own type', async (t) => {
  const regeneration = model.parameter('Device.Bridging.Bridge.{i}.Port.{i}.PriorityRegeneration')?.value;
  t.equal(regeneration?.list, true);
  t.equal(regeneration?.valueType, 'STRING');
  t.equal(regeneration?.itemType, 'UNSIGNED_INT');
  t.same(regeneration?.itemCounts, [{ low: 8, high: 8 }]);
});

t.test('commands and events', async (t) => {
  const ping = model.command('Device.IP.Diagnostics.IPPing()');
  t.equal(ping?.type, 'ASYNC');
  t.ok(ping?.inputs.find(({ name }) => name === 'Host')?.mandatory);
  t.notOk(ping?.inputs.find(({ name }) => name === 'DSCP')?.mandatory);
  t.ok(names(ping?.outputs ?? []).includes('AverageResponseTimeDetailed'));
  t.equal(model.command('Device.WiFi.SSID.{i}.Stats.Reset()')?.type, 'SYNC');
  const echo = model.command('Device.IP.Diagnostics.UDPEchoDiagnostics()');
  t.equal(echo?.inputs.find(({ name }) => name === 'Port')?.defaultValue, '7');
  const activate = model.command('Device.DeviceInfo.FirmwareImage.{i}.Activate()');
  t.ok(
    names(activate?.inputs ?? []).includes('TimeWindow.{i}.Mode'),
    'an argument in a table, as GetSupportedDM has it',
  );
  t.same(names(model.event('Device.Boot!')?.arguments ?? []), [
    'CommandKey',
    'Cause',
    'Reason',
    'FirmwareUpdated',
    'ParameterMap',
  ]);
});

t.test('what TR-181 does not know has no entry', async (t) => {
  t.equal(model.parameter('Device.WiFi.SSID.{i}.X_EXAMPLE-COM_Colour'), undefined);
  t.equal(model.object('Device.X_EXAMPLE.'), undefined);
  t.equal(model.object('Device.WiFi.SSID.1.'), undefined, 'paths are generalised');
  t.equal(model.parameter('Device.WiFi.SSID.{i}.'), undefined);
  t.equal(model.command('Device.Nothing()'), undefined);
  t.equal(model.parameter('constructor'), undefined);
});

t.test('versions', async (t) => {
  const [first, fifteenth] = [loadStandardModel(12), loadStandardModel(15)];
  t.same(names(first.command('Device.Reboot()')?.inputs ?? []), [], 'Cause and Reason came with 2.18');
  t.same(names(model.command('Device.Reboot()')?.inputs ?? []), ['Cause', 'Reason']);
  t.ok(first.parameter('Device.Hosts.Host.{i}.AddressSource'));
  t.equal(fifteenth.parameter('Device.Hosts.Host.{i}.AddressSource'), undefined, 'deleted with 2.15');
  t.ok(loadStandardModel(17).object('Device.WiFi.MultiAP.'));
  t.equal(loadStandardModel(18).object('Device.WiFi.MultiAP.'), undefined, 'deleted with 2.18');
  t.notOk(loadStandardModel(18).object('Device.WiFi.')?.children.includes('Device.WiFi.MultiAP.'));
  t.equal(first.event('Device.LocalAgent.Subscription.{i}.Triggered!'), undefined);
  t.equal(first.object('Device.TrustedElements.'), undefined, 'came with 2.19');
  t.equal(loadStandardModel(14).parameter('Device.Time.NTPServer1')?.life.deleted, 19);
});

t.test('versions share what they have in common, and the ends stand for all beyond', async (t) => {
  t.equal(loadStandardModel(16), loadStandardModel(16));
  t.equal(loadStandardModel(4), loadStandardModel(12), 'a CPE older than USP');
  t.equal(loadStandardModel(99), model, 'a CPE newer than the file');
  t.equal(model.minor, 19);
  t.equal(
    loadStandardModel(12).object('Device.PPP.Interface.{i}.IPCP.'),
    model.object('Device.PPP.Interface.{i}.IPCP.'),
  );
});

t.test('a key whose parameter is not there at a version is no key', async (t) => {
  const dangling = [12, 13, 14, 15, 16, 17, 18, 19].flatMap((minor) =>
    [...loadStandardModel(minor).objects.values()].flatMap(({ path, uniqueKeys, parameters }) =>
      uniqueKeys
        .flatMap((key) => key.names)
        .filter((name) => !parameters.has(name))
        .map((name) => `2.${minor} ${path}${name}`),
    ),
  );
  t.same(dangling, []);
});
