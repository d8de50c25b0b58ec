// A name that the Agent keeps for a row of the CPE, given in an Add that a kill cuts: the row that this Add made has it.
import t from 'tap';
import { deferred } from '../../proxy/operate/deferred.ts';
import { dumpOf } from '../cpe/dump.ts';
import { dumpRows } from '../cpe/dumps.ts';
import { addBody, AGENT, getBody, requestsOf, setScene, until } from './scene.ts';

const MAPPINGS = 'Device.NAT.PortMapping.';

t.test('killed when the row is made and the answer is lost', async (t) => {
  const dump = dumpOf(dumpRows('home-router-tr181').filter(({ path }) => !path.endsWith('.Alias')));
  const scene = await setScene(t, { dump });
  const first = scene.cpe.nextSession();
  await scene.cpe.start();
  await first;
  const made = deferred<undefined>();
  scene.relay.gate = (way, text) => {
    if (way !== 'to-gateway' || !text.includes('AddObjectResponse')) return true;
    made.resolve(undefined);
    return false;
  };
  const controller = await scene.controller();
  controller.send(AGENT, { msg_id: 'add', body: addBody(MAPPINGS, { Alias: 'games', ExternalPort: '3074' }) });
  await made.promise;
  await scene.kill();
  await scene.startAgain();
  const outcome = await until(
    async () =>
      (await requestsOf(scene)).find(({ msg_id, state }) => msg_id === 'add' && /^(succ|fail|unkn)/.test(state)),
    'the outcome',
  );
  t.equal(outcome.state, 'succeeded');
  t.equal(scene.cpe.rpcs.filter(({ method }) => method === 'AddObject').length, 1);
  const again = await scene.controller();
  const named = await again.request(AGENT, getBody(`${MAPPINGS}[Alias=="games"].ExternalPort`, `${MAPPINGS}*.Alias`));
  t.equal(named.kind, 'get_resp');
  if (named.kind !== 'get_resp') return;
  const rows = named.req_path_results.map(({ resolved_path_results }) =>
    resolved_path_results.map(({ resolved_path, result_params }) => [resolved_path, ...result_params.values()]),
  );
  t.match(rows[0], [[/PortMapping\.\d+\.$/, '3074']]);
  const row = rows[0]?.[0]?.[0];
  for (const [path = '', alias] of rows[1] ?? [])
    t.equal(alias, path === row ? 'games' : `cpe-${path.slice(MAPPINGS.length, -1)}`, path);
});
