// What TR-181 has otherwise for a CPE that speaks CWMP: what is hidden, what a command writes, where things are.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import t from 'tap';
import { loadCwmpDifference, loadStandardModel } from '../../proxy/mapping/standard-model.ts';

const FACTS = resolve('../shared/facts/data-models');
const away = existsSync(FACTS) ? false : 'the fact tables are not here';
const difference = loadCwmpDifference();
const model = loadStandardModel(19);

t.test('hidden from USP', async (t) => {
  for (const path of [
    'Device.ManagementServer.',
    'Device.ManagementServer.ConnectionRequestPassword',
    'Device.ManagementServer.X_EXAMPLE_Secret',
    'Device.USPAgent.Controller.{i}.MTP.{i}.Enable',
    'Device.DeviceInfo.SupportedDataModel.',
    'Device.DeviceInfo.SupportedDataModel.{i}.URN',
    'Device.DeviceInfo.SupportedDataModelNumberOfEntries',
    'Device.WiFi.Reset',
    'Device.Ethernet.WoL.Password',
    'Device.SoftwareModules.ExecEnv.{i}.RequestedRunLevel',
    'Device.IP.Diagnostics.IPPing.',
    'Device.IP.Diagnostics.IPPing.DiagnosticsState',
    'Device.IP.Diagnostics.TraceRoute.RouteHops.{i}.Host',
    'Device.MoCA.Interface.{i}.Aca.DiagnosticsState',
    'Device.Routing.Babel.MACKeySet.{i}.MACKey.{i}.MACTestState',
  ]) {
    t.equal(difference.isHidden(path), true, path);
  }
});

t.test('shown to USP', async (t) => {
  for (const path of [
    'Device.',
    'Device.ManagementServerX.',
    'Device.WiFi.SSID.{i}.Enable',
    'Device.IP.Diagnostics.',
    'Device.IP.Diagnostics.IPv4PingSupported',
    'Device.MoCA.Interface.{i}.Aca.',
    'Device.Routing.Babel.MACKeySet.{i}.MACKey.{i}.',
    'Device.Routing.Babel.MACKeySet.{i}.MACKey.{i}.KeyValue',
    'Device.Ethernet.WoL.',
    'Device.X_EXAMPLE.Reset',
  ]) {
    t.equal(difference.isHidden(path), false, path);
  }
  const hidden = [...model.objects.values()].flatMap(({ path, parameters }) =>
    [path, ...[...parameters.keys()].map((name) => path + name)].filter((one) => difference.isHidden(one)),
  );
  const switchesCwmpOff = ['Device.CWMPManagementServer.', 'Device.CWMPManagementServer.EnableCWMP'];
  t.same(hidden, switchesCwmpOff, 'nothing else of the USP model is hidden');
});

t.test('commands that are the writing of parameters', async (t) => {
  t.same(difference.triggerOf('Device.DHCPv4.Client.{i}.Renew()'), [
    { parameter: 'Device.DHCPv4.Client.{i}.Renew', value: 'true' },
  ]);
  t.same(difference.triggerOf('Device.SoftwareModules.ExecEnv.{i}.SetRunLevel()'), [
    { parameter: 'Device.SoftwareModules.ExecEnv.{i}.RequestedRunLevel', argument: 'RequestedRunLevel' },
  ]);
  t.same(difference.triggerOf('Device.Ethernet.WoL.SendMagicPacket()'), [
    { parameter: 'Device.Ethernet.WoL.MACAddress', argument: 'MACAddress' },
    { parameter: 'Device.Ethernet.WoL.Password', argument: 'Password' },
    { parameter: 'Device.Ethernet.WoL.SendMagicPacket', value: 'true' },
  ]);
  t.equal(difference.triggerOf('Device.Reboot()'), undefined, 'an RPC of its own');
  t.equal(difference.commandOf('Device.WiFi.SSID.{i}.Stats.Reset'), 'Device.WiFi.SSID.{i}.Stats.Reset()');
  t.equal(difference.commandOf('Device.Ethernet.WoL.MACAddress'), 'Device.Ethernet.WoL.SendMagicPacket()');
  t.equal(difference.commandOf('Device.WiFi.SSID.{i}.Enable'), undefined);
});

t.test('commands that are a diagnostic', async (t) => {
  t.same(difference.singletonOf('Device.IP.Diagnostics.IPLayerCapacity()'), {
    object: 'Device.IP.Diagnostics.IPLayerCapacityMetrics.',
    stateParameter: 'Device.IP.Diagnostics.IPLayerCapacityMetrics.DiagnosticsState',
  });
  t.equal(
    difference.singletonOf('Device.WiFi.Radio.{i}.RemoteMeasurementRequest()')?.object,
    'Device.WiFi.RemoteMeasurementDiagnostic.',
  );
  t.same(difference.singletonOf('Device.MoCA.Interface.{i}.Aca.Aca()'), {
    object: 'Device.MoCA.Interface.{i}.Aca.',
    stateParameter: 'Device.MoCA.Interface.{i}.Aca.DiagnosticsState',
  });
  t.equal(
    difference.singletonOf('Device.Routing.Babel.MACKeySet.{i}.MACKey.{i}.MACTest()')?.stateParameter,
    'Device.Routing.Babel.MACKeySet.{i}.MACKey.{i}.MACTestState',
  );
  t.equal(difference.singletonOf('Device.WiFi.Reset()'), undefined);
});

t.test('places and accesses that differ', async (t) => {
  t.equal(
    difference.cwmpPathOf('Device.IP.Diagnostics.DownloadTransports'),
    'Device.IP.Diagnostics.DownloadDiagnostics.DownloadTransports',
  );
  t.equal(
    difference.cwmpPathOf('Device.IP.Diagnostics.IPLayerCapacityAuthCode.{i}.Alias'),
    'Device.IP.Diagnostics.IPLayerCapacityMetrics.IPLayerCapacityAuthCode.{i}.Alias',
  );
  t.equal(difference.cwmpPathOf('Device.WiFi.SSID.{i}.SSID'), 'Device.WiFi.SSID.{i}.SSID');
  t.equal(difference.cwmpAccessOf('Device.WiFi.SSID.{i}.Alias'), 'readWrite');
  t.equal(difference.cwmpAccessOf('Device.NAT.PortMapping.{i}.Origin'), 'readOnly');
  t.equal(difference.cwmpAccessOf('Device.WiFi.SSID.{i}.SSID'), undefined);
});

t.test('every command, argument and place that is named is in the model', async (t) => {
  const lines = readFileSync(resolve('mappings/tr181/cwmp-difference.txt'), 'utf8').split('\n');
  for (const line of lines) {
    const [word, path = ''] = line.split(' ');
    if (word === 'trigger' || word === 'diagnostics') {
      const command = model.command(path);
      t.ok(command, line);
      for (const setting of difference.triggerOf(path) ?? []) {
        if ('argument' in setting)
          t.ok(
            command?.inputs.some(({ name }) => name === setting.argument),
            line,
          );
      }
    }
    if (word === 'moved') t.ok(model.parameter(path) ?? model.object(path), line);
    if (word === 'access' && !path.startsWith('*')) t.ok(model.parameter(path), line);
  }
});

t.test('every path of the CWMP model is shown, hidden or moved as the tables have it', { skip: away }, async (t) => {
  const paths = (name: string): ReadonlyMap<string, string> =>
    new Map(
      readFileSync(resolve(FACTS, name), 'utf8')
        .split('\n')
        .slice(1)
        .map((line) => line.split('\t'))
        .map(([path = '', , , access = '']) => [path, access]),
    );
  const [cwmp, usp] = [paths('tr181-cwmp.tsv'), paths('tr181-usp.tsv')];
  const wronglyShown = [...cwmp.keys()].filter((path) => difference.isHidden(path) === usp.has(path));
  t.same(wronglyShown, [], 'hidden is what the USP model does not have, and only that');
  const wronglyPlaced = [...usp.keys()].filter((path) => difference.cwmpPathOf(path) !== path && cwmp.has(path));
  t.same(wronglyPlaced, []);
  const wrongAccess = [...usp].filter(
    ([path, access]) =>
      cwmp.has(path) && !path.endsWith('.') && (difference.cwmpAccessOf(path) ?? access) !== cwmp.get(path),
  );
  t.same(wrongAccess, []);
});
