// The view of a TR-181 CPE at work: instances, names and values there and back, and commands that are parameters.
import t from 'tap';
import type { KnownValues } from '../../proxy/mapping/view.ts';
import { readOf, viewOver } from './view-at-hand.ts';

const knownAs = (type: string | undefined): KnownValues => ({ type: () => type, value: () => undefined });
const unknown = knownAs(undefined);
const untyped = (): undefined => undefined;

t.test('what only CWMP has is not there', async (t) => {
  const { view, tree } = viewOver([
    'Device.ManagementServer.URL=',
    'Device.WiFi.Reset=',
    'Device.WiFi.RadioNumberOfEntries',
    'Device.IP.Diagnostics.IPPing.DiagnosticsState=',
    'Device.IP.Diagnostics.IPv4PingSupported',
  ]);
  const { objects } = view.instances(tree);
  t.notOk(objects.has('Device.ManagementServer.'));
  t.notOk(objects.has('Device.IP.Diagnostics.IPPing.'));
  t.same([...(objects.get('Device.WiFi.')?.parameters.keys() ?? [])], ['RadioNumberOfEntries']);
  t.same(objects.get('Device.')?.objects.includes('ManagementServer'), false);
  t.notOk(view.supported.objects.has('Device.ManagementServer.'));
  t.same(view.viewNames('Device.ManagementServer.URL'), [], 'nor are its changes');
  t.equal(view.settingsFor('Device.ManagementServer.URL', 'http://evil', unknown).ok, false);
  t.equal(view.instances(tree), view.instances(tree), 'made once for a tree');
});

t.test('what USP has elsewhere is read where CWMP has it', async (t) => {
  const USP = 'Device.IP.Diagnostics.DownloadTransports';
  const CWMP = 'Device.IP.Diagnostics.DownloadDiagnostics.DownloadTransports';
  const { view, tree } = viewOver([CWMP, 'Device.IP.Diagnostics.DownloadDiagnostics.DiagnosticsState=']);
  t.equal(view.instances(tree).objects.get('Device.IP.Diagnostics.')?.parameters.get('DownloadTransports'), false);
  t.equal(
    view.supported.objects.get('Device.IP.Diagnostics.')?.parameters.get('DownloadTransports')?.access,
    'readOnly',
  );
  t.same(view.reading(USP).cpeNames, [CWMP]);
  t.same(view.instances(tree).readings('Device.IP.Diagnostics.').get('DownloadTransports')?.cpeNames, [CWMP]);
  t.same(view.viewNames(CWMP), [USP]);
  t.same(view.reading(USP).valueOf(readOf({ [CWMP]: 'HTTP,FTP' })), { kind: 'value', value: 'HTTP,FTP' });
});

t.test(
  'a value is shown by its type; one that the CPE did not tell is missing, one that it refused has failed',
  async (t) => {
    const ENABLE = 'Device.WiFi.SSID.1.Enable';
    const { view } = viewOver([`${ENABLE}=`, 'Device.X_ACME.Raw=']);
    t.same(view.reading(ENABLE).valueOf(readOf({ [ENABLE]: 'TRUE' })), { kind: 'value', value: 'true' });
    t.same(view.reading('Device.X_ACME.Raw').valueOf(readOf({ 'Device.X_ACME.Raw': ' 01 ' })), {
      kind: 'value',
      value: ' 01 ',
    });
    t.same(view.reading(ENABLE).valueOf(readOf({})), { kind: 'missing' });
    const failure = { FaultCode: 9002, FaultString: 'busy' };
    t.same(view.reading(ENABLE).valueOf({ ...readOf({}), failed: new Map([[ENABLE, failure]]) }), {
      kind: 'failed',
      failure,
    });
  },
);

t.test("a setting goes in the CPE's own type, else in the standard's", async (t) => {
  const { view } = viewOver(['Device.WiFi.Radio.1.Channel=', 'Device.WiFi.Radio.1.LowerLayers=']);
  const setting = (Type: string): unknown => ({
    ok: true,
    settings: [{ Name: 'Device.WiFi.Radio.1.Channel', Value: '6', Type }],
    shown: '6',
  });
  t.same(view.settingsFor('Device.WiFi.Radio.1.Channel', '6', unknown), setting('unsignedInt'));
  t.same(view.settingsFor('Device.WiFi.Radio.1.Channel', '6', knownAs('int')), setting('int'));
  t.match(view.settingsFor('Device.WiFi.Radio.1.LowerLayers', 'a,b', unknown), { settings: [{ Type: 'string' }] });
  t.match(view.settingsFor('Device.WiFi.Radio.1.Channel', 'six', unknown), { ok: false, code: 7011 });
  t.match(view.settingsFor('Device.WiFi.Radio.1.Bogus', '1', unknown), { ok: false, code: 7010 });
});

t.test('what is set is shown as the model spells it', async (t) => {
  const { view } = viewOver(['Device.WiFi.Radio.1.Enable=']);
  t.match(view.settingsFor('Device.WiFi.Radio.1.Enable', '1', unknown), { ok: true, shown: 'true' });
});

t.test("rows, and what counts them, are the CPE's own", async (t) => {
  const { view } = viewOver(['Device.NAT.PortMappingNumberOfEntries', 'Device.NAT.PortMapping.1.ExternalPort=']);
  t.equal(await view.fit(), view, 'whatever the device');
  t.same(view.counters('Device.NAT.PortMapping.'), [
    { name: 'Device.NAT.PortMappingNumberOfEntries', table: 'Device.NAT.PortMapping.' },
  ]);
  t.same(view.counters('Device.X_ACME.Thing.'), []);
  const creation = view.creation('Device.NAT.PortMapping.');
  t.match(creation, { kind: 'object', object: 'Device.NAT.PortMapping.' });
  t.match(creation.kind === 'object' && creation.settingsFor('ExternalPort', '80', unknown), {
    settings: [{ Name: 'Device.NAT.PortMapping.0.ExternalPort', Value: '80' }],
  });
  t.equal(view.rowOf('Device.NAT.PortMapping.', 'Device.NAT.PortMapping.7.'), 'Device.NAT.PortMapping.7.');
  t.same(view.removal('Device.NAT.PortMapping.7.'), { kind: 'object', object: 'Device.NAT.PortMapping.7.' });
});

t.test('what the standard does not allow is only a hint', async (t) => {
  const { view } = viewOver(['Device.WiFi.SSID.1.SSID=', 'Device.X_ACME.Raw=']);
  t.equal(view.allows('Device.WiFi.SSID.1.SSID', 'x'.repeat(33)), false);
  t.equal(view.allows('Device.WiFi.SSID.1.SSID', 'x'), true);
  t.equal(view.allows('Device.X_ACME.Raw', 'x'.repeat(33)), true);
  t.equal(view.settingsFor('Device.WiFi.SSID.1.SSID', 'x'.repeat(33), unknown).ok, true, 'the CPE is the judge');
});

t.test('a command that is a parameter', async (t) => {
  const { view } = viewOver(['Device.WiFi.Reset=']);
  t.same(view.triggerFor('Device.WiFi.Reset()', new Map(), untyped), {
    ok: true,
    settings: [{ Name: 'Device.WiFi.Reset', Value: '1', Type: 'boolean' }],
  });
  const wake = (args: Readonly<Record<string, string>>): unknown =>
    view.triggerFor('Device.Ethernet.WoL.SendMagicPacket()', new Map(Object.entries(args)), untyped);
  t.match(
    wake({ MACAddress: '02:00:00:00:00:01' }),
    {
      settings: [
        { Name: 'Device.Ethernet.WoL.MACAddress', Value: '02:00:00:00:00:01' },
        { Name: 'Device.Ethernet.WoL.Password', Value: '' },
        { Name: 'Device.Ethernet.WoL.SendMagicPacket', Value: '1' },
      ],
    },
    'what is not given does not stay as an earlier command left it',
  );
  const level = (RequestedRunLevel: string): unknown =>
    view.triggerFor(
      'Device.SoftwareModules.ExecEnv.2.SetRunLevel()',
      new Map(Object.entries({ RequestedRunLevel })),
      untyped,
    );
  t.match(level('3'), {
    settings: [{ Name: 'Device.SoftwareModules.ExecEnv.2.RequestedRunLevel', Value: '3', Type: 'int' }],
  });
  t.match(level('high'), { ok: false, code: 7027 });
  t.equal(view.triggerFor('Device.Reboot()', new Map(), untyped), undefined);
});
