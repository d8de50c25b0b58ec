import t from 'tap';
import { manualClock } from './clock.ts';
import { loadDump } from './dumps.ts';
import { startPair } from './pair.ts';
import { getValues, setValues, type AcsPost } from './scripted-acs.ts';
import { childOf, textOf } from './soap-read.ts';

const PING = 'Device.IP.Diagnostics.IPPing.';
const ping = (host: string, repetitions = 4): string =>
  setValues([
    [`${PING}Host`, host, 'string'],
    [`${PING}NumberOfRepetitions`, String(repetitions), 'unsignedInt'],
    [`${PING}DiagnosticsState`, 'Requested', 'string'],
  ]);
const valueOf = (post: AcsPost | undefined, path: string): string | undefined => {
  const items = childOf(post?.content, 'ParameterList')?.children;
  return textOf(
    items?.find((item) => textOf(item, 'Name') === path),
    'Value',
  );
};

t.test('requested in a session, run after it, told with event 8', async (t) => {
  const { acs, cpe, session } = await startPair(t);
  const told = cpe.waitFor('session-ended', ({ events }) => events[0]?.code === '8 DIAGNOSTICS COMPLETE');
  await session('2 PERIODIC', ping('host.example.net'), getValues(`${PING}DiagnosticsState`));
  t.equal(valueOf(acs.post('GetParameterValuesResponse'), `${PING}DiagnosticsState`), 'Requested');
  await told;
  t.equal(cpe.get(`${PING}DiagnosticsState`), 'Complete');
  t.equal(cpe.get(`${PING}SuccessCount`), '4');
  t.ok(Number(cpe.get(`${PING}MinimumResponseTime`)) <= Number(cpe.get(`${PING}AverageResponseTime`)));
  t.ok(Number(cpe.get(`${PING}AverageResponseTime`)) <= Number(cpe.get(`${PING}MaximumResponseTime`)));

  t.test('setting an input puts the state back', async (t) => {
    await session('2 PERIODIC', setValues([[`${PING}Host`, 'other.example.net', 'string']]));
    t.equal(cpe.get(`${PING}DiagnosticsState`), 'None');
  });
  t.test('only Requested and Canceled can be asked for', async (t) => {
    await session('2 PERIODIC', setValues([[`${PING}DiagnosticsState`, 'Complete', 'string']]));
    t.equal(cpe.rpcs.at(-1)?.answer, 'Fault 9003');
  });
});

t.test('a name that does not resolve', async (t) => {
  const { cpe, session } = await startPair(t);
  const ended = cpe.waitFor('diagnostic');
  await session('2 PERIODIC', ping('nobody.invalid'));
  t.equal((await ended).state, 'Error_CannotResolveHostName');
});

t.test('cancelled, or ended by a reboot: no report', async (t) => {
  const clock = manualClock();
  const { cpe, session } = await startPair(t, { clock });
  await session('2 PERIODIC', ping('a.example.net'));
  await session('2 PERIODIC', setValues([[`${PING}DiagnosticsState`, 'Canceled', 'string']]));
  t.equal(cpe.get(`${PING}DiagnosticsState`), 'None');
  await session('2 PERIODIC', ping('a.example.net'));
  const booted = cpe.waitFor('session-ended', ({ events }) => events[0]?.code === '1 BOOT');
  cpe.powerCycle();
  clock.advance(1000);
  await booted;
  clock.advance(1000);
  t.equal(cpe.get(`${PING}DiagnosticsState`), 'None');
  await session('2 PERIODIC');
  t.ok(cpe.sessions.every(({ events }) => events.every(({ code }) => !code.startsWith('8'))));
});

t.test('results as told', async (t) => {
  const { cpe, session } = await startPair(t, {
    diagnosticResults: (path, input) =>
      path === PING
        ? { state: 'Complete', values: { SuccessCount: input('NumberOfRepetitions'), FailureCount: '7' }, tables: {} }
        : undefined,
  });
  const ended = cpe.waitFor('diagnostic');
  await session('2 PERIODIC', ping('a.example.net', 2));
  await ended;
  t.same([cpe.get(`${PING}SuccessCount`), cpe.get(`${PING}FailureCount`)], ['2', '7']);
});

t.test('tests with result tables, in both roots', async (t) => {
  const cases: readonly [string, string, Readonly<Record<string, string>>, string][] = [
    ['home-router-tr181', 'Device.IP.Diagnostics.TraceRoute.', { Host: 'a.example.net' }, 'RouteHops.1.HostAddress'],
    [
      'home-router-tr181',
      'Device.DNS.Diagnostics.NSLookupDiagnostics.',
      { HostName: 'a.example.net' },
      'Result.1.IPAddresses',
    ],
    [
      'home-router-tr181',
      'Device.IP.Diagnostics.DownloadDiagnostics.',
      { DownloadURL: 'http://a.example.net/f' },
      'TestBytesReceived',
    ],
    [
      'home-router-tr181',
      'Device.IP.Diagnostics.UploadDiagnostics.',
      { UploadURL: 'http://a.example.net/f' },
      'EOMTime',
    ],
    [
      'home-router-tr098',
      'InternetGatewayDevice.TraceRouteDiagnostics.',
      { Host: 'a.example.net' },
      'RouteHops.1.HopHostAddress',
    ],
    ['home-router-tr098', 'InternetGatewayDevice.IPPingDiagnostics.', { Host: 'a.example.net' }, 'SuccessCount'],
  ];
  for (const [dump, path, inputs, result] of cases) {
    const { cpe, session } = await startPair(t, { dump: loadDump(dump) });
    const run = async (): Promise<void> => {
      const ended = cpe.waitFor('session-ended', ({ events }) => events[0]?.code === '8 DIAGNOSTICS COMPLETE');
      const settings = Object.entries(inputs).map(([name, value]) => [path + name, value, 'string'] as const);
      await session('2 PERIODIC', setValues([...settings, [`${path}DiagnosticsState`, 'Requested', 'string']]));
      await ended;
    };
    await run();
    t.equal(cpe.get(`${path}DiagnosticsState`), 'Complete', path);
    t.match(cpe.get(path + result), /^(?!0$|0001).+/, result);
    if (!/RouteHops/.test(result)) continue;
    const hops = Number(cpe.get(`${path}RouteHopsNumberOfEntries`));
    t.ok(hops > 0 && cpe.get(path + result.replace('1', String(hops))) !== undefined);
    await run();
    t.equal(cpe.get(path + result), undefined, 'the rows of the last run are gone');
    t.ok(cpe.get(path + result.replace('1', String(hops + 1))), 'and their numbers are not used again');
  }
});
