// Get, case by case (facts: usp-agent-requirements §5.1).
import t from 'tap';
import { AgentAtHand } from './agent-at-hand.ts';
import { get, resultOf } from './requests.ts';

const SSID = 'Device.WiFi.SSID.';
const agent = new AgentAtHand();
const ask = (...paths: readonly string[]) => agent.expect('get_resp', get(...paths));
const codesOf = async (...paths: readonly string[]): Promise<readonly number[]> =>
  (await ask(...paths)).req_path_results.map(({ err_code }) => err_code);

t.test('each path has its own answer, in order and verbatim', async (t) => {
  const paths = ['Device.WiFi.SSID.1.SSID', 'Device.Nothing.', `${SSID}[Enable == true].Name`, SSID, 'no path['];
  const { req_path_results } = await ask(...paths);
  t.same(
    req_path_results.map(({ requested_path }) => requested_path),
    paths,
  );
  t.same(
    req_path_results.map(({ err_code }) => err_code),
    [0, 7026, 0, 0, 7008],
  );
  t.same((await ask()).req_path_results, [], 'no path, no result');
});

t.test('what is not in the Supported Data Model is 7026, searched for or not', async (t) => {
  t.same(
    await codesOf(
      'Device.Bogus.',
      'Device.WiFi.SSID.1.Bogus',
      'Device.WiFi.SSID.*.Bogus',
      'Device.WiFi.SSID.*.Bogus.X',
      'Device.WiFi.SSID.[Enable==true].Bogus',
      'Device.DeviceInfo.1.Bogus',
    ),
    [7026, 7026, 7026, 7026, 7026, 7026],
  );
  // IPv4Address of a row without addresses, and PortMapping when its rows are gone: there is no row to look at.
  const empty = new AgentAtHand();
  empty.cpe.device.model.removeInstance('Device.NAT.PortMapping.1.', 'now');
  const { req_path_results } = await empty.expect(
    'get_resp',
    get(
      'Device.NAT.PortMapping.*.Bogus',
      'Device.NAT.PortMapping.[Enable==true].Bogus.',
      'Device.NAT.PortMapping.*.Description',
      'Device.NAT.PortMapping.[Bogus==true].Description',
    ),
  );
  t.same(
    req_path_results.map(({ err_code }) => err_code),
    [7026, 7026, 0, 7026],
  );
});

t.test('an instance that is not there is 7026 (R-GET.0)', async (t) => {
  t.same(
    await codesOf('Device.WiFi.SSID.9.SSID', 'Device.WiFi.SSID.9.', 'Device.LocalAgent.MTP.7.'),
    [7026, 7026, 7026],
  );
});

t.test('a search or wildcard that finds nothing is success without results (R-GET.1a)', async (t) => {
  const { req_path_results } = await ask(
    `${SSID}[SSID=="nobody"].Name`,
    `${SSID}[SSID=="nobody"].`,
    'Device.LocalAgent.Subscription.*.ID',
  );
  for (const { err_code, resolved_path_results } of req_path_results) {
    t.equal(err_code, 0);
    t.same(resolved_path_results, []);
  }
});

t.test('an object without content is success (R-GET.1b)', async (t) => {
  const empty = new AgentAtHand();
  empty.cpe.device.model.removeInstance('Device.NAT.PortMapping.1.', 'now');
  for (const path of ['Device.NAT.PortMapping.', 'Device.LocalAgent.Subscription.', 'Device.NAT.PortMapping']) {
    const { req_path_results } = await empty.expect('get_resp', get(path));
    t.match(req_path_results, [{ err_code: 0, resolved_path_results: [] }], path);
  }
});

t.test('one result for each object, names relative to it (R-GET.2, R-GET.3)', async (t) => {
  const wifi = resultOf(await ask('Device.WiFi.AccessPoint.1.'));
  t.same(Object.keys(wifi), ['Device.WiFi.AccessPoint.1.', 'Device.WiFi.AccessPoint.1.Security.']);
  t.equal(wifi['Device.WiFi.AccessPoint.1.Security.']?.['ModeEnabled'], 'WPA2-Personal');
  t.same(resultOf(await ask('Device.WiFi.SSID.1.SSID')), { 'Device.WiFi.SSID.1.': { SSID: 'meadow-tiny' } });
});

t.test('a table is all of its rows', async (t) => {
  for (const table of ['Device.LocalAgent.Controller.', 'Device.IP.Interface.']) {
    const [first, second] = Object.entries(resultOf(await ask(table))).filter(([path]) =>
      /\.\d+\.$/.test(path.slice(table.length - 1)),
    );
    t.match([first?.[0], second?.[0]], [`${table}1.`, /./]);
    t.ok(Object.keys(first?.[1] ?? {}).includes('Alias'), table);
  }
});

t.test('a path of an object without its last dot', async (t) => {
  const dotted = resultOf(await ask('Device.Time.'));
  t.same(resultOf(await ask('Device.Time')), dotted);
  t.equal(resultOf(await ask('Device'))['Device.']?.['RootDataModelVersion'], '2.15');
});

t.test('max_depth counts objects, a row with its table as one (R-GET.5)', async (t) => {
  const depth = async (path: string, max_depth: number): Promise<readonly string[]> =>
    Object.keys(resultOf(await agent.expect('get_resp', { kind: 'get', param_paths: [path], max_depth })));
  t.same(await depth('Device.IP.', 1), ['Device.IP.']);
  t.same(await depth('Device.IP.', 2), ['Device.IP.', 'Device.IP.Interface.1.', 'Device.IP.Interface.2.']);
  t.same(await depth('Device.IP.', 3), [
    'Device.IP.',
    'Device.IP.Interface.1.',
    'Device.IP.Interface.1.IPv4Address.1.',
    'Device.IP.Interface.1.Stats.',
    'Device.IP.Interface.2.',
    'Device.IP.Interface.2.IPv4Address.1.',
    'Device.IP.Interface.2.Stats.',
  ]);
  t.same(await depth('Device.IP.Interface.', 1), ['Device.IP.Interface.1.', 'Device.IP.Interface.2.']);
  t.same(await depth('Device.IP.', 0), await depth('Device.IP.', 9));
  t.same(await depth('Device.LocalAgent.', 1), ['Device.LocalAgent.']);
});

t.test('values are spelt as USP spells them', async (t) => {
  const spelt = new AgentAtHand({
    values: {
      'Device.WiFi.Radio.1.Enable': '1',
      'Device.WiFi.Radio.1.Channel': '+011',
      'Device.DeviceInfo.FirstUseDate': '2024-05-17T11:12:44+02:00',
    },
  });
  const { req_path_results } = await spelt.expect(
    'get_resp',
    get('Device.WiFi.Radio.1.Enable', 'Device.WiFi.Radio.1.Channel', 'Device.DeviceInfo.FirstUseDate'),
  );
  const values = req_path_results.flatMap(({ resolved_path_results }) =>
    resolved_path_results.flatMap(({ result_params }) => [...result_params.values()]),
  );
  t.same(values, ['true', '11', '2024-05-17T09:12:44Z']);
});

t.test('a secured parameter is read as nothing, and the CPE is not asked for it', async (t) => {
  const leaky = new AgentAtHand({ values: { 'Device.Users.User.1.Password': 'secret' } });
  t.same(resultOf(await leaky.expect('get_resp', get('Device.Users.User.1.Password'))), {
    'Device.Users.User.1.': { Password: '' },
  });
  t.same(leaky.cpe.rpcs, []);
});

t.test('what one path asks of the CPE, the others need not ask again', async (t) => {
  const cost = new AgentAtHand();
  await cost.model();
  await cost.ask(get(`${SSID}[Enable==true].SSID`, `${SSID}[Enable==true].BSSID`, 'Device.WiFi.SSID.1.Status'));
  t.same(cost.cpe.called, ['GetParameterNames', 'GetParameterValues', 'GetParameterValues']);
});
