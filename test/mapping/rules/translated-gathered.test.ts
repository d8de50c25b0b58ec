// One value of the view from parameters of several objects of the CPE, and counts of rows that no object stands for.
import t from 'tap';
import { fitted, ROOT, shippedModel, SmallDevice, smallModel } from './small-device.ts';

const CONNECTION = 'WANDevice.1.WANConnectionDevice.1.';
const FLAGS = [`${CONNECTION}WANIPConnection.1.DNSEnabled`, `${CONNECTION}WANPPPConnection.2.DNSEnabled`];
const device = (...values: readonly string[]): SmallDevice =>
  new SmallDevice(
    Object.fromEntries([
      ...FLAGS.slice(0, values.length).map((name, index) => [name, values[index] ?? ''] as const),
      [`${CONNECTION}WANIPConnection.1.ConnectionType`, 'IP_Routed'],
    ]),
  );
const ENABLE = 'Device.DNS.Client.Enable';

t.test('all: yes makes one value of the parameters of all objects', async (t) => {
  const cpe = device('0', '1');
  const tree = cpe.tree();
  const view = await fitted(shippedModel(tree), cpe, tree);
  const names = FLAGS.map((name) => ROOT + name);
  t.strictSame(view.reading(ENABLE).cpeNames, names);
  t.strictSame(cpe.shown(view, tree, [ENABLE]), ['true']);
  t.match(view.settingsFor(ENABLE, 'true', cpe.known), { ok: true, settings: [] }, 'what is so stays as it is');
  t.match(view.settingsFor(ENABLE, 'false', cpe.known), { settings: names.map((Name) => ({ Name, Value: '0' })) });
  const off = device('0', '0');
  t.match(view.settingsFor(ENABLE, 'true', off.known), { ok: false, code: 7012 }, 'which one is meant nobody knows');
  const single = device('0');
  const one = await fitted(shippedModel(single.tree()), single, single.tree());
  t.match(one.settingsFor(ENABLE, 'true', single.known), { settings: [{ Name: names[0], Value: '1' }] });
});

t.test('all: yes needs a codec that puts the values together', (t) => {
  const rules = 'objects: [{ at: "A.{a}.", to: DNS.Client., parameters: { Enable: { from: E, all: yes } } }]';
  t.throws(() => smallModel(rules, device('0').tree()), /only by as/);
  t.end();
});

t.test('a table that the device counts and does not name is counted', async (t) => {
  const cpe = new SmallDevice({
    'LANDevice.1.WLANConfiguration.1.SSID': 'net',
    'LANDevice.1.WLANConfiguration.1.TotalAssociations': '0',
    'QueueManagement.Enable': '1',
    'QueueManagement.FlowNumberOfEntries': '0',
  });
  const tree = cpe.tree();
  const view = await fitted(shippedModel(tree), cpe, tree);
  const wlan = `${ROOT}LANDevice.1.WLANConfiguration.1.`;
  t.strictSame(view.counters('Device.WiFi.AccessPoint.1.AssociatedDevice.'), [
    { name: `${wlan}TotalAssociations`, table: `${wlan}AssociatedDevice.` },
  ]);
  t.strictSame(view.cpeObjects('Device.WiFi.AccessPoint.1.AssociatedDevice.'), [wlan], 'where rows would come to be');
  t.strictSame(cpe.shown(view, tree, ['Device.QoS.FlowNumberOfEntries', 'Device.QoS.AppNumberOfEntries']), [
    '0',
    undefined,
  ]);
});

t.test('an Alias of the device is given with the row, and stays', async (t) => {
  const cpe = new SmallDevice({ 'XMPP.Connection.1.Alias': 'home', 'XMPP.Connection.1.Enable': '1' });
  const tree = cpe.tree();
  const view = await fitted(shippedModel(tree), cpe, tree);
  const table = 'Device.XMPP.Connection.';
  t.strictSame(cpe.shown(view, tree, [`${table}1.Alias`]), ['home']);
  t.equal(view.supported.objects.get(`${table}{i}.`)?.parameters.get('Alias')?.access, 'writeOnceReadOnly');
  t.equal(view.instances(tree).objects.get(`${table}1.`)?.parameters.get('Alias'), false);
  const row = view.creation(table, new Map());
  t.match(row.kind === 'object' && row.settingsFor('Alias', 'away', cpe.known), {
    settings: [{ Name: `${ROOT}XMPP.Connection.0.Alias`, Value: 'away' }],
  });
});

t.test('EnableCWMP is shown, and never written', async (t) => {
  const cpe = new SmallDevice({ 'ManagementServer.EnableCWMP': '1', 'ManagementServer.URL': 'http://acs' });
  const tree = cpe.tree();
  const view = await fitted(shippedModel(tree), cpe, tree);
  const path = 'Device.CWMPManagementServer.EnableCWMP';
  t.strictSame(cpe.shown(view, tree, [path]), ['true']);
  t.equal(view.instances(tree).objects.get('Device.CWMPManagementServer.')?.parameters.get('EnableCWMP'), false);
  t.strictSame(view.viewNames(`${ROOT}ManagementServer.URL`), []);
});

t.test('the rate of an interface is the higher of what the device tells of both ways', async (t) => {
  const rates = async (down: string, up: string): Promise<readonly (string | undefined)[]> => {
    const cpe = new SmallDevice({
      'WANDevice.1.WANCommonInterfaceConfig.WANAccessType': 'Ethernet',
      'WANDevice.1.WANCommonInterfaceConfig.Layer1DownstreamMaxBitRate': down,
      'WANDevice.1.WANCommonInterfaceConfig.Layer1UpstreamMaxBitRate': up,
    });
    const tree = cpe.tree();
    const view = await fitted(shippedModel(tree), cpe, tree);
    return cpe.shown(view, tree, ['Device.Ethernet.Interface.1.CurrentBitRate']);
  };
  t.strictSame(await rates('1000', '0'), ['1000']);
  t.strictSame(await rates('2500000000', '1250000000'), ['2500']);
});
