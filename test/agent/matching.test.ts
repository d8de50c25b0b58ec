// References of Subscriptions against what happens (facts: usp-agent-requirements §7).
import t, { type Test } from 'tap';
import { concerns, type Moment } from '../../proxy/agent/subscriptions/matching.ts';
import type { Notification } from '../../proxy/usp/messages/notify.ts';

const VALUES: Readonly<Record<string, string>> = {
  'Device.LocalAgent.Controller.3.Enable': 'true',
  'Device.LocalAgent.Controller.3.EndpointID': 'self::a,b',
};
const moment: Moment = {
  read: (path) => VALUES[path],
  typeOf: (path) => (path.endsWith('.Enable') ? { base: 'boolean' } : { base: 'string' }),
};
const TYPES = {
  value_change: 'ValueChange',
  obj_creation: 'ObjectCreation',
  obj_deletion: 'ObjectDeletion',
  oper_complete: 'OperationComplete',
  event: 'Event',
} as const;

function heard(t: Test, notification: Notification, yes: readonly string[], no: readonly string[]): void {
  if (notification.kind === 'on_board_req') return;
  const notifType = TYPES[notification.kind];
  const hears = (reference: string): boolean =>
    concerns({ notifType, references: [reference] }, notification, [moment]);
  for (const reference of yes) t.ok(hears(reference), `${notification.kind}: ${reference}`);
  for (const reference of no) t.notOk(hears(reference), `${notification.kind}: not ${reference}`);
  for (const other of Object.values(TYPES)) {
    if (other !== notifType)
      t.notOk(concerns({ notifType: other, references: [...yes] }, notification, [moment]), other);
  }
}

t.test('values: a parameter, what is below an object, wildcards, searches', async (t) => {
  const notification = {
    kind: 'value_change',
    param_path: 'Device.LocalAgent.Controller.3.ProvisioningCode',
    param_value: 'x',
  } as const;
  heard(
    t,
    notification,
    [
      'Device.LocalAgent.Controller.3.ProvisioningCode',
      'Device.LocalAgent.Controller.*.ProvisioningCode',
      'Device.LocalAgent.Controller.[Enable==true].ProvisioningCode',
      'Device.LocalAgent.Controller.[EndpointID=="self::a,b"&&Enable==1].',
      'Device.LocalAgent.Controller.3.',
      'Device.LocalAgent.Controller.3',
      'Device.LocalAgent.Controller.',
      'Device.LocalAgent',
      'Device.',
    ],
    [
      'Device.LocalAgent.Controller.30.ProvisioningCode',
      'Device.LocalAgent.Controller.3.ProvisioningCod',
      'Device.LocalAgent.Controller.[Enable==false].ProvisioningCode',
      'Device.LocalAgent.Controller.[Alias=="none"].',
      'Device.LocalAgent.Controller.3.ProvisioningCode.X',
      'Device.LocalAgent.Controller.3.MTP.',
      'Device.LocalAgent.Control',
      'Device.LocalAgent.Controller.3.Boot!',
    ],
  );
});

t.test('rows: by their table, by themselves, and no rows below', async (t) => {
  const obj_path = 'Device.LocalAgent.Controller.3.BootParameter.10000.';
  const yes = [
    'Device.LocalAgent.Controller.3.BootParameter.',
    'Device.LocalAgent.Controller.3.BootParameter',
    'Device.LocalAgent.Controller.*.BootParameter.',
    'Device.LocalAgent.Controller.*.BootParameter.*.',
    'Device.LocalAgent.Controller.[Enable==true].BootParameter.',
    'Device.LocalAgent.Controller.3.BootParameter.10000',
  ];
  const no = [
    'Device.LocalAgent.Controller.',
    'Device.LocalAgent.Controller.4.BootParameter.',
    'Device.LocalAgent.Controller.3.BootParameter.1.',
    'Device.',
  ];
  heard(t, { kind: 'obj_creation', obj_path, unique_keys: new Map() }, yes, no);
  heard(t, { kind: 'obj_deletion', obj_path }, yes, no);
});

t.test('events and commands: by name, and all below an object', async (t) => {
  heard(
    t,
    { kind: 'event', obj_path: 'Device.LocalAgent.', event_name: 'Periodic!', params: new Map() },
    ['Device.LocalAgent.Periodic!', 'Device.LocalAgent.', 'Device.LocalAgent', 'Device.'],
    ['Device.Periodic!', 'Device.LocalAgent.WakeUp!', 'Device.LocalAgent.Periodic()', 'Device.LocalAgent.Periodic'],
  );
  heard(
    t,
    {
      kind: 'oper_complete',
      obj_path: 'Device.DeviceInfo.FirmwareImage.1.',
      command_name: 'Download()',
      command_key: '',
      operation_resp: { kind: 'req_output_args', output_args: new Map() },
    },
    ['Device.DeviceInfo.FirmwareImage.*.Download()', 'Device.DeviceInfo.FirmwareImage.1.Download()', 'Device.'],
    ['Device.DeviceInfo.FirmwareImage.2.Download()', 'Device.DeviceInfo.FirmwareImage.1.Activate()'],
  );
});

t.test('what is no path, and a search over what is not known, mean nothing', async (t) => {
  const notification = { kind: 'obj_deletion', obj_path: 'Device.NAT.PortMapping.1.' } as const;
  heard(t, notification, ['Device.NAT.PortMapping.'], ['Device.[', '', 'Device.NAT.PortMapping.[Enable==true].']);
});
