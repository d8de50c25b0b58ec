// FriendlyName, which the profile DeviceInfo:1 wants and most CPEs lack, kept by the Agent; and CID and PEN.
import t from 'tap';
import { AgentAtHand } from '../agent-at-hand.ts';
import { dumpOf } from '../../cpe/dump.ts';
import { dumpRows } from '../../cpe/dumps.ts';
import { get, getSupportedDm, resultOf, set, setPartly, update } from '../requests.ts';

const INFO = 'Device.DeviceInfo.';
const SSID = 'Device.WiFi.SSID.1.';
const PROVISIONING = 'Device.LocalAgent.Controller.1.ProvisioningCode';
const provision = (value: string): ReturnType<typeof update> =>
  update('Device.LocalAgent.Controller.1.', { 'ProvisioningCode!': value });
const befriend = (value: string, required = true): ReturnType<typeof update> =>
  update(INFO, { [required ? 'FriendlyName!' : 'FriendlyName']: value });
const nameOf = async (agent: AgentAtHand): Promise<string | undefined> =>
  resultOf(await agent.expect('get_resp', get(`${INFO}FriendlyName`)))[INFO]?.['FriendlyName'];

t.test('it is there, writable, and no RPC is spent on it', async (t) => {
  const agent = new AgentAtHand();
  await agent.model();
  agent.cpe.beginTurn();
  t.equal(await nameOf(agent), '');
  t.match(await agent.ask(set(befriend('cellar'))), {
    updated_obj_results: [
      { oper_status: { updated_inst_results: [{ updated_params: new Map([['FriendlyName', 'cellar']]) }] } },
    ],
  });
  t.equal(await nameOf(agent), 'cellar');
  t.same(agent.own.tables, { [INFO]: { 0: { FriendlyName: 'cellar' } } });
  t.same(agent.cpe.called, []);
  t.match(resultOf(await agent.expect('get_resp', get(INFO)))[INFO], {
    FriendlyName: 'cellar',
    CID: '',
    PEN: '',
    ModelName: 'MN-20',
  });
});

t.test('the Supported Data Model says so', async (t) => {
  const agent = new AgentAtHand();
  const { req_obj_results } = await agent.expect('get_supported_dm_resp', getSupportedDm(INFO));
  const names = new Map(
    req_obj_results[0]?.supported_objs[0]?.supported_params.map(({ param_name, access }) => [param_name, access]),
  );
  t.equal(names.get('FriendlyName'), 'PARAM_READ_WRITE');
  t.equal(names.get('CID'), 'PARAM_READ_ONLY');
  t.equal(names.get('PEN'), 'PARAM_READ_ONLY');
});

t.test('what it cannot be', async (t) => {
  const agent = new AgentAtHand();
  t.match(await agent.ask(set(befriend('x'.repeat(33)))), {
    kind: 'error',
    param_errs: [{ param_path: `${INFO}FriendlyName`, err_code: 7012 }],
  });
  t.match(await agent.ask(set(update(INFO, { 'CID!': 'ABCDEF' }))), {
    kind: 'error',
    param_errs: [{ err_code: 7013 }],
  });
  t.equal((await agent.ask(set(befriend('x'.repeat(32))))).kind, 'set_resp');
});

t.test('one message over Agent, overlay and CPE: all of it, or none', async (t) => {
  const agent = new AgentAtHand();
  const answer = await agent.ask(set(provision('p1'), befriend('attic'), update(SSID, { 'SSID!': 'both' })));
  t.equal(answer.kind, 'set_resp');
  t.equal(agent.cpe.called.filter((method) => method === 'SetParameterValues').length, 1);
  t.equal(await nameOf(agent), 'attic');

  const tooLong = update(SSID, { 'SSID!': 'x'.repeat(40) });
  t.equal((await agent.ask(set(provision('p2'), befriend('roof'), tooLong))).kind, 'error', 'the CPE refuses');
  t.equal((await agent.ask(set(provision('x'.repeat(65)), befriend('roof')))).kind, 'error', 'the Agent refuses');
  const rpcs = agent.cpe.called.length;
  const unwritten = set(befriend('x'.repeat(33)), update(SSID, { 'SSID!': 'never' }));
  t.equal((await agent.ask(unwritten)).kind, 'error', 'the overlay refuses');
  t.notOk(agent.cpe.called.slice(rpcs).includes('SetParameterValues'));
  t.same([await nameOf(agent), agent.local().read(PROVISIONING)], ['attic', 'p1']);
});

t.test('in parts: each object by itself', async (t) => {
  const agent = new AgentAtHand();
  const answer = await agent.ask(setPartly(befriend('shed'), update(SSID, { 'SSID!': 'x'.repeat(40) })));
  t.match(answer, {
    updated_obj_results: [{ oper_status: { kind: 'oper_success' } }, { oper_status: { kind: 'oper_failure' } }],
  });
  t.equal(await nameOf(agent), 'shed');
  t.match(await agent.ask(setPartly(update(INFO, { FriendlyName: 'x', 'ProvisioningCode!': 'y'.repeat(65) }))), {
    updated_obj_results: [{ oper_status: { kind: 'oper_failure' } }],
  });
  t.equal(await nameOf(agent), 'shed');
  t.match(await agent.ask(setPartly(befriend('x'.repeat(33), false))), {
    updated_obj_results: [{ oper_status: { updated_inst_results: [{ param_errs: [{ err_code: 7012 }] }] } }],
  });
});

t.test("a CPE's own is its own", async (t) => {
  const own = {
    path: `${INFO}FriendlyName`,
    type: 'string',
    writable: true,
    value: 'from the CPE',
    facets: {},
  } as const;
  const agent = new AgentAtHand({ dump: dumpOf([...dumpRows('tiny-tr181'), own]) });
  t.equal(await nameOf(agent), 'from the CPE');
  t.equal((await agent.ask(set(befriend('hall')))).kind, 'set_resp');
  t.equal(agent.cpe.device.model.peek(`${INFO}FriendlyName`), 'hall');
  t.same(agent.own.tables, {});
});
