// Set, case by case (facts: usp-agent-requirements §5.6, §6), where the CPE takes everything that it is sent.
import t from 'tap';
import { AgentAtHand } from './agent-at-hand.ts';
import { add, create, set, setPartly, update } from './requests.ts';

const SSID = 'Device.WiFi.SSID.1.';
const SUBSCRIPTION = 'Device.LocalAgent.Subscription.';
const agentWithRows = async (): Promise<AgentAtHand> => {
  const agent = new AgentAtHand();
  const row = { NotifType: 'Event', ReferenceList: 'Device.Boot!' };
  await agent.expect(
    'add_resp',
    add(create(SUBSCRIPTION, { ...row, ID: 'a' }), create(SUBSCRIPTION, { ...row, ID: 'b' })),
  );
  return agent;
};

t.test('values are written in one SetParameterValues and told as they are now', async (t) => {
  const agent = new AgentAtHand();
  const answer = await agent.ask(
    set(update(SSID, { 'SSID!': 'new', Enable: '0' }), update('Device.WiFi.Radio.1.', { 'Channel!': '+06' })),
  );
  t.match(answer, {
    kind: 'set_resp',
    updated_obj_results: [
      {
        requested_path: SSID,
        oper_status: {
          kind: 'oper_success',
          updated_inst_results: [
            {
              affected_path: SSID,
              param_errs: [],
              updated_params: new Map([
                ['SSID', 'new'],
                ['Enable', 'false'],
              ]),
            },
          ],
        },
      },
      { oper_status: { updated_inst_results: [{ updated_params: new Map([['Channel', '6']]) }] } },
    ],
  });
  t.equal(agent.cpe.called.filter((method) => method === 'SetParameterValues').length, 1);
  t.equal(agent.cpe.device.model.peek(`${SSID}SSID`), 'new');
  t.equal(agent.cpe.device.model.peek('Device.WiFi.Radio.1.Channel'), '6');
});

t.test('a search path: one result for each object', async (t) => {
  const agent = new AgentAtHand();
  const answer = await agent.expect('set_resp', set(update('Device.IP.Interface.*.', { 'MaxMTUSize!': '1400' })));
  const [{ oper_status } = { oper_status: undefined }] = answer.updated_obj_results;
  t.equal(oper_status?.kind, 'oper_success');
  t.same(
    oper_status?.kind === 'oper_success' && oper_status.updated_inst_results.map(({ affected_path }) => affected_path),
    ['Device.IP.Interface.1.', 'Device.IP.Interface.2.'],
  );
});

t.test('a search that finds nothing is success (TP-469 1.23), a row that is not there is 7016', async (t) => {
  const agent = new AgentAtHand();
  const nothing = set(update('Device.WiFi.SSID.[SSID=="nobody"].', { 'Enable!': 'true' }));
  t.match(await agent.ask(nothing), {
    updated_obj_results: [{ oper_status: { kind: 'oper_success', updated_inst_results: [] } }],
  });
  const missing = update('Device.WiFi.SSID.9.', { 'Enable!': 'true' });
  t.match(await agent.ask(set(missing)), { kind: 'error', err_code: 7004, param_errs: [{ err_code: 7016 }] });
  t.match(await agent.ask(setPartly(missing)), {
    updated_obj_results: [{ oper_status: { kind: 'oper_failure', err_code: 7016 } }],
  });
});

t.test('a path that is not in the model', async (t) => {
  const agent = new AgentAtHand();
  for (const path of ['Device.Bogus.', 'Device.WiFi.SSID.1.Enable', 'Device.WiFi.SSID.']) {
    const bad = update(path, { 'X!': '1' });
    t.match(await agent.ask(set(bad)), { kind: 'error', param_errs: [{ param_path: path, err_code: 7026 }] }, path);
    t.match(await agent.ask(setPartly(bad)), {
      updated_obj_results: [{ requested_path: path, oper_status: { kind: 'oper_failure', err_code: 7026 } }],
    });
  }
  t.match(await agent.ask(set(update('Device.[', {}))), { kind: 'error', param_errs: [{ err_code: 7008 }] });
});

t.test('what is wrong with a setting is known before anything is sent', async (t) => {
  const cases = [
    ['Bogus!', '1', 7010],
    ['Enable!', 'perhaps', 7011],
    ['Status!', 'Up', 7013],
    ['Alias!', 'other', 7013],
    ['SSID!', 'a\u0001b', 7012],
  ] as const;
  for (const [name, value, code] of cases) {
    const agent = new AgentAtHand();
    const param = name.slice(0, -1);
    const bad = update(SSID, { [name]: value, 'SSID!': 'untouched', ...(param === 'SSID' ? { 'SSID!': value } : {}) });
    const whole = await agent.ask(set(bad));
    t.match(whole, { kind: 'error', err_code: 7004, param_errs: [{ param_path: SSID + param, err_code: code }] }, name);
    t.equal(whole.kind === 'error' && whole.param_errs.length, 1, 'only the culprit is named');
    const partly = await agent.ask(setPartly(bad));
    t.match(partly, {
      updated_obj_results: [
        {
          oper_status: {
            kind: 'oper_failure',
            err_code: 7021,
            updated_inst_failures: [{ affected_path: SSID, param_errs: [{ param, err_code: code }] }],
          },
        },
      ],
    });
    t.notOk(agent.cpe.called.includes('SetParameterValues'));
    t.equal(agent.cpe.device.model.peek(`${SSID}SSID`), 'meadow-tiny');
  }
});

t.test('an optional setting that fails leaves the others alone', async (t) => {
  for (const request of [set, setPartly]) {
    const agent = new AgentAtHand();
    t.match(await agent.ask(request(update(SSID, { Bogus: '1', 'SSID!': 'new' }))), {
      updated_obj_results: [
        {
          oper_status: {
            kind: 'oper_success',
            updated_inst_results: [
              { param_errs: [{ param: 'Bogus', err_code: 7010 }], updated_params: new Map([['SSID', 'new']]) },
            ],
          },
        },
      ],
    });
    const onlyBad = await agent.ask(request(update(SSID, { Bogus: '1', Status: 'Up' })));
    t.match(onlyBad, { kind: 'set_resp', updated_obj_results: [{ oper_status: { kind: 'oper_success' } }] });
  }
});

t.test('with allow_partial=true each obj_path stands alone', async (t) => {
  const agent = new AgentAtHand();
  const answer = await agent.ask(
    setPartly(update(SSID, { 'SSID!': 'new' }), update('Device.WiFi.Radio.1.', { 'Bogus!': '1', 'Channel!': '1' })),
  );
  t.match(answer, {
    updated_obj_results: [{ oper_status: { kind: 'oper_success' } }, { oper_status: { kind: 'oper_failure' } }],
  });
  t.equal(agent.cpe.device.model.peek(`${SSID}SSID`), 'new');
  t.equal(agent.cpe.device.model.peek('Device.WiFi.Radio.1.Channel'), '11');
});

t.test('of a parameter set twice the last word counts', async (t) => {
  const agent = new AgentAtHand();
  const answer = await agent.ask(set(update(SSID, { 'SSID!': 'first' }), update(SSID, { 'SSID!': 'last' })));
  t.equal(answer.kind, 'set_resp');
  t.equal(agent.cpe.device.model.peek(`${SSID}SSID`), 'last');
});

t.test('parameters of objects inside, by relative path', async (t) => {
  const agent = new AgentAtHand();
  const point = update('Device.WiFi.AccessPoint.1.', {
    'Security.ModeEnabled!': 'None',
    'Security.KeyPassphrase': 'x',
  });
  t.match(await agent.ask(set(point)), {
    updated_obj_results: [
      { oper_status: { updated_inst_results: [{ updated_params: new Map([['Security.ModeEnabled', 'None']]) }] } },
    ],
  });
  const local = update('Device.', { 'LocalAgent.Controller.1.ProvisioningCode!': 'p1' });
  t.match(await agent.ask(set(local)), { kind: 'set_resp' });
  t.equal(agent.local().read('Device.LocalAgent.Controller.1.ProvisioningCode'), 'p1');
});

t.test('a secret comes back as a Get would show it', async (t) => {
  const agent = new AgentAtHand();
  const answer = await agent.ask(set(update('Device.Users.User.1.', { 'Password!': 'secret' })));
  t.match(answer, {
    updated_obj_results: [{ oper_status: { updated_inst_results: [{ updated_params: new Map([['Password', '']]) }] } }],
  });
  t.equal(agent.cpe.device.model.peek('Device.Users.User.1.Password'), 'secret');
});

t.test('references may be given by a key (R-ARC.11)', async (t) => {
  const agent = new AgentAtHand();
  const path = 'Device.IP.Interface.1.';
  const lowerLayers = async (value: string): Promise<string | undefined> => {
    await agent.ask(set(update(path, { 'LowerLayers!': value })));
    return agent.cpe.device.model.peek(`${path}LowerLayers`);
  };
  t.equal(await lowerLayers('Device.Ethernet.Link.[Name=="br0"]'), 'Device.Ethernet.Link.2');
  t.equal(await lowerLayers('Device.Ethernet.Link.1.'), 'Device.Ethernet.Link.1', 'no last dot for a CPE');
  t.equal(
    await lowerLayers('Device.Ethernet.Link.[Alias=="lan"&&Name!="a,b"], Device.Ethernet.Link.1.'),
    'Device.Ethernet.Link.2,Device.Ethernet.Link.1',
  );
  const nowhere = await agent.ask(set(update(path, { 'LowerLayers!': 'Device.Ethernet.Link.[Name=="none"]' })));
  t.match(nowhere, { kind: 'error', param_errs: [{ err_code: 7012 }] });
});

t.test('a key that only names a row does not change, though the CPE would let it (R-KEY.1)', async (t) => {
  const agent = new AgentAtHand({ dump: 'home-router-tr181' });
  const answer = await agent.ask(set(update('Device.Firewall.Chain.1.', { 'Name!': 'other' })));
  t.match(answer, { kind: 'error', param_errs: [{ err_code: 7013 }] });
});

t.test('rows of LocalAgent', async (t) => {
  const agent = await agentWithRows();
  const answer = await agent.ask(set(update(`${SUBSCRIPTION}*.`, { 'NotifRetry!': '1' })));
  t.match(answer, {
    updated_obj_results: [
      {
        oper_status: {
          updated_inst_results: [
            { affected_path: `${SUBSCRIPTION}10000.`, updated_params: new Map([['NotifRetry', 'true']]) },
            { affected_path: `${SUBSCRIPTION}10001.` },
          ],
        },
      },
    ],
  });
  t.same(agent.cpe.rpcs, []);
  t.equal(agent.local().read(`${SUBSCRIPTION}10001.NotifRetry`), 'true');
});

t.test(
  'a required setting that a row of LocalAgent refuses leaves no row of the search changed (R-SET.2a)',
  async (t) => {
    const agent = await agentWithRows();
    // The second row cannot take the ID of the first: ID is immutable, and the first row keeps its own.
    const bad = update(`${SUBSCRIPTION}*.`, { 'ID!': 'a', 'NotifRetry!': 'true' });
    t.match(await agent.ask(setPartly(bad)), {
      updated_obj_results: [
        {
          oper_status: {
            kind: 'oper_failure',
            updated_inst_failures: [
              { affected_path: `${SUBSCRIPTION}10001.`, param_errs: [{ param: 'ID', err_code: 7013 }] },
            ],
          },
        },
      ],
    });
    t.equal(agent.local().read(`${SUBSCRIPTION}10000.NotifRetry`), 'false');
    t.match(await agent.ask(set(bad)), { kind: 'error', param_errs: [{ param_path: `${SUBSCRIPTION}10001.ID` }] });
  },
);

t.test('an optional setting that a row of LocalAgent refuses leaves the others alone', async (t) => {
  const agent = await agentWithRows();
  t.match(await agent.ask(set(update(`${SUBSCRIPTION}10000.`, { ID: 'other', 'NotifRetry!': 'true' }))), {
    updated_obj_results: [
      {
        oper_status: {
          updated_inst_results: [
            { param_errs: [{ param: 'ID', err_code: 7013 }], updated_params: new Map([['NotifRetry', 'true']]) },
          ],
        },
      },
    ],
  });
});

t.test('LocalAgent and CPE in one message: what the CPE refuses is not kept here either', async (t) => {
  const agent = await agentWithRows();
  const both = [update(`${SUBSCRIPTION}10000.`, { 'NotifRetry!': 'true' }), update(SSID, { 'SSID!': 'x'.repeat(40) })];
  t.match(await agent.ask(set(...both)), {
    kind: 'error',
    param_errs: [{ param_path: `${SSID}SSID`, err_code: 7012 }],
  });
  t.equal(agent.local().read(`${SUBSCRIPTION}10000.NotifRetry`), 'false');
  t.match(await agent.ask(setPartly(...both)), {
    updated_obj_results: [{ oper_status: { kind: 'oper_success' } }, { oper_status: { kind: 'oper_failure' } }],
  });
  t.equal(agent.local().read(`${SUBSCRIPTION}10000.NotifRetry`), 'true');
});
