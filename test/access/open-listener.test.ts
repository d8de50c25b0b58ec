// On an open loopback listener a Controller that nobody knows becomes a row of the tenant's template, the same in every
// Agent, with full access (DESIGN "Outside, by default").
import t from 'tap';
import { agentOf, startHarness } from '../gateway/harness.ts';
import { handshake, knownCpe, openPeer, type Peer } from '../gateway/north-tools.ts';

const TABLE = 'Device.LocalAgent.Controller.';

/** Endpoint ID of each row. */
async function controllers(peer: Peer, agent: string): Promise<Readonly<Record<string, string>>> {
  const { body } = await peer.ask(agent, { kind: 'get', param_paths: [`${TABLE}*.EndpointID`], max_depth: 0 });
  if (body.kind !== 'get_resp') throw new Error(body.kind);
  return Object.fromEntries(
    body.req_path_results.flatMap(({ resolved_path_results }) =>
      resolved_path_results.map(({ resolved_path, result_params }) => [
        resolved_path,
        result_params.get('EndpointID') ?? '',
      ]),
    ),
  );
}

t.test('an unknown eid', async (t) => {
  const harness = await startHarness(t);
  const [one, two] = [await knownCpe(harness), await knownCpe(harness)];
  const first = await openPeer(t, harness, { controller: 'proto::first' });
  const second = await openPeer(t, harness, { controller: 'self::second', agent: agentOf(two) });
  const rows = { [`${TABLE}1.`]: 'proto::first', [`${TABLE}2.`]: 'self::second' };
  t.same(await controllers(first, agentOf(one)), rows);
  t.same(await controllers(second, agentOf(two)), rows, 'the same rows in every Agent');
  await openPeer(t, harness, { controller: 'proto::first' });
  t.same(await controllers(second, agentOf(two)), rows, 'once only');

  const obj_path = 'Device.WiFi.Radio.1.';
  const Channel = { param: 'Channel', value: '9', required: true };
  const { body } = await second.ask(agentOf(two), {
    kind: 'set',
    allow_partial: false,
    update_objs: [{ obj_path, param_settings: [Channel] }],
  });
  t.match(body, { kind: 'set_resp' }, 'it may change the CPE');
  t.equal(two.get(`${obj_path}Channel`), '9');
});

t.test('an unknown Agent makes no row', async (t) => {
  const harness = await startHarness(t);
  const cpe = await knownCpe(harness);
  const refused = await handshake(t, harness, '/usp/ops::02C0DE-Router-NOBODY?eid=proto::lost');
  t.equal(refused.status, 404);
  const peer = await openPeer(t, harness);
  t.same(Object.values(await controllers(peer, agentOf(cpe))), ['proto::controller-1']);
});
