// Values that decide which rows there are, when they turn out to be others than is remembered.
import t from 'tap';
import type { ReadValues } from '../../../proxy/device/read-values.ts';
import { tellsOthers } from '../../../proxy/mapping/rules/doubts.ts';
import { translatedView } from '../../../proxy/mapping/translated-view.ts';
import type { View } from '../../../proxy/mapping/view.ts';
import { fitted, ROOT, SmallDevice, smallModel } from './small-device.ts';

const RULES = `
tables:
  host:
    at: LANDevice.{lan}.Hosts.Host.{host}.
    key: { parameters: [MACAddress] }
  radio:
    at: LANDevice.{lan}.WLANConfiguration.{wlan}.
    together: { from: X_Band }
    number: { by: { low: 1, high: 2 }, from: 3 }
objects:
  - { at: "LANDevice.{lan}.Hosts.Host.{host}.", to: "Hosts.Host.{host}.", same: [HostName] }
  - at: LANDevice.{lan}.WLANConfiguration.{wlan}.
    to: WiFi.Radio.{radio}.
    parameters: { Enable: RadioEnabled, Channel: Channel }
`;
const BAND = `${ROOT}LANDevice.1.WLANConfiguration.1.X_Band`;
const MAC = (row: number): string => `${ROOT}LANDevice.1.Hosts.Host.${row}.MACAddress`;

const device = (): SmallDevice =>
  new SmallDevice({
    'LANDevice.1.Hosts.Host.1.MACAddress': '02:00:00:00:00:01',
    'LANDevice.1.Hosts.Host.1.HostName': 'desk',
    'LANDevice.1.Hosts.Host.2.MACAddress': '02:00:00:00:00:02',
    'LANDevice.1.Hosts.Host.2.HostName': 'phone',
    'LANDevice.1.WLANConfiguration.1.X_Band': 'low',
    'LANDevice.1.WLANConfiguration.1.RadioEnabled': '1',
    'LANDevice.1.WLANConfiguration.1.Channel': '6',
  });
const read = (values: Readonly<Record<string, string>>): ReadValues => ({
  values: new Map(Object.entries(values).map(([Name, Value]) => [Name, { Name, Value, Type: 'string' }])),
  missing: new Set(),
  failed: new Map(),
});
const radios = (view: View, tree: ReturnType<SmallDevice['tree']>): readonly number[] | undefined =>
  view.instances(tree).objects.get('Device.WiFi.Radio.')?.instances;

t.test('what is as remembered, or spelled another way, is no doubt', async (t) => {
  const one = device();
  const tree = one.tree();
  const view = await fitted(smallModel(RULES, tree), one, tree);
  t.equal(view.doubts(read({ [BAND]: ' LOW', [`${ROOT}LANDevice.1.Hosts.Host.1.HostName`]: 'other' })), undefined);
  t.strictSame(view.doubts(read({ [BAND]: 'high' })), { doubted: true, asked: [] });
  t.strictSame(
    view.doubts(read({ [MAC(2)]: '02:00:00:00:00:09' })),
    { doubted: false, asked: [`${ROOT}LANDevice.1.Hosts.Host.`] },
    'a row has moved: others of its table may have as well',
  );
});

t.test('in doubt the values that decide are read anew, those that move only where rows may have moved', async (t) => {
  const one = device();
  const tree = one.tree();
  const view = await fitted(smallModel(RULES, tree), one, tree);
  one.reads.splice(0);
  one.values.set(BAND, 'high');
  const other = await view.fit(one.access, tree, view.doubts(read({ [BAND]: 'high' })) ?? {});
  t.strictSame(one.reads, [[BAND]]);
  t.strictSame([radios(view, tree), radios(other, tree)], [[1], [2]]);
  t.equal(await other.fit(one.access, tree), other, 'once');
});

t.test('after a boot all of them are read once, and what is alike stays one view', async (t) => {
  const [one, two] = [device(), device()];
  const tree = one.tree();
  const model = smallModel(RULES, tree);
  const view = await fitted(model, one, tree);
  t.equal(await fitted(model, two, tree), view);
  one.reads.splice(0);
  const booted = { ...one.access, remembered: one.remembered, since: 17 };
  t.equal(await view.fit(booted, tree), view, 'they say the same');
  t.strictSame([...(one.reads[0] ?? [])].sort(), [MAC(1), MAC(2), BAND].sort());
  t.equal(translatedView(model, tree, one.remembered), view);
  t.equal(await view.fit({ ...one.access, remembered: one.remembered, since: 17 }, tree), view);
  t.equal(one.reads.length, 1);
  one.values.set(BAND, 'high');
  const other = await view.fit({ ...one.access, remembered: one.remembered, since: 18 }, tree);
  t.strictSame(radios(other, tree), [2]);
});

t.test('what an Inform tells is held against what is remembered', async (t) => {
  const one = device();
  const tree = one.tree();
  await fitted(smallModel(RULES, tree), one, tree);
  const tells = (name: string, value: string): boolean => tellsOthers(one.remembered, ROOT, [[name, value]]);
  t.equal(tells(BAND, 'high'), true);
  t.equal(tells(BAND, 'Low'), false);
  t.equal(tells(`${ROOT}LANDevice.1.WLANConfiguration.1.Channel`, '11'), false, 'it decides nothing');
  t.equal(tellsOthers('', ROOT, [[BAND, 'high']]), false, 'nobody has asked for the device yet');
});
