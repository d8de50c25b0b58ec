// Rows of a translated view: which there are, how they are numbered, how they come and go.
import t from 'tap';
import { fitted, ROOT, SmallDevice, smallModel } from './small-device.ts';

const HOSTS = `
tables:
  host:
    at: LANDevice.{lan}.Hosts.Host.{host}.
    key: { parameters: [MACAddress] }
objects:
  - at: LANDevice.{lan}.Hosts.Host.{host}.
    to: Hosts.Host.{host}.
    same: [HostName]
    parameters:
      PhysAddress: MACAddress
`;
const host = (number: number, mac: string, name: string): Record<string, string> => ({
  [`LANDevice.1.Hosts.Host.${number}.MACAddress`]: mac,
  [`LANDevice.1.Hosts.Host.${number}.HostName`]: name,
});

t.test('a host keeps its number when the CPE orders its table anew', async (t) => {
  const device = new SmallDevice({ ...host(1, '00:00:00:00:00:0A', 'desk'), ...host(2, '00:00:00:00:00:0B', 'phone') });
  const tree = device.tree();
  const model = smallModel(HOSTS, tree);
  const before = await fitted(model, device, tree);
  t.strictSame(device.show(before, tree, 'Device.Hosts.Host.2.HostName'), { kind: 'value', value: 'phone' });
  for (const [name, value] of Object.entries({
    ...host(1, '00:00:00:00:00:0B', 'phone'),
    ...host(2, '00:00:00:00:00:0A', 'desk'),
  })) {
    device.values.set(ROOT + name, value);
  }
  t.strictSame(
    device.show(before, tree, 'Device.Hosts.Host.2.HostName'),
    { kind: 'missing' },
    'what the CPE has put in its place is not shown under its number',
  );
  const after = await before.fit(device.access, tree, { asked: [`${ROOT}LANDevice.1.Hosts.`] });
  t.strictSame(device.show(after, tree, 'Device.Hosts.Host.2.HostName'), { kind: 'value', value: 'phone' });
  t.strictSame(device.show(after, tree, 'Device.Hosts.Host.1.HostName'), { kind: 'value', value: 'desk' });
});

t.test('numbers come back from what is remembered; where nothing is new nothing is asked', async (t) => {
  const device = new SmallDevice({ ...host(1, '00:00:00:00:00:0A', 'desk'), ...host(2, '00:00:00:00:00:0B', 'phone') });
  const tree = device.tree();
  await fitted(smallModel(HOSTS, tree), device, tree);
  const gone = new SmallDevice(host(2, '00:00:00:00:00:0B', 'phone'));
  gone.remembered = device.remembered;
  const treeAfter = gone.tree();
  const model = smallModel(HOSTS, treeAfter);
  const view = await fitted(model, gone, treeAfter);
  t.strictSame(view.instances(treeAfter).objects.get('Device.Hosts.Host.')?.instances, [2]);
  t.strictSame(gone.show(view, treeAfter, 'Device.RootDataModelVersion'), { kind: 'value', value: '2.16' });
  const asked = gone.reads.length;
  t.equal(await view.fit(gone.access, treeAfter), view);
  t.equal(gone.reads.length, asked);
});

const RADIOS = `
tables:
  ssid: { at: "LANDevice.{lan}.WLANConfiguration.{wlan}.", number: { like: wlan, from: 101 } }
  radio:
    at: LANDevice.{lan}.WLANConfiguration.{wlan}.
    together: { from: X_Band }
    number: { by: { low: 1, high: 2 }, from: 3 }
objects:
  - at: LANDevice.{lan}.WLANConfiguration.{wlan}.
    to: WiFi.SSID.{ssid}.
    same: [SSID]
    parameters:
      LowerLayers: { refer: "WiFi.Radio.{radio}." }
  - at: LANDevice.{lan}.WLANConfiguration.{wlan}.
    to: WiFi.Radio.{radio}.
    parameters:
      Enable: { from: RadioEnabled, everywhere: yes }
`;
const wlan = (number: number, band: string): Record<string, string> => ({
  [`LANDevice.1.WLANConfiguration.${number}.SSID`]: `net ${number}`,
  [`LANDevice.1.WLANConfiguration.${number}.X_Band`]: band,
  [`LANDevice.1.WLANConfiguration.${number}.RadioEnabled`]: '1',
});

t.test('rows that share a value are one row, and each of them is written to', async (t) => {
  const device = new SmallDevice({ ...wlan(1, 'low'), ...wlan(2, 'low'), ...wlan(5, 'high') });
  const tree = device.tree();
  const view = await fitted(smallModel(RADIOS, tree), device, tree);
  const objects = view.instances(tree).objects;
  t.strictSame(objects.get('Device.WiFi.SSID.')?.instances, [1, 2, 5]);
  t.strictSame(objects.get('Device.WiFi.Radio.')?.instances, [1, 2]);
  t.strictSame(device.show(view, tree, 'Device.WiFi.SSID.5.LowerLayers'), {
    kind: 'value',
    value: 'Device.WiFi.Radio.2',
  });
  t.strictSame(device.show(view, tree, 'Device.WiFi.RadioNumberOfEntries'), { kind: 'value', value: '2' });
  const written = view.settingsFor('Device.WiFi.Radio.1.Enable', 'false', device.known);
  t.strictSame(written, {
    ok: true,
    shown: 'false',
    settings: [1, 2].map((number) => ({
      Name: `${ROOT}LANDevice.1.WLANConfiguration.${number}.RadioEnabled`,
      Value: '0',
      Type: 'boolean',
    })),
  });
  t.strictSame(view.viewNames(`${ROOT}LANDevice.1.WLANConfiguration.5.SSID`), ['Device.WiFi.SSID.5.SSID']);
});

const MAPPINGS = `
tables:
  ip:
    sources:
      - { at: "WANDevice.{wan}.WANConnectionDevice.{link}.WANIPConnection.{wanIp}." }
      - { at: "WANDevice.{wan}.WANConnectionDevice.{link}.WANPPPConnection.{wanPpp}." }
  mapping:
    sources:
      - { at: "WANDevice.{wan}.WANConnectionDevice.{link}.WANIPConnection.{wanIp}.PortMapping.{map}." }
      - { at: "WANDevice.{wan}.WANConnectionDevice.{link}.WANPPPConnection.{wanPpp}.PortMapping.{map}." }
    add:
      object:
        - WANDevice.{wan}.WANConnectionDevice.{link}.WANIPConnection.{wanIp}.PortMapping.
        - WANDevice.{wan}.WANConnectionDevice.{link}.WANPPPConnection.{wanPpp}.PortMapping.
      parent: { parameter: Interface, tables: [IP.Interface.], otherwise: /Layer3Forwarding.DefaultConnectionService }
    remove: object
objects:
  - sources:
      - { at: "WANDevice.{wan}.WANConnectionDevice.{link}.WANIPConnection.{wanIp}." }
      - { at: "WANDevice.{wan}.WANConnectionDevice.{link}.WANPPPConnection.{wanPpp}." }
    to: IP.Interface.{ip}.
    same: [Enable]
  - sources:
      - { at: "WANDevice.{wan}.WANConnectionDevice.{link}.WANIPConnection.{wanIp}.PortMapping.{map}." }
      - { at: "WANDevice.{wan}.WANConnectionDevice.{link}.WANPPPConnection.{wanPpp}.PortMapping.{map}." }
    to: NAT.PortMapping.{mapping}.
    same: [ExternalPort]
    parameters:
      Enable: { from: PortMappingEnabled, order: 9 }
      Interface: { refer: "IP.Interface.{ip}." }
      AllInterfaces: { constant: false }
`;
const CONNECTION = 'WANDevice.1.WANConnectionDevice.1';

t.test('a row is added where its parameter says, or where the device has its default', async (t) => {
  const device = new SmallDevice(
    {
      [`${CONNECTION}.WANIPConnection.1.Enable`]: '1',
      [`${CONNECTION}.WANPPPConnection.2.Enable`]: '1',
      [`${CONNECTION}.WANIPConnection.1.PortMapping.4.ExternalPort`]: '80',
      [`${CONNECTION}.WANIPConnection.1.PortMapping.4.PortMappingEnabled`]: '1',
      'Layer3Forwarding.DefaultConnectionService': `${ROOT}${CONNECTION}.WANPPPConnection.2.`,
    },
    [`${CONNECTION}.WANPPPConnection.2.PortMapping.`],
  );
  const tree = device.tree();
  const view = await fitted(smallModel(MAPPINGS, tree), device, tree);
  const table = 'Device.NAT.PortMapping.';
  t.strictSame(view.instances(tree).objects.get(table)?.instances, [1]);
  t.equal(view.instances(tree).objects.get(table)?.writable, true);
  t.strictSame(device.show(view, tree, `${table}1.Interface`), { kind: 'value', value: 'Device.IP.Interface.1' });

  const byDefault = view.creation(table, new Map());
  t.match(byDefault, { kind: 'object', object: `${ROOT}${CONNECTION}.WANPPPConnection.2.PortMapping.` });
  const named = view.creation(table, new Map([['Interface', 'Device.IP.Interface.1']]));
  t.match(named, { kind: 'object', object: `${ROOT}${CONNECTION}.WANIPConnection.1.PortMapping.` });
  if (named.kind !== 'object') return;
  t.strictSame(named.settingsFor('Interface', 'Device.IP.Interface.1', device.known), {
    ok: true,
    settings: [],
    shown: 'Device.IP.Interface.1',
  });
  t.match(named.settingsFor('Enable', 'true', device.known), {
    settings: [
      { Name: `${ROOT}${CONNECTION}.WANIPConnection.1.PortMapping.0.PortMappingEnabled`, Value: '1', order: 9 },
    ],
  });
  t.match(view.creation(table, new Map([['Interface', 'Device.IP.Interface.7']])), { kind: 'refused' });
  t.strictSame(view.removal(`${table}1.`), {
    kind: 'object',
    object: `${ROOT}${CONNECTION}.WANIPConnection.1.PortMapping.4.`,
  });
  t.equal(view.rowOf(table, `${ROOT}${CONNECTION}.WANIPConnection.1.PortMapping.4.`), `${table}1.`);
  t.strictSame([...view.cpeObjects(table)].sort(), [
    `${ROOT}${CONNECTION}.WANIPConnection.1.PortMapping.`,
    `${ROOT}${CONNECTION}.WANPPPConnection.2.PortMapping.`,
  ]);
});

t.test('interfaces above others are the interface stack', async (t) => {
  const device = new SmallDevice({ ...wlan(1, 'low'), ...wlan(5, 'high') });
  const tree = device.tree();
  const view = await fitted(smallModel(RADIOS, tree), device, tree);
  const values = (name: string): readonly unknown[] =>
    [1, 2].map((row) => device.show(view, tree, `Device.InterfaceStack.${row}.${name}`));
  t.strictSame(values('HigherLayer'), [
    { kind: 'value', value: 'Device.WiFi.SSID.1' },
    { kind: 'value', value: 'Device.WiFi.SSID.5' },
  ]);
  t.strictSame(values('LowerLayer'), [
    { kind: 'value', value: 'Device.WiFi.Radio.1' },
    { kind: 'value', value: 'Device.WiFi.Radio.2' },
  ]);
  t.strictSame(device.show(view, tree, 'Device.InterfaceStackNumberOfEntries'), { kind: 'value', value: '2' });
});

t.test('what no rule maps is at the raw place, never what makes the CPE ours', async (t) => {
  const device = new SmallDevice({
    ...host(1, '00:00:00:00:00:0A', 'desk'),
    'LANDevice.1.Hosts.Host.1.X_Vendor': 'v',
    'ManagementServer.URL': 'http://acs',
    'ManagementServer.X_Secret': 's',
  });
  const tree = device.tree();
  const view = await fitted(smallModel(HOSTS, tree), device, tree);
  const shown = [...view.instances(tree).objects.values()].flatMap(({ path, parameters }) =>
    [...parameters.keys()].map((name) => path + name),
  );
  t.strictSame(
    shown.filter((path) => path.startsWith('Device.X_CAUSEWAY_IGD.')),
    ['Device.X_CAUSEWAY_IGD.LANDevice.1.Hosts.Host.1.X_Vendor'],
  );
});

const POOLS = `
tables:
  pool:
    sources:
      - at: LANDevice.{lan}.LANHostConfigManagement.
      - at: LANDevice.{lan}.LANHostConfigManagement.DHCPConditionalServingPool.{pool}.
  ipInterface:
    at: LANDevice.{lan}.LANHostConfigManagement.IPInterface.{address}.
objects:
  - at: LANDevice.{lan}.LANHostConfigManagement.IPInterface.{address}.
    to: IP.Interface.{ipInterface}.
    same: [Enable]
  - at: LANDevice.{lan}.LANHostConfigManagement.
    to: DHCPv4.Server.Pool.{pool}.
    parameters: { Enable: DHCPServerEnable }
  - at: LANDevice.{lan}.LANHostConfigManagement.DHCPConditionalServingPool.{pool}.
    to: DHCPv4.Server.Pool.{pool}.
    parameters:
      VendorClassID: VendorClassID
      Interface: { refer: "IP.Interface.{ipInterface}.", of: "/LANDevice.{lan}." }
`;

t.test('an object is of the nearest row above it, and may refer to what is beside it', async (t) => {
  const device = new SmallDevice({
    'LANDevice.1.LANHostConfigManagement.DHCPServerEnable': '1',
    'LANDevice.1.LANHostConfigManagement.IPInterface.1.Enable': '1',
    'LANDevice.1.LANHostConfigManagement.DHCPConditionalServingPool.4.VendorClassID': 'phones',
  });
  const tree = device.tree();
  const view = await fitted(smallModel(POOLS, tree), device, tree);
  const shown = (path: string): unknown => device.show(view, tree, `Device.DHCPv4.Server.Pool.${path}`);
  t.strictSame(shown('1.Enable'), { kind: 'value', value: 'true' });
  t.strictSame(shown('2.VendorClassID'), { kind: 'value', value: 'phones' });
  t.strictSame(shown('2.Interface'), { kind: 'value', value: 'Device.IP.Interface.1' });
  t.equal(shown('1.VendorClassID'), undefined, 'what is said of one row is not said of the other');
});

const ROUTES = `
tables:
  route:
    at:
      - Layer3Forwarding.Forwarding.{forwarding}.
      - WANDevice.{wan}.WANConnectionDevice.{link}.WANIPConnection.{ip}.
    add: { object: Layer3Forwarding.Forwarding. }
    remove: object
objects:
  - at: Layer3Forwarding.Forwarding.{forwarding}.
    to: Routing.Router.1.IPv4Forwarding.{route}.
    same: [Enable]
  - at: WANDevice.{wan}.WANConnectionDevice.{link}.WANIPConnection.{ip}.
    to: Routing.Router.1.IPv4Forwarding.{route}.
    same: [Enable]
`;

t.test('only what Add could have made is deleted: never a connection for its route', async (t) => {
  const connection = 'WANDevice.1.WANConnectionDevice.1.WANIPConnection.1.';
  const device = new SmallDevice({ 'Layer3Forwarding.Forwarding.4.Enable': '1', [`${connection}Enable`]: '1' });
  const tree = device.tree();
  const view = await fitted(smallModel(ROUTES, tree), device, tree);
  const rows = view.instances(tree);
  const table = 'Device.Routing.Router.1.IPv4Forwarding.';
  t.strictSame(rows.objects.get(table)?.instances, [1, 2]);
  t.strictSame(view.removal(`${table}1.`), { kind: 'object', object: `${ROOT}Layer3Forwarding.Forwarding.4.` });
  t.match(view.removal(`${table}2.`), { kind: 'refused', code: 7024 });
  t.equal(rows.objects.get(`${table}1.`)?.writable, true);
  t.equal(rows.objects.get(`${table}2.`)?.writable, false);
});
