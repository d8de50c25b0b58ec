// Rows of a view whose numbers are not the CPE's own: made, claimed, removed, and what the journal is told of it.
import t from 'tap';
import type { UspBody } from '../../proxy/usp/msg.ts';
import { AgentAtHand } from './agent-at-hand.ts';
import { CPE_MAPPINGS, CPE_SSIDS, Hand, MAPPINGS, NumberedView, SSIDS } from './numbered-view.ts';
import { add, addPartly, create, remove, get, getInstances } from './requests.ts';

async function atHand(hand = new Hand()): Promise<{ readonly agent: AgentAtHand; readonly hand: Hand }> {
  const agent = new AgentAtHand({ dump: 'home-router-tr098', view: new NumberedView(hand) });
  await agent.model();
  hand.fits = 0;
  hand.news.splice(0);
  return { agent, hand };
}
const rowsOf = (body: UspBody): readonly string[] =>
  body.kind === 'get_instances_resp'
    ? body.req_path_results.flatMap(({ curr_insts }) => curr_insts.map((one) => one.instantiated_obj_path))
    : [];
const made = (body: UspBody): readonly unknown[] =>
  body.kind === 'add_resp'
    ? body.created_obj_results.map(({ oper_status }) =>
        oper_status.kind === 'oper_success' ? oper_status.instantiated_path : oper_status.err_code,
      )
    : [JSON.stringify(body)];

t.test('a Get of a view that was fitted asks for nothing but the values', async (t) => {
  const { agent, hand } = await atHand();
  t.match(await agent.ask(get(`${MAPPINGS}105.ExternalPort`)), { kind: 'get_resp' });
  t.same(agent.cpe.called, ['GetParameterValues']);
  t.equal(hand.fits, 1, 'when its model was made');
});

t.test('instances are those of the view, asked for where the CPE has them', async (t) => {
  const { agent, hand } = await atHand();
  const rows = rowsOf(await agent.ask(getInstances(MAPPINGS)));
  t.same(rows.slice(0, 2), [`${MAPPINGS}105.`, `${MAPPINGS}106.`]);
  t.match(agent.cpe.rpcs[0], { method: 'GetParameterNames', request: { ParameterPath: CPE_MAPPINGS } });
  t.match(hand.news.at(-1), { asked: [CPE_MAPPINGS] }, 'the view hears what was asked for');
  await agent.ask(getInstances(MAPPINGS));
  t.notOk(agent.cpe.called.includes('GetParameterNames'), 'a moment ago');
});

t.test("a row that is made has the view's number, and the CPE's own is journalled", async (t) => {
  const { agent } = await atHand();
  const values = { ExternalPort: '8081', Enable: 'true', Description: 'added' };
  t.same(made(await agent.ask(add(create(MAPPINGS, values)))), [`${MAPPINGS}107.`]);
  t.equal(agent.cpe.device.model.peek(`${CPE_MAPPINGS}4.PortMappingDescription`), 'added');
  t.match(
    agent.cpe.rpcs.find(({ method }) => method === 'AddObject'),
    { request: { ObjectName: CPE_MAPPINGS } },
  );
  t.match(agent.cpe.asked[0]?.snapshot, { kind: 'rows', table: CPE_MAPPINGS, before: [1, 3] });
  t.equal(agent.cpe.called.filter((method) => method === 'SetParameterValues').length, 1);
  const deleted = await agent.ask(remove(`${MAPPINGS}107.`));
  t.match(deleted, { deleted_obj_results: [{ oper_status: { affected_paths: [`${MAPPINGS}107.`] } }] });
  t.equal(agent.cpe.device.model.peek(`${CPE_MAPPINGS}4.PortMappingDescription`), undefined);
  t.match(agent.cpe.asked[0]?.snapshot, { kind: 'row', path: `${CPE_MAPPINGS}4.` });
});

t.test('a row that the view knows by its values only has its place when they are written', async (t) => {
  const hand = new Hand();
  const { agent } = await atHand(hand);
  hand.hidesNew = true;
  const values = { ExternalPort: '8082', Description: 'seen', Alias: 'mine' };
  t.same(made(await agent.ask(add(create(MAPPINGS, values)))), [`${MAPPINGS}107.`]);
  t.match(await agent.ask(get(`${MAPPINGS}107.Alias`)), {
    req_path_results: [{ resolved_path_results: [{ result_params: new Map([['Alias', 'mine']]) }] }],
  });
  t.same(made(await agent.ask(addPartly(create(MAPPINGS, { ExternalPort: '8083' })))), [7017]);
  t.same(agent.cpe.called.slice(-1), ['DeleteObject'], 'what is no row of the table is not left behind');
  t.equal(agent.cpe.device.model.peek(`${CPE_MAPPINGS}5.ExternalPort`), undefined);
});

t.test('an Add that fails is undone at the CPE', async (t) => {
  const { agent } = await atHand();
  agent.cpe.rules.add({ method: 'SetParameterValues', answer: 9007 });
  const answer = await agent.ask(
    add(create(MAPPINGS, { 'ExternalPort!': '1' }), create(MAPPINGS, { ExternalPort: '2' })),
  );
  t.match(answer, { kind: 'error' });
  const deleted = agent.cpe.rpcs.filter(({ method }) => method === 'DeleteObject').map(({ request }) => request);
  t.match(deleted, [{ ObjectName: `${CPE_MAPPINGS}5.` }, { ObjectName: `${CPE_MAPPINGS}4.` }]);
});

t.test('what the view refuses costs the CPE nothing', async (t) => {
  const { agent } = await atHand();
  t.match(await agent.ask(add(create(MAPPINGS, { Description: 'nowhere', ExternalPort: '1' }))), {
    kind: 'error',
    param_errs: [{ param_path: MAPPINGS, err_code: 7017, err_msg: 'there is no place for it' }],
  });
  t.notOk(agent.cpe.called.includes('AddObject'));
  t.same(made(await agent.ask(addPartly(create(SSIDS, { SSID: 'none is free' })))), [7017]);
});

t.test(
  'a row that the CPE has, unused, is claimed together with its values, and given up by its settings',
  async (t) => {
    const { agent } = await atHand();
    const row = `${SSIDS}102.`;
    const gone = await agent.ask(remove(row));
    t.match(gone, { deleted_obj_results: [{ oper_status: { affected_paths: [row] } }] });
    t.same(agent.cpe.called.at(-1), 'SetParameterValues');
    t.match(agent.cpe.asked[0]?.snapshot, { kind: 'values', set: [[`${CPE_SSIDS}2.Enable`, '0']] });
    t.notOk(rowsOf(await agent.ask(getInstances(SSIDS))).includes(row));
    const answer = await agent.ask(add(create(SSIDS, { SSID: 'claimed' })));
    t.same(made(answer), [row]);
    const written = agent.cpe.rpcs.filter(({ method }) => method === 'SetParameterValues');
    t.match(written, [
      { request: { ParameterList: [{ Name: `${CPE_SSIDS}2.Enable`, Value: '1' }, { Name: `${CPE_SSIDS}2.SSID` }] } },
    ]);
    t.equal(written.length, 1, 'never on with what an earlier owner had left in it');
    t.equal(agent.cpe.device.model.peek(`${CPE_SSIDS}2.SSID`), 'claimed');
  },
);

t.test(
  'what the message gives a claimed row counts for more than what claims it; one message claims one row',
  async (t) => {
    const { agent } = await atHand();
    await agent.ask(remove(`${SSIDS}102.`, `${SSIDS}103.`));
    const answer = await agent.ask(addPartly(create(SSIDS, { SSID: 'one' }), create(SSIDS, { SSID: 'two' })));
    t.same(made(answer), [`${SSIDS}102.`, 7017]);
    const error = await agent.ask(add(create(SSIDS, { Enable: 'nonsense', SSID: 'three' })));
    t.match(error, { kind: 'error', err_code: 7004 }, 'switched off it is none');
    t.equal(agent.cpe.device.model.peek(`${CPE_SSIDS}3.Enable`), 'false');
  },
);
