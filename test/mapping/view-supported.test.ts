// The Supported Data Model of a TR-181 CPE: what it was seen to have, joined with what the standard says of that.
import t from 'tap';
import { viewOver, type ViewOptions } from './view-at-hand.ts';

const supportedBy = (
  paths: readonly string[],
  options?: ViewOptions,
): ReturnType<typeof viewOver>['view']['supported'] => viewOver(paths, options).view.supported;

t.test('access is what the CPE says, type and keys are what the standard says', async (t) => {
  const { objects } = supportedBy([
    'Device.WiFi.SSID.=',
    'Device.WiFi.SSID.1.=',
    'Device.WiFi.SSID.1.Enable=',
    'Device.WiFi.SSID.1.SSID',
    'Device.WiFi.SSID.1.Alias=',
    'Device.WiFi.SSID.1.LowerLayers=',
    'Device.WiFi.SSID.1.LastChange',
  ]);
  const ssid = objects.get('Device.WiFi.SSID.{i}.');
  t.match(ssid, { multi: true, creatable: true, deletable: true, enableParameter: 'Enable' });
  t.same(ssid?.uniqueKeys, [{ functional: false, names: ['Alias'] }], 'keys of which the CPE has every part');
  const parameters = Object.fromEntries(ssid?.parameters ?? []);
  t.match(parameters, {
    Enable: { access: 'readWrite', type: { base: 'boolean' } },
    SSID: { access: 'readOnly', type: { base: 'string' } },
    Alias: { access: 'writeOnceReadOnly' },
    LowerLayers: { isReference: true, type: { list: {} } },
    LastChange: { valueChange: 'WILL_IGNORE' },
  });
});

t.test('rows of a read-only table cannot be added or deleted', async (t) => {
  const { objects } = supportedBy(['Device.Hosts.Host.', 'Device.Hosts.Host.1.', 'Device.Hosts.Host.1.PhysAddress']);
  t.match(objects.get('Device.Hosts.Host.{i}.'), { creatable: false, deletable: false });
});

t.test('a table without rows is taken from the standard', async (t) => {
  const { objects } = supportedBy(['Device.NAT.', 'Device.NAT.PortMapping.=']);
  const mapping = objects.get('Device.NAT.PortMapping.{i}.');
  t.match(mapping, { creatable: true, deletable: true });
  t.equal(mapping?.parameters.get('ExternalPort')?.access, 'readWrite');
  t.same(objects.get('Device.NAT.')?.children, ['Device.NAT.PortMapping.{i}.']);
  t.notOk(objects.has('Device.NAT.PortMapping.'), 'a table is its rows');
});

t.test("the vendor's own: type by the wire, an Alias is a key, an empty table is nothing yet", async (t) => {
  const { objects } = supportedBy(
    [
      'Device.X_ACME_Lamp.=',
      'Device.X_ACME_Lamp.1.=',
      'Device.X_ACME_Lamp.1.Alias=',
      'Device.X_ACME_Lamp.1.Lumen=',
      'Device.X_ACME_Lamp.1.Shade',
      'Device.X_ACME_Bulb.=',
    ],
    { types: { 'Device.X_ACME_Lamp.{i}.Lumen': 'unsignedInt' } },
  );
  const lamp = objects.get('Device.X_ACME_Lamp.{i}.');
  t.same(lamp?.uniqueKeys, [{ functional: false, names: ['Alias'] }]);
  t.equal(lamp?.parameters.get('Alias')?.access, 'writeOnceReadOnly');
  t.match(lamp?.parameters.get('Lumen'), {
    access: 'readWrite',
    type: { base: 'unsignedInt' },
    valueChange: 'ALLOWED',
  });
  t.match(lamp?.parameters.get('Shade'), { access: 'readOnly', type: { base: 'string' } });
  t.notOk(objects.has('Device.X_ACME_Bulb.{i}.'));
});

t.test('what devices of one model have differently is all supported', async (t) => {
  const { objects } = supportedBy([
    'Device.IP.Interface.=',
    'Device.IP.Interface.1.',
    'Device.IP.Interface.1.Name',
    'Device.IP.Interface.2.=',
    'Device.IP.Interface.2.MaxMTUSize=',
  ]);
  const row = objects.get('Device.IP.Interface.{i}.');
  t.same([...(row?.parameters.keys() ?? [])].sort(), ['MaxMTUSize', 'Name']);
  t.equal(row?.deletable, true);
});

t.test('commands: those that an RPC or a parameter of this CPE can do', async (t) => {
  const paths = ['Device.WiFi.', 'Device.WiFi.Reset=', 'Device.UserInterface.', 'Device.UserInterface.PasswordReset'];
  const names = (path: string, options?: ViewOptions): readonly string[] => [
    ...(supportedBy(paths, options).objects.get(path)?.commands.keys() ?? []),
  ];
  t.same(names('Device.'), ['Reboot()'], 'FactoryReset is optional in TR-069');
  t.same([...names('Device.', { methods: ['FactoryReset', 'Reboot'] })].sort(), ['FactoryReset()', 'Reboot()']);
  t.same(names('Device.WiFi.'), ['Reset()']);
  t.same(names('Device.UserInterface.'), [], 'a parameter that cannot be written runs nothing');
});

t.test('events: those that Causeway raises', async (t) => {
  const { objects } = supportedBy([]);
  t.same([...(objects.get('Device.')?.events.keys() ?? [])], ['Boot!']);
});
