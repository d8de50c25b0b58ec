// What a Get makes of a CPE that refuses, knows less than it said, or does not answer a method at all.
import t from 'tap';
import { outcomeAnswer } from '../../proxy/agent/outcome-answer.ts';
import { AgentAtHand } from './agent-at-hand.ts';
import { get, resultOf } from './requests.ts';

const NAME = 'Device.WiFi.SSID.1.SSID';

t.test('a fault of the CPE is the failure of the path, with its own words', async (t) => {
  const codes = { 9000: 7003, 9001: 7002, 9002: 7003, 9003: 7003, 9004: 7005, 9005: 7026, 9801: 7003 };
  for (const [fault, code] of Object.entries(codes)) {
    const agent = new AgentAtHand();
    await agent.model();
    agent.cpe.rules.add({ method: 'GetParameterValues', answer: Number(fault) });
    const { req_path_results } = await agent.expect('get_resp', get(NAME));
    t.match(req_path_results, [{ err_code: code, resolved_path_results: [] }], fault);
    if (fault !== '9005') t.match(req_path_results[0]?.err_msg, new RegExp(`^CWMP ${fault}: `));
  }
});

t.test('a name that the CPE does not have after all kills nothing else', async (t) => {
  const agent = new AgentAtHand();
  await agent.model();
  // Listed by GetParameterNames, refused by GetParameterValues (trap 20): one in a batch of many.
  agent.cpe.rules.add({ method: 'GetParameterValues', when: (path) => path === NAME, answer: 9005 });
  const whole = resultOf(await agent.expect('get_resp', get('Device.WiFi.SSID.')));
  const row = whole['Device.WiFi.SSID.1.'];
  t.equal(row?.['Enable'], 'true');
  t.notOk(row !== undefined && 'SSID' in row);
  const { req_path_results } = await agent.expect('get_resp', get(NAME));
  t.match(req_path_results, [{ err_code: 7026 }], 'asked for by its name its absence is an error');
});

t.test('a CPE that can read only a few names at a time', async (t) => {
  const agent = new AgentAtHand();
  await agent.model();
  let asked = 0;
  agent.cpe.beforeRpc = (method) => {
    if (method === 'GetParameterValues') asked += 1;
  };
  agent.cpe.rules.add({ method: 'GetParameterValues', answer: 9004, times: 2 });
  const found = resultOf(await agent.expect('get_resp', get('Device.IP.Interface.1.')));
  t.equal(found['Device.IP.Interface.1.']?.['Name'], 'eth0');
  t.ok(asked > 2);
});

t.test('a method that the CPE answers with nothing', async (t) => {
  const agent = new AgentAtHand();
  await agent.model();
  agent.cpe.rules.add({ method: 'GetParameterValues', answer: 'empty' });
  const { req_path_results } = await agent.expect('get_resp', get(NAME));
  t.match(req_path_results, [{ err_code: 7003 }]);
});

t.test('rows that have gone, and rows that have come, since the CPE was last asked', async (t) => {
  const agent = new AgentAtHand();
  await agent.model();
  const { model } = agent.cpe.device;
  model.removeInstance('Device.Hosts.Host.1.', 'now');
  const { number } = model.addInstance('Device.NAT.PortMapping.', 'now');
  const { req_path_results } = await agent.expect(
    'get_resp',
    get('Device.Hosts.Host.1.HostName', `Device.NAT.PortMapping.${number}.Enable`, 'Device.Hosts.Host.'),
  );
  t.same(
    req_path_results.map(({ err_code }) => err_code),
    [7026, 0, 0],
  );
  t.equal(req_path_results[2]?.resolved_path_results.length, 1);
});

t.test('a request that ended without a result answers each path, never with an Error', async (t) => {
  const answer = outcomeAnswer(get(NAME, 'Device.'), {
    state: 'expired',
    at: 0,
    error: 'the device did not come',
    answer: '',
  });
  t.match(answer, {
    kind: 'get_resp',
    req_path_results: [
      { requested_path: NAME, err_code: 7003, err_msg: 'no answer in time: the device did not come' },
      { requested_path: 'Device.', err_code: 7003 },
    ],
  });
});
