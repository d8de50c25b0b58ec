// LocalAgent and the CPE in one message with allow_partial=false: all of it, or none (facts: cwmp-usp-translation §4.5).
import t from 'tap';
import { AgentAtHand } from './agent-at-hand.ts';
import { add, create, get, remove, set, update } from './requests.ts';

const SUBSCRIPTIONS = 'Device.LocalAgent.Subscription.';
const MAPPINGS = 'Device.NAT.PortMapping.';
const CODE = 'Device.LocalAgent.Controller.1.ProvisioningCode';
const SSID = 'Device.WiFi.SSID.1.';
const provision = (value: string): ReturnType<typeof update> =>
  update('Device.LocalAgent.Controller.1.', { 'ProvisioningCode!': value });

t.test('a Set: both sides, one SetParameterValues', async (t) => {
  const agent = new AgentAtHand();
  const answer = await agent.ask(set(provision('p1'), update(SSID, { 'SSID!': 'both' })));
  t.match(answer, {
    updated_obj_results: [
      { oper_status: { updated_inst_results: [{ updated_params: new Map([['ProvisioningCode', 'p1']]) }] } },
      { oper_status: { updated_inst_results: [{ updated_params: new Map([['SSID', 'both']]) }] } },
    ],
  });
  t.equal(agent.local().read(CODE), 'p1');
  t.equal(agent.cpe.device.model.peek(`${SSID}SSID`), 'both');
});

t.test('a Set: what one side refuses, the other does not do', async (t) => {
  const agent = new AgentAtHand();
  t.match(await agent.ask(set(update(SSID, { 'SSID!': 'x' }), provision('x'.repeat(65)))), {
    kind: 'error',
    param_errs: [{ param_path: CODE, err_code: 7012 }],
  });
  t.equal(agent.cpe.device.model.peek(`${SSID}SSID`), 'meadow-tiny');
  t.notOk(agent.cpe.called.includes('SetParameterValues'));
  t.match(await agent.ask(set(provision('p2'), update(SSID, { 'SSID!': 'x'.repeat(40) }))), { kind: 'error' });
  t.equal(agent.local().read(CODE), '');
});

t.test('an Add: rows on both sides, or on neither', async (t) => {
  const agent = new AgentAtHand();
  const bad = create(MAPPINGS, { 'Description!': 'x'.repeat(300) });
  t.match(await agent.ask(add(create(SUBSCRIPTIONS), bad)), {
    kind: 'error',
    param_errs: [{ param_path: `${MAPPINGS}Description`, err_code: 7012 }],
  });
  t.same(agent.local().rowsOf(SUBSCRIPTIONS), []);
  const same = { ID: 'same' };
  t.match(await agent.ask(add(create(MAPPINGS), create(SUBSCRIPTIONS, same), create(SUBSCRIPTIONS, same))), {
    kind: 'error',
    param_errs: [{ err_code: 7025 }],
  });
  t.notOk(agent.cpe.called.includes('AddObject'), 'LocalAgent is asked first: it costs nothing');
  const { created_obj_results } = await agent.expect('add_resp', add(create(MAPPINGS), create(SUBSCRIPTIONS)));
  t.match(created_obj_results, [
    { oper_status: { instantiated_path: `${MAPPINGS}3.` } },
    { oper_status: { instantiated_path: `${SUBSCRIPTIONS}10000.` } },
  ]);
});

t.test('a Delete: LocalAgent keeps its rows when the CPE keeps one', async (t) => {
  const agent = new AgentAtHand();
  await agent.expect('add_resp', add(create(MAPPINGS), create(SUBSCRIPTIONS)));
  agent.cpe.rules.add({ method: 'DeleteObject', answer: 9001, times: 1 });
  const both = remove(`${SUBSCRIPTIONS}*.`, `${MAPPINGS}2.`);
  t.match(await agent.ask(both), { kind: 'error', err_code: 7002 });
  t.same(agent.local().rowsOf(SUBSCRIPTIONS), [10_000]);
  t.equal((await agent.ask(both)).kind, 'delete_resp');
  t.same(agent.local().rowsOf(SUBSCRIPTIONS), []);
});

t.test('a Get of both: in order, and only the rest is asked of the CPE', async (t) => {
  const agent = new AgentAtHand();
  await agent.model();
  agent.cpe.beginTurn();
  const { req_path_results } = await agent.expect('get_resp', get(CODE, `${SSID}SSID`, 'Device.LocalAgent.EndpointID'));
  t.same(
    req_path_results.map(({ err_code }) => err_code),
    [0, 0, 0],
  );
  t.match(agent.cpe.rpcs, [{ method: 'GetParameterValues', request: { ParameterNames: [`${SSID}SSID`] } }]);
});
