// Values between USP and the CPE, both ways (facts: cwmp-usp-translation §11): one spelling for USP, the CPE's types for it.
import t from 'tap';
import { AgentAtHand } from './agent-at-hand.ts';
import { get, resultOf, set, update } from './requests.ts';

const RADIO = 'Device.WiFi.Radio.1.';

t.test('USP to CPE: what is sent, and what the answer shows', async (t) => {
  const cases = [
    [RADIO, 'Enable', 'true', '1', 'true'],
    [RADIO, 'Enable', '0', '0', 'false'],
    [RADIO, 'Channel', '+006', '6', '6'],
    ['Device.WiFi.SSID.1.', 'SSID', ' a <b> & "c" ', ' a <b> & "c" ', ' a <b> & "c" '],
    [
      'Device.IP.Interface.1.',
      'LowerLayers',
      'Device.Ethernet.Link.2.',
      'Device.Ethernet.Link.2',
      'Device.Ethernet.Link.2',
    ],
  ] as const;
  for (const [object, name, value, sent, shown] of cases) {
    const agent = new AgentAtHand();
    const answer = await agent.expect('set_resp', set(update(object, { [`${name}!`]: value })));
    const written = agent.cpe.rpcs.find(({ method }) => method === 'SetParameterValues')?.request;
    t.match(written, { ParameterList: [{ Name: object + name, Value: sent }] }, `${name}=${value}`);
    t.match(answer, {
      updated_obj_results: [{ oper_status: { updated_inst_results: [{ updated_params: new Map([[name, shown]]) }] } }],
    });
    t.equal(
      resultOf(await agent.expect('get_resp', get(object + name)))[object]?.[name],
      shown,
      'a Get shows the same',
    );
  }
});

t.test('what is no value of the type never reaches the CPE', async (t) => {
  const agent = new AgentAtHand();
  await agent.model();
  const cases = [
    [RADIO, 'Enable', 'True', 7011],
    [RADIO, 'Enable', '', 7011],
    [RADIO, 'Channel', '', 7011],
    [RADIO, 'Channel', '1.5', 7011],
    [RADIO, 'Channel', '-1', 7012],
    [RADIO, 'Channel', '4294967296', 7012],
    ['Device.WiFi.SSID.1.', 'SSID', '\ud800', 7012],
  ] as const;
  for (const [object, name, value, code] of cases) {
    t.match(
      await agent.ask(set(update(object, { [`${name}!`]: value }))),
      { kind: 'error', err_code: 7004, param_errs: [{ param_path: object + name, err_code: code }] },
      `${name}=${value}`,
    );
  }
  t.notOk(agent.cpe.called.includes('SetParameterValues'));
});

t.test('the type is the one that the CPE was seen to use', async (t) => {
  const agent = new AgentAtHand();
  await agent.ask(get(`${RADIO}Channel`));
  agent.cpe.beginTurn();
  await agent.ask(set(update(RADIO, { 'Channel!': '6' })));
  t.match(agent.cpe.rpcs, [{ method: 'SetParameterValues', request: { ParameterList: [{ Type: 'unsignedInt' }] } }]);
  // Never seen: one read tells the type, and the value before the change.
  const unseen = new AgentAtHand();
  await unseen.model();
  await unseen.ask(set(update(RADIO, { 'Channel!': '6' })));
  t.same(unseen.cpe.called, ['GetParameterValues', 'SetParameterValues']);
  t.match(unseen.cpe.asked, [{ snapshot: { kind: 'values', before: [[`${RADIO}Channel`, '11']] } }]);
});

t.test('CPE to USP: every spelling of a CPE is one of USP', async (t) => {
  const spellings = [
    ['Enable', '1', 'true'],
    ['Enable', 'True', 'true'],
    ['Enable', '', 'false'],
    ['Channel', ' +011 ', '11'],
    ['Channel', 'auto', 'auto'],
  ] as const;
  for (const [name, value, shown] of spellings) {
    const agent = new AgentAtHand({ values: { [RADIO + name]: value } });
    t.equal(resultOf(await agent.expect('get_resp', get(RADIO + name)))[RADIO]?.[name], shown, `${name}=${value}`);
  }
});
