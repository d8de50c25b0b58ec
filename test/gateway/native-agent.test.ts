// A CPE that runs a USP Agent of its own is managed by CWMP and not shadowed, unless the operator wants that.
import t, { type Test } from 'tap';
import { dumpOf } from '../cpe/dump.ts';
import { dumpRows } from '../cpe/dumps.ts';
import { agentOf, type Harness, startHarness } from './harness.ts';
import { GET_LOCAL, GET_SOFTWARE, knownCpe, openPeer, recordOf } from './north-tools.ts';
import { counted } from './south-tools.ts';

const NATIVE = 'os::02C0DE-T0001';
const values: Readonly<Record<string, string>> = {
  EndpointID: NATIVE,
  'MTP.1.Enable': '1',
  'Controller.1.Enable': '1',
};
const dump = dumpOf([
  ...dumpRows('tiny-tr181'),
  ...Object.entries(values).map(([name, value]) => ({
    path: `Device.USPAgent.${name}`,
    type: 'string' as const,
    writable: false,
    value,
    facets: {},
  })),
]);

async function scene(
  t: Test,
  settings = {},
): Promise<{ readonly harness: Harness; readonly agent: string; readonly device: string }> {
  const harness = await startHarness(t, settings);
  const cpe = await knownCpe(harness, { dump });
  const agent = agentOf(cpe);
  return { harness, agent, device: agent.slice('ops::'.length) };
}
const look = async ({ apiUrl }: Harness, path: string): Promise<unknown> => (await fetch(apiUrl + path)).json();

t.test('refuse: its Records are ignored and counted; REST still has the device, and says why', async (t) => {
  const { harness, agent, device } = await scene(t);
  const other = agentOf(await knownCpe(harness));
  const peer = await openPeer(t, harness);
  const grown = await counted(harness, ['record_dropped'], async () => {
    peer.send(recordOf(agent, { msg_id: 'local', body: GET_LOCAL }));
    peer.send(recordOf(agent, { msg_id: 'cpe', body: GET_SOFTWARE }));
    t.match(await peer.ask(other, GET_LOCAL, 'after'), { msg_id: 'after' }, 'another device is served');
  });
  t.same(grown, { 'record_dropped native-agent': 2 });
  t.match(await look(harness, `/devices/${device}`), { nativeAgent: NATIVE, discovered: true });
  const response = await fetch(`${harness.apiUrl}/devices/${device}/doctor`, { method: 'POST' });
  t.match(await response.text(), /USP Agent of its own.*os::02C0DE-T0001/);
});

t.test('shadow: it has an Agent here too', async (t) => {
  const { harness, agent, device } = await scene(t, { 'usp.native': 'shadow' });
  const peer = await openPeer(t, harness);
  t.match(await peer.ask(agent, GET_LOCAL), { body: { kind: 'get_resp' } });
  t.match(await look(harness, `/devices/${device}`), { nativeAgent: NATIVE });
});
