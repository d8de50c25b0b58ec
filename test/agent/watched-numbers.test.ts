// How many rows a table of a translated CPE has (ValueChange of `…NumberOfEntries`): the number is the view's own, so it is
// told from whatever the engine learns of the rows.
import t from 'tap';
import type { Notice } from '../../proxy/device/notices.ts';
import type { AgentAtHand } from './agent-at-hand.ts';
import { add, create, get, remove, resultOf } from './requests.ts';
import { look, type Wanted, watching as watchingOf } from './watching.ts';

const TABLE = 'Device.LocalAgent.Subscription.';
const HOSTS = 'Device.Hosts.Host.';
const HOST_COUNT = 'Device.Hosts.HostNumberOfEntries';
const MAPPINGS = 'Device.NAT.PortMapping.';
const MAPPING_COUNT = 'Device.NAT.PortMappingNumberOfEntries';
const CPE_HOSTS = 'InternetGatewayDevice.LANDevice.1.Hosts.Host.';
const CPE_HOST_COUNT = 'InternetGatewayDevice.LANDevice.1.Hosts.HostNumberOfEntries';

async function watching(...wanted: readonly Wanted[]): Promise<AgentAtHand> {
  const agent = await watchingOf({ dump: 'home-router-tr098' }, ...wanted);
  // What is there first is nobody's news.
  await look(agent);
  return agent;
}
const number = (param_path: string, param_value: string, to: readonly number[] = [10_000]): Notice => ({
  notification: { kind: 'value_change', param_path, param_value },
  to,
});
function addRow({ cpe }: AgentAtHand, table: string, name: string, value: string): void {
  const row = cpe.device.model.addInstance(table, 'now').number;
  cpe.device.model.write(new Map([[`${table}${row}.${name}`, value]]), 'now');
}
const addHost = (agent: AgentAtHand): void => addRow(agent, CPE_HOSTS, 'MACAddress', '02:CA:05:60:00:99');

t.test('the CPE counts one more: by name, by the object above it, and once each', async (t) => {
  const agent = await watching(
    ['ValueChange', HOST_COUNT],
    ['ValueChange', 'Device.Hosts.'],
    ['ValueChange', 'Device.'],
  );
  t.same(agent.cpe.raised, []);
  t.match(agent.cpe.ledger.get(CPE_HOST_COUNT), { rows: { table: HOSTS, rows: [1, 2, 3, 4] }, notification: 2 });
  addHost(agent);
  t.same(await look(agent), [number(HOST_COUNT, '5', [10_000, 10_001, 10_002])]);
  t.same(await look(agent), []);
  t.same(agent.cpe.called, ['GetParameterValues'], 'what counts is asked, and no table');
});

t.test('rows that a Controller makes and deletes, beside those who hear of the rows themselves', async (t) => {
  const agent = await watching(
    ['ValueChange', MAPPING_COUNT],
    ['ObjectCreation', MAPPINGS],
    ['ObjectDeletion', MAPPINGS],
  );
  await agent.expect('add_resp', add(create(MAPPINGS, { ExternalPort: '8081' })));
  t.match(await look(agent), [
    number(MAPPING_COUNT, '3'),
    { notification: { kind: 'obj_creation', obj_path: `${MAPPINGS}4.` }, to: [10_001] },
  ]);
  await agent.expect('delete_resp', remove(`${MAPPINGS}1.`));
  t.match(await look(agent), [
    { notification: { kind: 'obj_deletion', obj_path: `${MAPPINGS}1.` }, to: [10_002] },
    number(MAPPING_COUNT, '2'),
  ]);
});

t.test('a table that nothing counts is asked for where its count is named', async (t) => {
  const count = 'Device.WiFi.AccessPoint.1.AssociatedDeviceNumberOfEntries';
  const table = 'InternetGatewayDevice.LANDevice.1.WLANConfiguration.1.';
  const agent = await watching(['ValueChange', 'Device.WiFi.AccessPoint.*.AssociatedDeviceNumberOfEntries']);
  const [before] = Object.values(resultOf(await agent.expect('get_resp', get(count))));
  const rows = Number(before?.['AssociatedDeviceNumberOfEntries']);
  addRow(agent, `${table}AssociatedDevice.`, 'AssociatedDeviceMACAddress', '02:CA:05:60:00:77');
  t.same(await look(agent), [number(count, String(rows + 1))]);
});

t.test('without such a Subscription nobody asks what counts', async (t) => {
  const agent = await watching(['ValueChange', 'Device.WiFi.SSID.1.SSID']);
  await look(agent);
  t.same(agent.cpe.called, []);
  t.notOk([...agent.cpe.ledger.values()].some(({ rows }) => rows !== undefined));
});

t.test('a Get of a number looks at the table', async (t) => {
  const agent = await watching();
  addHost(agent);
  t.same(resultOf(await agent.expect('get_resp', get(HOST_COUNT))), { 'Device.Hosts.': { HostNumberOfEntries: '5' } });
});

t.test('with its last Subscription a table is let go', async (t) => {
  const agent = await watching(['ValueChange', HOST_COUNT]);
  await agent.ask(remove(`${TABLE}10000.`));
  await look(agent);
  t.equal(agent.cpe.ledger.size, 0);
});
