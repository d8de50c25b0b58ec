// Tests of a CPE as commands: what is written to begin each, entry by entry (facts: cwmp-usp-translation §7.1), and what
// its results are (§7.2).
import t from 'tap';
import { loadCwmpDifference, loadStandardModel } from '../../proxy/mapping/standard-model.ts';
import { parseDiagnosticDefaults } from '../../proxy/mapping/standard/parse-diagnostic-defaults.ts';
import type { CpeDiagnostic, DiagnosticSettings } from '../../proxy/mapping/view.ts';
import { instantiate } from '../../proxy/path/concrete.ts';
import { viewOver } from './view-at-hand.ts';

type Args = Readonly<Record<string, string>>;
const IP = 'Device.IP.Diagnostics.';
const TRANSFER = {
  Interface: '',
  DSCP: '0',
  EthernetPriority: '0',
  TimeBasedTestDuration: '0',
  TimeBasedTestMeasurementInterval: '0',
  TimeBasedTestMeasurementOffset: '0',
  ProtocolVersion: 'Any',
  NumberOfConnections: '1',
  EnablePerConnectionResults: '0',
};

/** A CPE whose test has every input of the command, and what is written for these arguments. */
function settingsOf(command: string, args: Args, lacking: readonly string[] = []): DiagnosticSettings {
  const { test, tree } = testOf(command, lacking);
  return test.settingsFor(new Map(Object.entries(args)), tree, () => undefined);
}
function testOf(
  command: string,
  lacking: readonly string[] = [],
): { readonly test: CpeDiagnostic; readonly tree: ReturnType<typeof viewOver>['tree'] } {
  const general = command.replaceAll('.1.', '.{i}.');
  const inputs = loadStandardModel(19).command(general)?.inputs ?? [];
  const place = loadCwmpDifference().singletonOf(general);
  const numbers = place?.object.includes('{i}') === true ? [1] : [];
  const object = instantiate(place?.object ?? '', numbers) ?? '';
  const names = inputs.map(({ name }) => name).filter((name) => !lacking.includes(name));
  const row = general === command ? [] : [command.slice(0, command.indexOf('.1.') + 3)];
  const { view, tree } = viewOver([...row, `${object}DiagnosticsState=`, ...names.map((name) => `${object}${name}=`)]);
  const test = view.diagnosticFor(command);
  if (test === undefined) throw new Error(command);
  return { test, tree };
}
const byName = (settings: DiagnosticSettings): Args =>
  settings.ok
    ? Object.fromEntries(settings.settings.map(({ Name, Value }) => [Name.slice(Name.lastIndexOf('.') + 1), Value]))
    : { failed: String(settings.code) };

/** Command, what is mandatory, and what is written besides it. */
const ENTRIES: readonly (readonly [string, Args, Args])[] = [
  [
    `${IP}IPPing()`,
    { ProtocolVersion: 'Any', Host: 'h', NumberOfRepetitions: '3', Timeout: '1000', DataBlockSize: '64' },
    { Interface: '', DSCP: '0' },
  ],
  [
    `${IP}TraceRoute()`,
    { ProtocolVersion: 'IPv4', Host: 'h' },
    { Interface: '', NumberOfTries: '3', Timeout: '5000', DataBlockSize: '38', DSCP: '0', MaxHopCount: '30' },
  ],
  [`${IP}DownloadDiagnostics()`, { DownloadURL: 'http://h/f' }, TRANSFER],
  [`${IP}UploadDiagnostics()`, { UploadURL: 'http://h/f', TestFileLength: '9' }, TRANSFER],
  [
    `${IP}UDPEchoDiagnostics()`,
    { Host: 'h', Port: '7', Timeout: '1000' },
    {
      Interface: '',
      NumberOfRepetitions: '1',
      DataBlockSize: '24',
      DSCP: '0',
      InterTransmissionTime: '1000',
      ProtocolVersion: 'Any',
      EnableIndividualPacketResults: '0',
    },
  ],
  [
    `${IP}ServerSelectionDiagnostics()`,
    { ProtocolVersion: 'Any', Protocol: 'ICMP', HostList: 'a,b', NumberOfRepetitions: '1', Timeout: '9' },
    { Interface: '' },
  ],
  [
    'Device.DNS.Diagnostics.NSLookupDiagnostics()',
    { HostName: 'h', Timeout: '9', NumberOfRepetitions: '1' },
    { Interface: '', DNSServer: '' },
  ],
  ['Device.SelfTestDiagnostics()', {}, {}],
  ['Device.WiFi.NeighboringWiFiDiagnostic()', {}, {}],
  ['Device.DSL.Diagnostics.ADSLLineTest()', { Interface: 'Device.DSL.Channel.1' }, {}],
  ['Device.DSL.Diagnostics.SELTUER()', {}, { Interface: '' }],
  ['Device.DSL.Diagnostics.SELTQLN()', {}, { Interface: '' }],
  [
    'Device.ATM.Diagnostics.F5Loopback()',
    { Interface: 'Device.ATM.Link.1', NumberOfRepetitions: '1', Timeout: '9' },
    {},
  ],
  [
    'Device.HPNA.Diagnostics.PerformanceMonitoring()',
    { Interface: 'Device.HPNA.Interface.1', SampleInterval: '1' },
    {},
  ],
  [
    'Device.UPA.Diagnostics.InterfaceMeasurement()',
    { Type: 'SNR', Interface: 'Device.UPA.Interface.1', Port: '1' },
    {},
  ],
  ['Device.MoCA.Interface.1.Aca.Aca()', { NodeID: '1', Type: 'evm', Channel: '2', ReportNodeMask: '0001' }, {}],
  ['Device.WiFi.Radio.1.InitiateCCAMeasurement()', { Channel: '1', Frequency: '5GHz', DwellTime: '9' }, {}],
];

for (const [command, args, defaults] of ENTRIES) {
  t.test(command, async (t) => {
    t.same(byName(settingsOf(command, args)), { ...args, ...defaults, DiagnosticsState: 'Requested' });
    const settings = settingsOf(command, args);
    t.equal(settings.ok && settings.settings.at(-1)?.Value, 'Requested', 'the state comes last');
  });
}

t.test('IPLayerCapacity()', async (t) => {
  t.match(byName(settingsOf(`${IP}IPLayerCapacity()`, { Role: 'Receiver', ServerList: 'h:1' })), {
    ServerList: 'h:1',
    JumboFramesPermitted: '1',
    FlowCount: '0',
    MaximumFlows: '0',
    EthernetPriority: '0',
    DSCP: '0',
    ProtocolVersion: 'Any',
    UDPPayloadContent: 'zeroes',
    TestType: 'Search',
    IPDVEnable: '0',
    IPRREnable: '0',
    RIPREnable: '0',
    PreambleDuration: '2',
    StartSendingRate: '500',
    StartSendingRateIndex: '0',
    NumberTestSubIntervals: '10',
    NumberFirstModeTestSubIntervals: '0',
    TestSubInterval: '1000',
    StatusFeedbackInterval: '50',
    TimeoutNoTestTraffic: '1000',
    TimeoutNoStatusMessage: '1000',
    Tmax: '1000',
    TmaxRTT: '3000',
    TimestampResolution: '1',
    SeqErrThresh: '10',
    ReordDupIgnoreEnable: '1',
    LowerThresh: '30',
    UpperThresh: '90',
    RetryThresh: '5',
    HighSpeedDelta: '10',
    SlowAdjThresh: '3',
    HSpeedThresh: '1',
    MTU: '1500',
  });
});

t.test('what the CPE does not have is left out, unless the Controller wants it', async (t) => {
  const ping = ENTRIES[0]?.[1] ?? {};
  t.notOk('DSCP' in byName(settingsOf(`${IP}IPPing()`, ping, ['DSCP'])));
  t.notOk('DSCP' in byName(settingsOf(`${IP}IPPing()`, { ...ping, DSCP: '0' }, ['DSCP'])), 'as it does anyway');
  t.match(settingsOf(`${IP}IPPing()`, { ...ping, DSCP: '46' }, ['DSCP']), { ok: false, code: 7004 });
  t.match(settingsOf(`${IP}IPPing()`, { ...ping, Timeout: 'soon' }), { ok: false, code: 7027 });
});

t.test('an upload has a size, or a time', async (t) => {
  const UploadURL = 'http://h/f';
  t.match(settingsOf(`${IP}UploadDiagnostics()`, { UploadURL }), { ok: false, code: 7027 });
  const timed = settingsOf(`${IP}UploadDiagnostics()`, { UploadURL, TimeBasedTestDuration: '5' });
  t.match(timed, { ok: true, lastsMs: 5000 });
  t.notOk('TestFileLength' in byName(timed));
});

t.test('how long it may take, by its arguments', async (t) => {
  t.match(settingsOf(`${IP}IPPing()`, ENTRIES[0]?.[1] ?? {}), { lastsMs: 3000 });
  t.match(settingsOf(`${IP}TraceRoute()`, { ProtocolVersion: 'Any', Host: 'h' }), { lastsMs: 30 * 3 * 5000 });
  t.match(settingsOf(`${IP}DownloadDiagnostics()`, { DownloadURL: 'http://h/f' }), { lastsMs: undefined });
});

t.test('results: only those of the command, in rows from 1 on', async (t) => {
  const { test } = testOf(`${IP}TraceRoute()`);
  const object = `${IP}TraceRoute.`;
  const said = (state: string): ReturnType<typeof test.outputsOf> =>
    test.outputsOf([
      [`${object}DiagnosticsState`, state],
      [`${object}Host`, 'h'],
      [`${object}ResponseTime`, '7'],
      [`${object}RouteHops.12.HostAddress`, '192.0.2.2'],
      [`${object}RouteHops.3.HostAddress`, '192.0.2.1'],
      [`${object}X_VENDOR_Extra`, 'x'],
    ]);
  t.same(Object.fromEntries(said('Completed')), {
    Status: 'Complete',
    ResponseTime: '7',
    'RouteHops.1.HostAddress': '192.0.2.1',
    'RouteHops.2.HostAddress': '192.0.2.2',
  });
  t.same(Object.fromEntries(said('Error_MaxHopCountExceeded')), { Status: 'Error_MaxHopCountExceeded' });
  t.same(
    Object.fromEntries(
      testOf('Device.SelfTestDiagnostics()').test.outputsOf([['Device.SelfTestDiagnostics.DiagnosticsState', 'Error']]),
    ),
    {
      Status: 'Error_Other',
    },
  );
});

t.test('a test that all radios share is run where there is one radio', async (t) => {
  const test = 'Device.WiFi.CCAMeasurementDiagnostic.';
  const paths = ['Device.WiFi.Radio.1.', 'Device.WiFi.Radio.2.', `${test}DiagnosticsState=`];
  const { view, tree } = viewOver(paths);
  const settings = view.diagnosticFor('Device.WiFi.Radio.2.InitiateCCAMeasurement()');
  t.match(
    settings?.settingsFor(new Map(), tree, () => undefined),
    { ok: false, code: 7004 },
  );
});

t.test('shown are the tests that the CPE has; its objects for them are not', async (t) => {
  const { view } = viewOver([`${IP}IPPing.DiagnosticsState=`, `${IP}TraceRoute.DiagnosticsState`]);
  const { commands } = view.supported.objects.get(IP) ?? { commands: new Map() };
  t.same([...commands.keys()], ['IPPing()']);
  t.match(commands.get('IPPing()'), { type: 'ASYNC' });
  t.notOk(view.supported.objects.has(`${IP}IPPing.`));
  t.equal(view.diagnosticFor('Device.Users.CheckCredentialsDiagnostics()'), undefined, 'SYNC: not over in time');
  t.equal(view.diagnosticFor('Device.Reboot()'), undefined);
});

t.test('the file: what is not understood has a line', async (t) => {
  const good = 'default Device.A.B() X=1 Y=\n';
  for (const bad of [
    'default Device.A.B()',
    'default Device.A.B() X=1',
    'lasts Device.A.B() X+1',
    'needs Device.A.B() X',
    'x Device.A.B() y',
    'default A() X=1',
  ]) {
    t.match(parseDiagnosticDefaults(good + bad), { ok: false, line: 2 }, bad);
  }
  const read = parseDiagnosticDefaults(`# …\n${good}lasts Device.A.B() X*10 Y\n`);
  t.equal(read.ok && read.value.defaultOf('Device.A.B()', 'Y'), '');
  t.equal(
    read.ok &&
      read.value.lastsMs(
        'Device.A.B()',
        new Map([
          ['X', '3'],
          ['Y', '4'],
        ]),
      ),
    34,
  );
});
