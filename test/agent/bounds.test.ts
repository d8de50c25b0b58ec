// What one message may cost: no path, search or list makes an Agent work without end (promise 5).
import t from 'tap';
import { AgentAtHand } from './agent-at-hand.ts';
import { add, addPartly, create, get, remove, set, update } from './requests.ts';

const MAPPINGS = 'Device.NAT.PortMapping.';
const MOST_STEPS = 99;
const changing = (agent: AgentAtHand): number =>
  agent.cpe.called.filter((name) => name === 'AddObject' || name === 'DeleteObject' || name === 'SetParameterValues')
    .length;
const codeOf = async (agent: AgentAtHand, path: string): Promise<number | undefined> =>
  (await agent.expect('get_resp', get(path))).req_path_results[0]?.err_code;

t.test('paths of ten thousand parts are refused without an RPC, and at once', async (t) => {
  const agent = new AgentAtHand();
  await agent.model();
  agent.cpe.beginTurn();
  const began = process.cpuUsage().user;
  for (const path of [
    `Device.${'A.'.repeat(10_000)}`,
    `Device.${'IP.'.repeat(10_000)}`,
    `Device.IP.Interface.${'*.'.repeat(10_000)}`,
    `Device.IP.Interface.1.${'LowerLayers+.'.repeat(10_000)}`,
    `Device.IP.Interface.[${'Enable==true&&'.repeat(10_000)}Enable==true].`,
    `Device.IP.Interface.[LowerLayers+.${'LowerLayers#*+.'.repeat(10_000)}Name=="x"].`,
    `Device.IP.Interface.[Name=="${'x'.repeat(100_000)}"].`,
    'Device.IP.Interface.[[[[[['.repeat(10_000),
  ]) {
    const code = await codeOf(agent, path);
    t.ok(code === 7008 || code === 7026 || code === 0, `${path.slice(0, 40)}… ${code}`);
  }
  t.ok(agent.cpe.called.length <= 2, 'only the one long constant is a search');
  t.ok(process.cpuUsage().user - began < 2_000_000, 'CPU time');
});

t.test('references that lead in a circle end', async (t) => {
  const agent = new AgentAtHand({
    values: {
      'Device.Ethernet.Link.1.LowerLayers': 'Device.Ethernet.Link.1,Device.Ethernet.Link.2',
      'Device.Ethernet.Link.2.LowerLayers': 'Device.Ethernet.Link.1,Device.Ethernet.Link.2',
    },
  });
  await agent.model();
  agent.cpe.beginTurn();
  t.equal(await codeOf(agent, `Device.Ethernet.Link.1.${'LowerLayers#*+.'.repeat(16)}Name`), 0);
  t.equal(await codeOf(agent, `Device.Ethernet.Link.1.${'LowerLayers#*+.'.repeat(17)}Name`), 7008);
  t.ok(agent.cpe.called.length < 10, agent.cpe.called.join());
});

t.test('an Add of more rows than one request has steps for', async (t) => {
  const many = Array.from({ length: 120 }, () => create(MAPPINGS, { Description: 'x' }));
  const whole = new AgentAtHand();
  t.match(await whole.ask(add(...many)), { kind: 'error', err_code: 7005 });
  t.equal(changing(whole), 0, 'nothing is begun that could not be undone');
  const partly = new AgentAtHand();
  const { created_obj_results } = await partly.expect('add_resp', addPartly(...many));
  const made = created_obj_results.filter(({ oper_status }) => oper_status.kind === 'oper_success').length;
  t.ok(made > 40 && made < 60, String(made));
  t.match(created_obj_results.at(-1), { oper_status: { kind: 'oper_failure', err_code: 7005 } });
  t.ok(changing(partly) <= MOST_STEPS);
});

t.test('a Delete of more rows than one request has steps for', async (t) => {
  const agent = new AgentAtHand();
  for (let row = 0; row < 120; row += 1) agent.cpe.device.model.addInstance(MAPPINGS, 'now');
  await agent.model();
  t.match(await agent.ask(remove(`${MAPPINGS}*.`)), { kind: 'error', err_code: 7005 });
  t.equal(changing(agent), 0);
});

t.test('a Set that a CPE refuses parameter by parameter', async (t) => {
  const agent = new AgentAtHand();
  for (let row = 0; row < 150; row += 1) agent.cpe.device.model.addInstance(MAPPINGS, 'now');
  await agent.model();
  agent.cpe.beforeRpc = (method) => {
    if (method !== 'SetParameterValues') return;
    agent.cpe.rules.clear();
    const { request } = agent.cpe.rpcs.findLast((rpc) => rpc.method === 'SetParameterValues') ?? {};
    const sent = (request as { readonly ParameterList?: readonly { readonly Name: string }[] } | undefined)
      ?.ParameterList;
    const name = sent?.[1]?.Name ?? sent?.[0]?.Name ?? `${MAPPINGS}1.Description`;
    agent.cpe.rules.add({ method: 'SetParameterValues', answer: { fault: 9003, parameters: [{ name, code: 9007 }] } });
  };
  const answer = await agent.expect('set_resp', set(update(`${MAPPINGS}*.`, { Description: 'x' })));
  t.match(answer.updated_obj_results, [{ oper_status: { kind: 'oper_success' } }]);
  t.ok(changing(agent) <= MOST_STEPS, String(changing(agent)));
});
