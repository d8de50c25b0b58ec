// References of a device that are keys of other tables: what a bridge's filters are for, and which interfaces its ports are.
import t from 'tap';
import { fitted, ROOT, shippedModel, SmallDevice, smallModel } from './small-device.ts';
import type { View } from '../../../proxy/mapping/view.ts';

const BRIDGING = 'Layer2Bridging.';
const DEVICE = {
  'LANDevice.1.LANEthernetInterfaceConfig.1.Enable': '1',
  'LANDevice.1.LANEthernetInterfaceConfig.2.Enable': '1',
  [`${BRIDGING}Bridge.3.BridgeKey`]: '7',
  [`${BRIDGING}Bridge.3.BridgeEnable`]: '1',
  [`${BRIDGING}Bridge.3.Port.4.PortEnable`]: '1',
  [`${BRIDGING}Bridge.3.Port.4.PortInterface`]: '12',
  [`${BRIDGING}Filter.5.FilterEnable`]: '1',
  [`${BRIDGING}Filter.5.FilterBridgeReference`]: '7',
  [`${BRIDGING}Filter.5.FilterInterface`]: '11',
  [`${BRIDGING}AvailableInterface.1.AvailableInterfaceKey`]: '11',
  [`${BRIDGING}AvailableInterface.1.InterfaceReference`]: `${ROOT}LANDevice.1.LANEthernetInterfaceConfig.1`,
  [`${BRIDGING}AvailableInterface.2.AvailableInterfaceKey`]: '12',
  [`${BRIDGING}AvailableInterface.2.InterfaceReference`]: `${ROOT}LANDevice.1.LANEthernetInterfaceConfig.2.`,
};
const FILTER = 'Device.Bridging.Filter.5.';
// The LANDevice's bridge is the first one; its own port is 1.
const LAN_PORT = 'Device.Bridging.Bridge.1.Port.2';
const OWN_PORT = 'Device.Bridging.Bridge.2.Port.4';

async function viewOf(
  values: Readonly<Record<string, string>> = {},
): Promise<{ cpe: SmallDevice; view: View; show: (path: string) => string | undefined }> {
  const cpe = new SmallDevice({ ...DEVICE, ...values });
  const tree = cpe.tree();
  const view = await fitted(shippedModel(tree), cpe, tree);
  return { cpe, view, show: (path) => cpe.shown(view, tree, [path])[0] };
}

t.test('a key is the row that has it, or that the row with the key refers to', async (t) => {
  const { show } = await viewOf();
  t.equal(show(`${FILTER}Bridge`), 'Device.Bridging.Bridge.2');
  t.equal(show(`${FILTER}Interface`), LAN_PORT);
  t.equal(show(`${OWN_PORT}.LowerLayers`), 'Device.Ethernet.Interface.2');
  const own = await viewOf({ [`${BRIDGING}Filter.5.FilterInterface`]: '12' });
  t.equal(own.show(`${FILTER}Interface`), OWN_PORT, 'a port of the bridge itself before the LANDevice’s');
});

t.test('a key that no row has is no reference', async (t) => {
  const { show } = await viewOf({
    [`${BRIDGING}Filter.5.FilterBridgeReference`]: '-1',
    [`${BRIDGING}Filter.5.FilterInterface`]: 'LANInterfaces',
  });
  t.equal(show(`${FILTER}Bridge`), '');
  t.equal(show(`${FILTER}Interface`), '');
});

t.test('the keys are read with the reference, not remembered', async (t) => {
  const { cpe, view, show } = await viewOf();
  t.strictSame(view.reading(`${FILTER}Bridge`).cpeNames, [
    `${ROOT}${BRIDGING}Filter.5.FilterBridgeReference`,
    `${ROOT}${BRIDGING}Bridge.3.BridgeKey`,
  ]);
  cpe.values.set(`${ROOT}${BRIDGING}Bridge.3.BridgeKey`, '8');
  t.equal(show(`${FILTER}Bridge`), '');
});

t.test('a row is written as its key, and only that', async (t) => {
  const { cpe, view } = await viewOf();
  const name = `${ROOT}${BRIDGING}Filter.5.FilterInterface`;
  t.strictSame(view.settingsFor(`${FILTER}Interface`, OWN_PORT, cpe.known), {
    ok: true,
    settings: [{ Name: name, Value: '12', Type: 'string' }],
    shown: OWN_PORT,
  });
  t.match(view.settingsFor(`${FILTER}Interface`, `${LAN_PORT}.`, cpe.known), {
    settings: [{ Name: name, Value: '11' }],
  });
  t.match(view.settingsFor(`${FILTER}Bridge`, '', cpe.known), { settings: [{ Value: '-1', Type: 'int' }] });
  t.match(view.settingsFor(`${FILTER}Bridge`, 'Device.Bridging.Bridge.1', cpe.known), { ok: false, code: 7012 });
  const names = view.readBefore(`${FILTER}Bridge`);
  t.strictSame(names, view.reading(`${FILTER}Bridge`).cpeNames, 'all that it must know for that');
});

t.test('a new row may name what it is for', async (t) => {
  const { cpe, view } = await viewOf();
  const row = view.creation('Device.Bridging.Filter.', new Map());
  if (row.kind !== 'object') throw new Error('it is made by AddObject');
  t.strictSame(row.readBefore('Bridge'), [`${ROOT}${BRIDGING}Bridge.3.BridgeKey`]);
  t.strictSame(row.readBefore('Order'), []);
  t.match(row.settingsFor('Bridge', 'Device.Bridging.Bridge.2', cpe.known), {
    settings: [{ Name: `${ROOT}${BRIDGING}Filter.0.FilterBridgeReference`, Value: '7' }],
  });
});

t.test('what is wrong with a key is told', (t) => {
  const rules =
    (parameter: string): (() => unknown) =>
    () =>
      smallModel(
        `objects: [{ at: A., to: DNS.Client., parameters: { Enable: ${parameter} } }]`,
        new SmallDevice({}).tree(),
      );
  t.throws(rules('{ from: B, key: { at: C., is: D } }'), /key says nothing without as: reference/);
  t.throws(rules('{ from: B, as: reference, key: { at: C. } }'), /key needs at .* and is/);
  t.throws(rules('{ from: B, as: reference, key: { at: C., is: D, names: E, for: F. } }'), /one of names and for/);
  t.end();
});
