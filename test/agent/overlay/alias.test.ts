// The Alias of rows whose CPE has none: shown, listed, searched, and never asked of the CPE (facts:
// usp-agent-requirements §4.4, cwmp-usp-translation §4.6).
import t from 'tap';
import { AgentAtHand } from '../agent-at-hand.ts';
import { nameless, tinyWithout } from '../nameless.ts';
import { add, create, get, getInstances, getSupportedDm, resultOf, set, update } from '../requests.ts';

const INTERFACES = 'Device.IP.Interface.';
const MAPPINGS = 'Device.NAT.PortMapping.';

/** An Agent that knows its CPE's tree already, so that RPCs counted are those of the message. */
async function agentOf(dump = nameless()): Promise<AgentAtHand> {
  const agent = new AgentAtHand({ dump });
  await agent.model();
  return agent;
}

t.test('each row has one, made up of its number, and no RPC is spent on it', async (t) => {
  const agent = await agentOf();
  const answer = await agent.expect('get_resp', get(`${INTERFACES}1.Alias`, `${INTERFACES}2.IPv4Address.1.Alias`));
  t.same(
    [resultOf(answer, 0), resultOf(answer, 1)],
    [{ [`${INTERFACES}1.`]: { Alias: 'cpe-1' } }, { [`${INTERFACES}2.IPv4Address.1.`]: { Alias: 'cpe-1' } }],
  );
  t.same(agent.cpe.called, []);
  const whole = resultOf(await agent.expect('get_resp', get(INTERFACES)));
  t.match(whole[`${INTERFACES}2.`], { Alias: 'cpe-2', Name: /./ });
  t.notOk(Object.keys(whole[`${INTERFACES}2.Stats.`] ?? {}).includes('Alias'), 'a single object has none');
  t.same(agent.own.tables, {}, 'nothing is stored of it');
});

t.test('it names its row in searches', async (t) => {
  const agent = await agentOf();
  const answer = await agent.expect(
    'get_resp',
    get(`${INTERFACES}[Alias=="cpe-2"].Name`, `${INTERFACES}[Alias=="nobody"].Name`, `${INTERFACES}9.Alias`),
  );
  t.same(Object.keys(resultOf(answer)), [`${INTERFACES}2.`]);
  t.same(
    answer.req_path_results.map(({ err_code }) => err_code),
    [0, 0, 7026],
  );
  t.same(resultOf(answer, 1), {});
});

t.test('it is a key: in GetInstances and in the Supported Data Model', async (t) => {
  const agent = await agentOf();
  const { req_path_results } = await agent.expect('get_instances_resp', getInstances(INTERFACES));
  for (const { instantiated_obj_path, unique_keys } of req_path_results[0]?.curr_insts ?? [])
    t.match(unique_keys.get('Alias'), /^cpe-\d$/, instantiated_obj_path);
  const supported = await agent.expect('get_supported_dm_resp', getSupportedDm('Device.'));
  const objects = supported.req_obj_results[0]?.supported_objs ?? [];
  t.ok(objects.some(({ supported_obj_path }) => supported_obj_path === `${INTERFACES}{i}.`));
  for (const { supported_obj_path, is_multi_instance, supported_params, unique_key_sets, access } of objects) {
    const alias = supported_params.find(({ param_name }) => param_name === 'Alias');
    if (!is_multi_instance) {
      t.equal(alias, undefined, supported_obj_path);
      continue;
    }
    t.match(alias, { value_type: 'PARAM_STRING' }, supported_obj_path);
    t.ok(
      unique_key_sets.some(({ key_names }) => key_names.length === 1 && key_names[0] === 'Alias'),
      supported_obj_path,
    );
    if (access === 'OBJ_ADD_DELETE') t.equal(alias?.access, 'PARAM_READ_WRITE', supported_obj_path);
  }
});

t.test("the CPE's own is its own, row by row", async (t) => {
  const agent = await agentOf(tinyWithout((path) => path === `${INTERFACES}2.Alias`));
  t.same(resultOf(await agent.expect('get_resp', get(`${INTERFACES}*.Alias`))), {
    [`${INTERFACES}1.`]: { Alias: 'wan' },
    [`${INTERFACES}2.`]: { Alias: 'cpe-2' },
  });
  t.match(agent.cpe.rpcs.at(-1)?.request, { ParameterNames: [`${INTERFACES}1.Alias`] });
});

t.test('a Controller gives one when it adds the row, and never again (TP-469 1.88, 1.96, 1.104)', async (t) => {
  const agent = await agentOf();
  const { created_obj_results } = await agent.expect(
    'add_resp',
    add(create(MAPPINGS, { Alias: 'games', 'ExternalPort!': '3074' }), create(MAPPINGS)),
  );
  t.match(created_obj_results, [
    { oper_status: { instantiated_path: `${MAPPINGS}2.`, unique_keys: new Map([['Alias', 'games']]) } },
    { oper_status: { instantiated_path: `${MAPPINGS}3.`, unique_keys: new Map([['Alias', 'cpe-3']]) } },
  ]);
  t.same(agent.own.tables, { [MAPPINGS]: { 2: { Alias: 'games' } } });
  const named = await agent.expect('get_resp', get(`${MAPPINGS}[Alias=="games"].ExternalPort`));
  t.same(resultOf(named), { [`${MAPPINGS}2.`]: { ExternalPort: '3074' } });
  for (const row of ['2.', '3.', '[Alias=="games"].']) {
    t.match(await agent.ask(set(update(MAPPINGS + row, { 'Alias!': 'other' }))), {
      kind: 'error',
      param_errs: [{ err_code: 7013 }],
    });
  }
  t.notOk(
    agent.cpe.rpcs.some(({ request }) => JSON.stringify(request).includes('Alias')),
    'the CPE hears nothing of it',
  );
});

t.test('a name that cannot be: nothing is made', async (t) => {
  const agent = await agentOf();
  await agent.expect('add_resp', add(create(MAPPINGS, { Alias: 'games' })));
  const refusals: readonly (readonly [alias: string, code: number])[] = [
    ['', 7012],
    ['1st', 7012],
    ['x'.repeat(65), 7012],
    ['cpe-9', 7012],
    ['games', 7025],
  ];
  for (const [Alias, err_code] of refusals) {
    t.match(await agent.ask(add(create(MAPPINGS, { Alias }))), { kind: 'error', param_errs: [{ err_code }] }, Alias);
    t.notOk(agent.cpe.called.includes('AddObject'), Alias);
  }
  t.match(await agent.ask(add(create(MAPPINGS, { Alias: 'two' }), create(MAPPINGS, { Alias: 'two' }))), {
    kind: 'error',
    param_errs: [{ err_code: 7025 }],
  });
  const longest = `x${'y'.repeat(63)}`;
  t.equal((await agent.ask(add(create(MAPPINGS, { Alias: longest })))).kind, 'add_resp');
});

t.test('a first row shows whether the CPE has one', async (t) => {
  const dump = tinyWithout((path) => path.startsWith(`${MAPPINGS}1.`) || /PortMapping\..*Alias$/.test(path));
  const agent = await agentOf(dump);
  const { created_obj_results } = await agent.expect('add_resp', add(create(MAPPINGS, { Alias: 'first' })));
  t.match(created_obj_results, [{ oper_status: { unique_keys: new Map([['Alias', 'first']]) } }]);
});
