// What a path may be, it may be in every message: references followed (`+`, `#n+`, `#*+`), keys of several parts in any
// order, an object without its last dot (facts: usp-agent-requirements §4.1, §4.2).
import t from 'tap';
import { watchedParameters } from '../../proxy/agent/subscriptions/watched.ts';
import { AgentAtHand } from './agent-at-hand.ts';
import { add, create, get, getInstances, getSupportedDm, operate, remove, resultOf, set, update } from './requests.ts';

const MAPPINGS = 'Device.NAT.PortMapping.';
const INTERFACES = 'Device.IP.Interface.';
const LINKS = 'Device.Ethernet.Link.';
const BOTH = 'Device.Ethernet.Link.1,Device.Ethernet.Link.2.';

/** Interface 1 lies on both links; the mapping leads to interface 1. */
const agentOf = (values: Readonly<Record<string, string>> = {}): AgentAtHand =>
  new AgentAtHand({ values: { [`${INTERFACES}1.LowerLayers`]: BOTH, ...values } });

t.test('Get: one, the n-th, all of a list, and what lies behind', async (t) => {
  const agent = agentOf();
  const cases: readonly (readonly [string, readonly string[]])[] = [
    [`${MAPPINGS}1.Interface+.Name`, [`${INTERFACES}1.`]],
    [`${INTERFACES}1.LowerLayers+.Name`, [`${LINKS}1.`]],
    [`${INTERFACES}1.LowerLayers#2+.Name`, [`${LINKS}2.`]],
    [`${INTERFACES}1.LowerLayers#3+.Name`, []],
    [`${INTERFACES}1.LowerLayers#*+.Name`, [`${LINKS}1.`, `${LINKS}2.`]],
    [`${MAPPINGS}*.Interface+.LowerLayers#2+.LowerLayers+.Name`, ['Device.Ethernet.Interface.2.']],
    [`${MAPPINGS}[Interface+.LowerLayers#*+.Name=="br0"].Interface+.Name`, [`${INTERFACES}1.`]],
    [
      `${INTERFACES}1.LowerLayers#*+.LowerLayers+.Stats.BytesSent`,
      [1, 2].map((row) => `Device.Ethernet.Interface.${row}.Stats.`),
    ],
    [`${MAPPINGS}1.Interface+.IPv4Address.*.IPAddress`, [`${INTERFACES}1.IPv4Address.1.`]],
  ];
  for (const [path, objects] of cases) {
    const answer = await agent.expect('get_resp', get(path));
    t.match(answer, { req_path_results: [{ requested_path: path, err_code: 0 }] });
    t.same(Object.keys(resultOf(answer)), objects, path);
  }
});

t.test('GetInstances', async (t) => {
  const agent = agentOf();
  const rowsOf = async (path: string): Promise<readonly string[] | undefined> => {
    const { req_path_results } = await agent.expect('get_instances_resp', getInstances(path));
    return req_path_results[0]?.curr_insts.map(({ instantiated_obj_path }) => instantiated_obj_path);
  };
  t.same(await rowsOf(`${MAPPINGS}1.Interface+.IPv4Address.`), [`${INTERFACES}1.IPv4Address.1.`]);
  t.same(await rowsOf(`${INTERFACES}1.LowerLayers#*+.`), [`${LINKS}1.`, `${LINKS}2.`]);
});

t.test('Set, and the row that it was', async (t) => {
  const agent = agentOf();
  t.match(await agent.ask(set(update(`${INTERFACES}1.LowerLayers#2+.`, { 'Enable!': 'false' }))), {
    updated_obj_results: [{ oper_status: { updated_inst_results: [{ affected_path: `${LINKS}2.` }] } }],
  });
  t.match(agent.cpe.rpcs.at(-1)?.request, { ParameterList: [{ Name: `${LINKS}2.Enable`, Value: '0' }] });
  t.match(await agent.ask(set(update(`${INTERFACES}1.LowerLayers#9+.`, { 'Enable!': 'false' }))), {
    updated_obj_results: [{ oper_status: { kind: 'oper_success', updated_inst_results: [] } }],
  });
});

t.test('Add, into a table behind a reference', async (t) => {
  const agent = agentOf();
  const path = `${MAPPINGS}[Description=="Web server"].Interface+.IPv4Address.`;
  t.match(await agent.ask(add(create(path, { IPAddress: '10.0.0.1' }))), {
    created_obj_results: [
      { requested_path: path, oper_status: { instantiated_path: `${INTERFACES}1.IPv4Address.2.` } },
    ],
  });
});

t.test('Delete, of the row referred to', async (t) => {
  const agent = agentOf();
  t.match(await agent.ask(remove(`${MAPPINGS}1.Interface+.LowerLayers#2+.`)), {
    deleted_obj_results: [{ oper_status: { affected_paths: [`${LINKS}2.`] } }],
  });
  t.match(await agent.ask(remove(`${MAPPINGS}1.Interface+.Stats.`)), { kind: 'error' }, 'that is no row');
});

t.test('Operate, on all items of a list', async (t) => {
  const agent = agentOf({ [`${MAPPINGS}1.Interface`]: 'Device.DHCPv4.Client.1' });
  t.match(await agent.ask(operate(`${MAPPINGS}*.Interface#*+.Renew()`)), {
    operation_results: [{ executed_command: 'Device.DHCPv4.Client.1.Renew()' }],
  });
});

t.test('references of Subscriptions', async (t) => {
  const model = await agentOf().model();
  t.same(await watchedParameters(model, [`${INTERFACES}1.LowerLayers#*+.Status`, `${MAPPINGS}1.Interface+.Status`]), [
    `${LINKS}1.Status`,
    `${LINKS}2.Status`,
    `${INTERFACES}1.Status`,
  ]);
});

t.test('a key of several parts, in any order, with constants as practice writes them', async (t) => {
  const agent = agentOf();
  for (const key of [
    '[RemoteHost==""&&ExternalPort==8080&&Protocol=="TCP"]',
    '[Protocol=="TCP"&&RemoteHost==""&&ExternalPort==08080]',
    '[ ExternalPort == +8080 && Protocol == "TCP" && RemoteHost == "" && AllInterfaces == 0 ]',
  ]) {
    const answer = await agent.expect('get_resp', get(`${MAPPINGS}${key}.Description`));
    t.same(resultOf(answer), { [`${MAPPINGS}1.`]: { Description: 'Web server' } }, key);
    const described = update(`${MAPPINGS}${key}.`, { 'Description!': 'Web server' });
    t.match(await agent.ask(set(described)), {
      updated_obj_results: [{ oper_status: { updated_inst_results: [{ affected_path: `${MAPPINGS}1.` }] } }],
    });
  }
});

t.test('an object without its last dot', async (t) => {
  const agent = agentOf();
  t.match(await agent.ask(set(update(`${INTERFACES}1`, { 'Enable!': 'true' }))), {
    updated_obj_results: [{ oper_status: { updated_inst_results: [{ affected_path: `${INTERFACES}1.` }] } }],
  });
  t.match(await agent.ask(add(create('Device.NAT.PortMapping'))), {
    created_obj_results: [{ oper_status: { instantiated_path: `${MAPPINGS}2.` } }],
  });
  t.match(await agent.ask(remove(`${MAPPINGS}2`)), {
    deleted_obj_results: [{ oper_status: { affected_paths: [`${MAPPINGS}2.`] } }],
  });
  t.match(await agent.ask(getInstances('Device.NAT.PortMapping')), {
    req_path_results: [{ curr_insts: [{ instantiated_obj_path: `${MAPPINGS}1.` }] }],
  });
  for (const path of ['Device.NAT.PortMapping', 'Device.NAT.PortMapping.{i}', 'Device.NAT']) {
    t.match(await agent.ask(getSupportedDm(path)), { req_obj_results: [{ err_code: 0 }] }, path);
  }
});

t.test('a reference that is written by a key reaches the CPE as a number (R-ARC.11)', async (t) => {
  const agent = agentOf();
  const asKey = update(`${MAPPINGS}1.`, { 'Interface!': `${INTERFACES}[Name=="eth1"&&Enable==true].` });
  t.equal((await agent.ask(set(asKey))).kind, 'set_resp');
  t.equal(agent.cpe.device.model.peek(`${MAPPINGS}1.Interface`), 'Device.IP.Interface.2');
  t.match(await agent.ask(set(update(`${MAPPINGS}1.`, { 'Interface!': `${INTERFACES}[Name=="nobody"].` }))), {
    kind: 'error',
    param_errs: [{ err_code: 7012 }],
  });
});
