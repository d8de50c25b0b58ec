// GetInstances, case by case (facts: usp-agent-requirements §5.2).
import t from 'tap';
import { AgentAtHand } from './agent-at-hand.ts';
import { add, create, getInstances } from './requests.ts';

const agent = new AgentAtHand();
const rowsOf = async (path: string, first_level_only = false): Promise<readonly string[]> => {
  const { req_path_results } = await agent.expect('get_instances_resp', { ...getInstances(path), first_level_only });
  t.equal(req_path_results[0]?.err_code, 0, path);
  return (req_path_results[0]?.curr_insts ?? []).map(({ instantiated_obj_path }) => instantiated_obj_path);
};
const codesOf = async (...paths: readonly string[]): Promise<readonly number[]> =>
  (await agent.expect('get_instances_resp', getInstances(...paths))).req_path_results.map(({ err_code }) => err_code);

t.test('rows of a table, with and without those inside', async (t) => {
  t.same(await rowsOf('Device.IP.Interface.', true), ['Device.IP.Interface.1.', 'Device.IP.Interface.2.']);
  t.same(await rowsOf('Device.IP.Interface.'), [
    'Device.IP.Interface.1.',
    'Device.IP.Interface.1.IPv4Address.1.',
    'Device.IP.Interface.2.',
    'Device.IP.Interface.2.IPv4Address.1.',
  ]);
  t.same(await rowsOf('Device.IP.Interface'), await rowsOf('Device.IP.Interface.'));
});

t.test('an object that holds tables answers for all of them', async (t) => {
  t.same(await rowsOf('Device.NAT.', true), ['Device.NAT.PortMapping.1.']);
  t.ok((await rowsOf('Device.')).includes('Device.LocalAgent.Controller.1.'));
});

t.test('rows by number, wildcard and search', async (t) => {
  const first = ['Device.IP.Interface.1.', 'Device.IP.Interface.1.IPv4Address.1.'];
  t.same(await rowsOf('Device.IP.Interface.1.'), first);
  t.same(await rowsOf('Device.IP.Interface.[Name=="eth0"].'), first);
  t.same(await rowsOf('Device.IP.Interface.*.IPv4Address.', true), [
    'Device.IP.Interface.1.IPv4Address.1.',
    'Device.IP.Interface.2.IPv4Address.1.',
  ]);
  t.same(await rowsOf('Device.IP.Interface.[Alias=="missing"].'), [], 'nothing found is success (TP-469 1.83)');
});

t.test('unique keys as far as the device tells them', async (t) => {
  const keysOf = async (path: string): Promise<unknown> => {
    const { req_path_results } = await agent.expect('get_instances_resp', getInstances(path));
    return Object.fromEntries(req_path_results[0]?.curr_insts[0]?.unique_keys ?? []);
  };
  t.same(await keysOf('Device.LocalAgent.Controller.1.'), { EndpointID: 'proto::controller-1', Alias: 'cpe-1' });
  t.match(await keysOf('Device.WiFi.SSID.'), { Alias: 'home', Name: 'wlan0', BSSID: '02:CA:05:10:00:41' });
  agent.cpe.rules.add({
    method: 'GetParameterValues',
    when: (path) => path.endsWith('.BSSID'),
    answer: 9001,
    times: 9,
  });
  t.notMatch(await keysOf('Device.WiFi.SSID.'), { BSSID: /./ });
  agent.cpe.rules.clear();
});

t.test('what is no table, not there, or not in the model', async (t) => {
  t.same(
    await codesOf(
      'Device.Time.',
      'Device.WiFi.SSID.1.SSID',
      'Device.WiFi.SSID.9.',
      'Device.Bogus.',
      'Device.[',
      'Device.Boot!',
    ),
    [7018, 7026, 7016, 7026, 7008, 7018],
  );
});

t.test('a row that was just added is among them', async (t) => {
  const added = new AgentAtHand();
  await added.expect('add_resp', add(create('Device.NAT.PortMapping.')));
  const { req_path_results } = await added.expect('get_instances_resp', getInstances('Device.NAT.PortMapping.'));
  t.equal(req_path_results[0]?.curr_insts.length, 2);
});

t.test('rows and keys of a table cost two RPCs, whatever its size', async (t) => {
  const large = new AgentAtHand({ dump: 'large-tr181' });
  large.cpe.readBatch = 4096;
  await large.model();
  const { req_path_results } = await large.expect('get_instances_resp', getInstances('Device.Hosts.Host.'));
  t.ok((req_path_results[0]?.curr_insts.length ?? 0) > 60);
  t.same(large.cpe.called, ['GetParameterNames', 'GetParameterValues']);
});
