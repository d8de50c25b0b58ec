// Set where the CPE refuses (facts: cwmp-usp-translation §4.5, §10.2): who is blamed, what is written all the same, and how
// many SetParameterValues that costs.
import t from 'tap';
import type { UspBody } from '../../proxy/usp/msg.ts';
import { AgentAtHand } from './agent-at-hand.ts';
import { set, setPartly, update } from './requests.ts';

const SSID = 'Device.WiFi.SSID.1.';
const RADIO = 'Device.WiFi.Radio.1.';
const LONG = 'x'.repeat(40);
const known = async (): Promise<AgentAtHand> => {
  const agent = new AgentAtHand();
  await agent.model();
  // Types are known, so that only writes are counted.
  await agent.ask(
    set(update(SSID, { SSID: 'meadow-tiny', Enable: '1' }), update(RADIO, { Channel: '11', Enable: '1' })),
  );
  return agent;
};
const writes = (agent: AgentAtHand): number => agent.cpe.called.filter((name) => name === 'SetParameterValues').length;
const valueOf = (agent: AgentAtHand, path: string): string | undefined => agent.cpe.device.model.peek(path);
const statuses = (answer: UspBody): readonly string[] =>
  answer.kind === 'set_resp' ? answer.updated_obj_results.map(({ oper_status }) => oper_status.kind) : [];

t.test('allow_partial=false, a required parameter: nothing is written, and the culprit is named', async (t) => {
  const agent = await known();
  const answer = await agent.ask(
    set(update(SSID, { 'SSID!': LONG, 'Enable!': '0' }), update(RADIO, { 'Channel!': '1' })),
  );
  t.match(answer, { kind: 'error', err_code: 7004, param_errs: [{ param_path: `${SSID}SSID`, err_code: 7012 }] });
  t.match(answer, { param_errs: [{ err_msg: /^CWMP 9007/ }] });
  t.equal(answer.kind === 'error' && answer.param_errs.length, 1);
  t.equal(writes(agent), 1);
  t.same([valueOf(agent, `${SSID}Enable`), valueOf(agent, `${RADIO}Channel`)], ['true', '11']);
});

t.test('an optional parameter is left out, and the rest is written', async (t) => {
  for (const request of [set, setPartly]) {
    const agent = await known();
    const answer = await agent.ask(request(update(SSID, { SSID: LONG, 'Enable!': '0' })));
    t.match(answer, {
      updated_obj_results: [
        {
          oper_status: {
            kind: 'oper_success',
            updated_inst_results: [
              { param_errs: [{ param: 'SSID', err_code: 7012 }], updated_params: new Map([['Enable', 'false']]) },
            ],
          },
        },
      ],
    });
    t.equal(writes(agent), 2);
    t.equal(valueOf(agent, `${SSID}Enable`), 'false');
  }
});

t.test('allow_partial=true: the object that fails, and no other', async (t) => {
  const agent = await known();
  const answer = await agent.ask(
    setPartly(update(SSID, { 'SSID!': LONG, Enable: '0' }), update(RADIO, { 'Channel!': '1' })),
  );
  t.same(statuses(answer), ['oper_failure', 'oper_success']);
  t.match(answer, {
    updated_obj_results: [
      {
        oper_status: {
          err_code: 7021,
          updated_inst_failures: [{ affected_path: SSID, param_errs: [{ param: 'SSID', err_code: 7012 }] }],
        },
      },
    ],
  });
  t.same([valueOf(agent, `${SSID}Enable`), valueOf(agent, `${RADIO}Channel`)], ['true', '1']);
  t.equal(writes(agent), 2, 'one with all, one without what failed');
});

t.test('a search that finds several objects is one: all or none of them (R-SET.2a)', async (t) => {
  const agent = await known();
  agent.cpe.rules.add({
    method: 'SetParameterValues',
    when: (path) => path === 'Device.IP.Interface.2.MaxMTUSize',
    answer: { fault: 9003, parameters: [{ name: 'Device.IP.Interface.2.MaxMTUSize', code: 9001 }] },
  });
  const every = update('Device.IP.Interface.*.', { 'MaxMTUSize!': '1400' });
  const answer = await agent.ask(setPartly(every, update(RADIO, { 'Channel!': '6' })));
  t.same(statuses(answer), ['oper_failure', 'oper_success']);
  t.match(answer, {
    updated_obj_results: [
      {
        oper_status: {
          updated_inst_failures: [
            { affected_path: 'Device.IP.Interface.2.', param_errs: [{ param: 'MaxMTUSize', err_code: 7002 }] },
          ],
        },
      },
    ],
  });
  t.equal(valueOf(agent, 'Device.IP.Interface.1.MaxMTUSize'), '1500');
});

t.test('every fault of a parameter has its code', async (t) => {
  const codes = { 9001: 7002, 9002: 7003, 9004: 7005, 9005: 7010, 9006: 7011, 9007: 7012, 9008: 7013, 9801: 7009 };
  for (const [fault, code] of Object.entries(codes)) {
    const agent = await known();
    const parameters = [{ name: `${SSID}SSID`, code: Number(fault) }];
    agent.cpe.rules.add({ method: 'SetParameterValues', answer: { fault: 9003, parameters } });
    t.match(
      await agent.ask(set(update(SSID, { 'SSID!': 'new' }))),
      { kind: 'error', param_errs: [{ param_path: `${SSID}SSID`, err_code: code }] },
      fault,
    );
  }
});

t.test('CPEs that name the parameter as they please', async (t) => {
  for (const name of [`${SSID}ssid`, 'WiFi.SSID.1.SSID', ` ${SSID}SSID `, 'SSID']) {
    const agent = await known();
    const answer = { fault: 9003, parameters: [{ name, code: 9007 }] };
    agent.cpe.rules.add({ method: 'SetParameterValues', answer, times: 1 });
    t.match(
      await agent.ask(set(update(SSID, { 'SSID!': 'new', 'Enable!': '0' }))),
      { kind: 'error', param_errs: [{ param_path: `${SSID}SSID`, err_code: 7012 }] },
      name,
    );
  }
});

t.test('a fault that names nobody: the guilty are looked for', async (t) => {
  await t.test('by what the standard does not allow', async (t) => {
    const agent = await known();
    agent.cpe.rules.add({ method: 'SetParameterValues', answer: 9003, times: 1 });
    const answer = await agent.ask(set(update(SSID, { 'SSID!': LONG, 'Enable!': '0' })));
    t.match(answer, { kind: 'error', param_errs: [{ param_path: `${SSID}SSID`, err_code: 7012 }] });
    t.equal(writes(agent), 1);
  });
  await t.test('by writing the objects apart', async (t) => {
    const agent = await known();
    agent.cpe.rules.add({ method: 'SetParameterValues', when: (path) => path === `${SSID}SSID`, answer: 9003 });
    const both = setPartly(update(SSID, { 'SSID!': 'new' }), update(RADIO, { 'Channel!': '1' }));
    t.same(statuses(await agent.ask(both)), ['oper_failure', 'oper_success']);
    t.equal(writes(agent), 3);
  });
  await t.test('by writing what is required without what is not', async (t) => {
    const agent = await known();
    agent.cpe.rules.add({ method: 'SetParameterValues', when: (path) => path === `${SSID}SSID`, answer: 9002 });
    const answer = await agent.ask(set(update(SSID, { SSID: 'new', 'Enable!': '0' })));
    t.match(answer, {
      updated_obj_results: [
        { oper_status: { updated_inst_results: [{ param_errs: [{ param: 'SSID', err_code: 7003 }] }] } },
      ],
    });
    t.equal(valueOf(agent, `${SSID}Enable`), 'false');
  });
});

t.test('a whole message that the CPE cannot do passes its code on', async (t) => {
  for (const [fault, code] of [
    [9001, 7002],
    [9002, 7003],
    [9004, 7005],
  ] as const) {
    const agent = await known();
    agent.cpe.rules.add({ method: 'SetParameterValues', answer: fault });
    t.match(await agent.ask(set(update(SSID, { 'SSID!': 'a', 'Enable!': '0' }))), { kind: 'error', err_code: code });
  }
});

t.test('a CPE that always blames somebody is not asked for ever', async (t) => {
  const agent = await known();
  agent.cpe.rules.add({
    method: 'SetParameterValues',
    answer: { fault: 9003, parameters: [{ name: 'Device.Nobody.Asked', code: 9005 }] },
  });
  const answer = await agent.ask(setPartly(update(SSID, { SSID: 'a', Enable: '0' }), update(RADIO, { Channel: '1' })));
  t.same(statuses(answer), ['oper_success', 'oper_success']);
  t.ok(writes(agent) <= 6, String(writes(agent)));
});
