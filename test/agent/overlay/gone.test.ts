// Names go with their rows, so that a number that comes again does not inherit one (facts: cwmp-usp-translation §14.12).
import t from 'tap';
import { forgetGoneRows } from '../../../proxy/agent/overlay/forget.ts';
import { formatRows, NO_ROWS, parseRows, type Rows } from '../../../proxy/agent/local-agent/rows.ts';
import { withValues } from '../../../proxy/agent/overlay/values.ts';
import { AgentAtHand } from '../agent-at-hand.ts';
import { AgentOverStore } from '../agent-over-store.ts';
import { nameless } from '../nameless.ts';
import { add, create, get, remove, removePartly, resultOf } from '../requests.ts';
import { viewOver } from '../../mapping/view-at-hand.ts';
import { KEY } from '../../store/contract/samples.ts';

const MAPPINGS = 'Device.NAT.PortMapping.';
const POOLS = 'Device.DHCPv4.Server.Pool.';

const aliasOf = async (agent: AgentAtHand, row: number): Promise<string | undefined> =>
  resultOf(await agent.expect('get_resp', get(`${MAPPINGS}${row}.Alias`)))[`${MAPPINGS}${row}.`]?.['Alias'];

t.test('a row that we delete', async (t) => {
  const agent = new AgentAtHand({ dump: nameless() });
  await agent.expect('add_resp', add(create(MAPPINGS, { Alias: 'games' }), create(MAPPINGS, { Alias: 'phone' })));
  await agent.expect('delete_resp', remove(`${MAPPINGS}[Alias=="games"].`));
  t.same(agent.own.tables, { [MAPPINGS]: { 3: { Alias: 'phone' } } });
  await agent.expect('delete_resp', removePartly(`${MAPPINGS}*.`));
  t.same(agent.own.tables, {});
});

t.test('a row that the CPE refuses to delete keeps it', async (t) => {
  const agent = new AgentAtHand({ dump: nameless() });
  await agent.expect('add_resp', add(create(MAPPINGS, { Alias: 'games' })));
  agent.cpe.rules.add({ method: 'DeleteObject', answer: 9001, times: 1 });
  await agent.expect('delete_resp', removePartly(`${MAPPINGS}2.`));
  t.equal(await aliasOf(agent, 2), 'games');
});

t.test('a row that is undone leaves none, nor does its number inherit one', async (t) => {
  const agent = new AgentAtHand({ dump: nameless() });
  const bad = create(MAPPINGS, { Alias: 'games', 'Description!': 'x'.repeat(300) });
  agent.own = withValues(NO_ROWS, `${MAPPINGS}2.`, { Alias: 'left' });
  t.equal((await agent.ask(add(bad))).kind, 'error');
  agent.own = withValues(NO_ROWS, `${MAPPINGS}3.`, { Alias: 'left' });
  await agent.expect('add_resp', add(create(MAPPINGS)));
  t.equal(await aliasOf(agent, 3), 'cpe-3', 'what was left behind under its number is not its name');
});

async function storing(t: Parameters<typeof AgentOverStore.open>[0], rows: Rows): Promise<AgentOverStore> {
  const agent = await AgentOverStore.open(t);
  const { localVersion } = await agent.device();
  t.equal(await agent.store.devices.changeLocal(KEY, localVersion, formatRows(rows)), 'changed');
  return agent;
}

t.test('rows that are not in the tree any more', async (t) => {
  const named = [`${MAPPINGS}1.`, `${MAPPINGS}2.`, `${POOLS}1.`, `${POOLS}1.Option.4.`].reduce(
    (rows, row) => withValues(rows, row, { Alias: 'named' }),
    withValues(NO_ROWS, 'Device.DeviceInfo.', { FriendlyName: 'kept' }),
  );
  const agent = await storing(t, named);
  const { view, tree } = viewOver([`${MAPPINGS}1.Enable=`, `${POOLS}2.Enable=`, `${POOLS}2.Option.4.Value=`]);
  await forgetGoneRows(agent.store, await agent.device(), () => Promise.resolve(view), tree);
  t.same(parseRows((await agent.device()).local).tables, {
    'Device.DeviceInfo.': { 0: { FriendlyName: 'kept' } },
    [MAPPINGS]: { 1: { Alias: 'named' } },
  });
});

t.test('where nothing is named nothing is stored', async (t) => {
  const agent = await storing(t, withValues(NO_ROWS, 'Device.DeviceInfo.', { FriendlyName: 'kept' }));
  const before = await agent.device();
  const { view, tree } = viewOver([`${MAPPINGS}1.Enable=`]);
  await forgetGoneRows(agent.store, before, () => Promise.resolve(view), tree);
  t.equal((await agent.device()).localVersion, before.localVersion);
});
