import t from 'tap';
import { agentOf, startHarness } from '../gateway/harness.ts';
import { causeway, knownCpe } from './run-causeway.ts';

interface GetAnswer {
  readonly agent: string;
  readonly kind: string;
  readonly req_path_results: readonly {
    readonly requested_path: string;
    readonly err_code: number;
    readonly resolved_path_results: readonly {
      readonly resolved_path: string;
      readonly result_params: Readonly<Record<string, string>>;
    }[];
  }[];
}

/** Values by path. */
const valuesOf = (answer: GetAnswer): ReadonlyMap<string, string> =>
  new Map(
    answer.req_path_results.flatMap(({ resolved_path_results }) =>
      resolved_path_results.flatMap(({ resolved_path, result_params }) =>
        Object.entries(result_params).map(([name, value]) => [resolved_path + name, value] as const),
      ),
    ),
  );

t.test('get', async (t) => {
  const harness = await startHarness(t);
  const cpe = await knownCpe(harness);
  const agent = agentOf(cpe);

  await t.test('a wildcard and a search in JSON are what the CPE holds', async (t) => {
    const paths = ['Device.IP.Interface.*.Name', 'Device.Hosts.Host.[HostName=="phone"].'];
    const { code, json, err } = await causeway(harness, 'usp', 'get', 'T0001', ...paths, '--json');
    t.equal(code, 0);
    t.equal(err, '');
    const answer = json as GetAnswer;
    t.match(answer, { agent, kind: 'get_resp' });
    t.same(
      answer.req_path_results.map(({ requested_path }) => requested_path),
      paths,
    );
    const values = valuesOf(answer);
    t.same([...values.keys()].slice(0, 2), ['Device.IP.Interface.1.Name', 'Device.IP.Interface.2.Name']);
    t.ok(values.has('Device.Hosts.Host.2.HostName'));
    t.notOk(values.has('Device.Hosts.Host.1.HostName'));
    for (const [path, value] of values) t.equal(value, cpe.get(path), path);
  });

  await t.test(
    'text: aligned lines; a path that fails stands on standard error, and makes the exit code 1',
    async (t) => {
      const { code, out, err } = await causeway(
        harness,
        ...['usp', 'get', agent, 'Device.WiFi.Radio.1.Channel', 'Device.WiFi.SSID.1.SSID', 'Device.Nope.X'],
      );
      t.equal(code, 1);
      t.equal(out, 'Device.WiFi.Radio.1.Channel = 11\nDevice.WiFi.SSID.1.SSID     = meadow-tiny\n');
      t.match(err, /^Device\.Nope\.X: 7026 invalid path: .+\n$/);
    },
  );

  await t.test('levels can be bounded', async (t) => {
    const { json } = await causeway(harness, 'usp', 'get', agent, 'Device.IP.', '--max-depth', '1', '--json');
    t.same([...valuesOf(json as GetAnswer).keys()], ['Device.IP.InterfaceNumberOfEntries']);
  });
});

t.test('a device that cannot be reached is told in the words of the gateway', async (t) => {
  const harness = await startHarness(t, { 'request.deadline': '4s', 'connectionRequest.timeout': '2s' });
  const cpe = await knownCpe(harness);
  await cpe.stop();
  const get = ['usp', 'get', agentOf(cpe), 'Device.DeviceInfo.UpTime'];
  const { code, out, err } = await causeway(harness, ...get);
  t.equal(code, 1);
  t.equal(out, '');
  t.match(err, /^Device\.DeviceInfo\.UpTime: 7003 internal error: .*refused/);
});
