// Ports of a home's bridge that are no interfaces of it in TR-098: bridged connections, and guest networks of a vendor.
import t from 'tap';
import { fitted, ROOT, shippedModel, SmallDevice, smallModel } from './small-device.ts';
import type { View } from '../../../proxy/mapping/view.ts';

type Values = Readonly<Record<string, string>>;

async function viewOf(
  values: Values,
): Promise<{ cpe: SmallDevice; view: View; show: (...paths: readonly string[]) => readonly (string | undefined)[] }> {
  const cpe = new SmallDevice(values);
  const tree = cpe.tree();
  const view = await fitted(shippedModel(tree), cpe, tree);
  return { cpe, view, show: (...paths) => cpe.shown(view, tree, paths) };
}

const WAN = 'WANDevice.1.';
const CONNECTION = `${WAN}WANConnectionDevice.2.WANPPPConnection.3.`;
const connected = (type: string): Values => ({
  'LANDevice.1.LANHostConfigManagement.MACAddress': '02:00:00:00:00:01',
  'LANDevice.1.LANEthernetInterfaceConfig.1.Enable': '1',
  [`${WAN}WANCommonInterfaceConfig.WANAccessType`]: 'Ethernet',
  [`${CONNECTION}ConnectionType`]: type,
  [`${CONNECTION}ConnectionStatus`]: 'Connected',
  [`${CONNECTION}Enable`]: '1',
  [`${CONNECTION}Stats.EthernetBytesSent`]: '17',
});
const BRIDGE = 'Device.Bridging.Bridge.1.';

t.test('a bridged connection is a port of the first LANDevice’s bridge', async (t) => {
  const { cpe, view, show } = await viewOf(connected('PPPoE_Bridged'));
  t.strictSame(view.instances(cpe.tree()).objects.get(`${BRIDGE}Port.`)?.instances, [1, 2, 3]);
  t.strictSame(
    show(
      `${BRIDGE}Port.3.Enable`,
      `${BRIDGE}Port.3.Status`,
      `${BRIDGE}Port.3.LowerLayers`,
      `${BRIDGE}Port.3.Stats.BytesSent`,
      `${BRIDGE}Port.1.LowerLayers`,
    ),
    ['true', 'Up', 'Device.Ethernet.Link.2', '17', `${BRIDGE}Port.2,${BRIDGE}Port.3`],
  );
  t.strictSame(show('Device.IP.InterfaceNumberOfEntries', 'Device.PPP.InterfaceNumberOfEntries'), ['0', '0']);
  t.match(view.settingsFor(`${BRIDGE}Port.3.Enable`, 'false', cpe.known), {
    settings: [{ Name: `${ROOT}${CONNECTION}Enable`, Value: '0' }],
  });
});

t.test('a routed connection is none, nor is one of a device that says itself what it bridges', async (t) => {
  const routed = await viewOf(connected('IP_Routed'));
  t.strictSame(routed.show(`${BRIDGE}PortNumberOfEntries`, 'Device.PPP.InterfaceNumberOfEntries'), ['2', '1']);
  const own = await viewOf({ ...connected('IP_Bridged'), 'Layer2Bridging.MaxBridgeEntries': '4' });
  t.strictSame(own.show(`${BRIDGE}PortNumberOfEntries`), ['2']);
});

const WLAN = 'LANDevice.1.WLANConfiguration.1.';
const GUEST = `${WLAN}X_TP_MultiSSID.MultiSSIDEntry.2.`;
const GUESTS: Values = {
  [`${WLAN}SSID`]: 'home',
  [`${WLAN}Enable`]: '1',
  [`${WLAN}Channel`]: '6',
  [`${WLAN}X_TP_Band`]: '2.4GHz',
  [`${WLAN}X_TP_PreSharedKey`]: 'home secret',
  [`${WLAN}X_TP_WlBrName.1.IfName`]: 'wl0',
  [`${WLAN}X_TP_WlBrName.2.IfName`]: 'wl2',
  [`${GUEST}SSID`]: 'guests',
  [`${GUEST}Enable`]: '0',
  [`${GUEST}BeaconType`]: '11i',
  [`${GUEST}IEEE11iAuthenticationMode`]: 'PSKAuthentication',
  [`${GUEST}PreSharedKey`]: 'guest secret',
  'Layer2Bridging.Filter.1.FilterInterface': 'wl0',
  'Layer2Bridging.Filter.2.FilterInterface': 'wl2',
};

t.test('a guest network is an SSID of its own', async (t) => {
  const { cpe, view, show } = await viewOf(GUESTS);
  t.strictSame(view.instances(cpe.tree()).objects.get('Device.WiFi.SSID.')?.instances, [1, 101]);
  t.strictSame(show('Device.WiFi.SSID.101.SSID', 'Device.WiFi.SSID.101.LowerLayers'), [
    'guests',
    'Device.WiFi.Radio.1',
  ]);
  t.strictSame(
    show('Device.WiFi.AccessPoint.1.SSIDReference', 'Device.WiFi.AccessPoint.101.SSIDReference'),
    ['Device.WiFi.SSID.1', 'Device.WiFi.SSID.101'],
    'each access point names its own',
  );
  const security = 'Device.WiFi.AccessPoint.101.Security.';
  t.strictSame(show(`${security}ModeEnabled`, `${security}KeyPassphrase`), ['WPA2-Personal', 'guest secret']);
  t.match(view.settingsFor(`${security}KeyPassphrase`, 'another secret', cpe.known), {
    settings: [{ Name: `${ROOT}${GUEST}PreSharedKey`, Value: 'another secret' }],
  });
  t.strictSame(show(`${BRIDGE}Port.2.LowerLayers`, `${BRIDGE}Port.3.LowerLayers`), [
    'Device.WiFi.SSID.1',
    'Device.WiFi.SSID.101',
  ]);
});

t.test('filters name the ports by what the operating system calls them', async (t) => {
  const { show } = await viewOf(GUESTS);
  t.strictSame(show('Device.Bridging.Filter.1.Interface', 'Device.Bridging.Filter.2.Interface'), [
    `${BRIDGE}Port.2`,
    `${BRIDGE}Port.3`,
  ]);
});

t.test('with: gives numbers', (t) => {
  const rules = 'tables: { port: { at: "A.{a}.", with: { lan: one } } }';
  t.throws(() => smallModel(rules, new SmallDevice({}).tree()), /lan must be a whole number/);
  t.end();
});
