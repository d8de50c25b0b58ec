// TransferComplete!, DUStateChange! and WakeUp! (facts: cwmp-usp-translation §8.1, §8.3, §9.1, §10.3).
import t from 'tap';
import { eventNotifications } from '../../proxy/agent/subscriptions/told-events.ts';
import { passesPolicy } from '../../proxy/agent/subscriptions/transfer-events.ts';
import type { DeviceEvent } from '../../proxy/device/events.ts';
import type { AcsMethodName } from '../../proxy/rpc/methods.ts';
import type { OperationRecord } from '../../proxy/store/operation-steps.ts';
import type { TransferEnd, TransferKind, TransferRecord } from '../../proxy/store/transfer-steps.ts';
import { transfer, transferEnd } from '../store/contract/samples.ts';

const frame = (sequence: number): Pick<DeviceEvent, 'sequence' | 'at' | 'boot'> => ({
  sequence,
  at: 0,
  boot: undefined,
});
const report = (sequence: number, method: AcsMethodName, value: unknown): DeviceEvent => ({
  ...frame(sequence),
  kind: 'report',
  method,
  value,
});
const ended = (
  end: TransferEnd,
  kind: TransferKind = 'download',
  order = '{"URL":"https://files/secret"}',
): TransferRecord => ({
  ...transfer('c1'),
  kind,
  order,
  state: end.state,
  askedAt: 0,
  acceptedAt: 0,
  end,
});
const told = (...events: readonly DeviceEvent[]): readonly Readonly<Record<string, string>>[] =>
  events.flatMap((event) =>
    eventNotifications(event, events).map(({ event_name, params }) => ({ event_name, ...Object.fromEntries(params) })),
  );
const COMPLETE = {
  CommandKey: 'c1',
  FaultStruct: { FaultCode: 9010, FaultString: 'no route' },
  StartTime: '2026-01-01T00:00:00Z',
  CompleteTime: '0001-01-01T00:00:00Z',
};

t.test('a transfer of ours is told once, by how it ended', async (t) => {
  const operation = {
    command: 'Device.DeviceInfo.FirmwareImage.1.Download()',
    command_key: 'mine',
    originator: 'proto::me',
    detail: '{"TransferURL":"https://files/theirs"}',
  } as OperationRecord;
  const events: DeviceEvent[] = [
    report(1, 'TransferComplete', COMPLETE),
    { ...frame(2), kind: 'transfer', transfer: ended(transferEnd('failed')), report: 1, operation },
  ];
  t.same(told(...events), [
    {
      event_name: 'TransferComplete!',
      Command: 'Device.DeviceInfo.FirmwareImage.1.Download()',
      CommandKey: 'mine',
      Requestor: 'proto::me',
      TransferType: 'Download',
      Affected: 'Device.DeviceInfo.FirmwareImage.1.',
      TransferURL: 'https://files/theirs',
      StartTime: '2026-01-01T00:00:00Z',
      CompleteTime: '0001-01-01T00:00:00Z',
      FaultCode: '7022',
      FaultString: 'CWMP 9010: File transfer failure',
      CheckSumAlgorithm: '',
      CheckSum: '',
    },
  ]);
  for (const [state, FaultCode] of [
    ['succeeded', '0'],
    ['cancelled', '7023'],
    ['expired', '7022'],
  ] as const) {
    t.match(told({ ...frame(1), kind: 'transfer', transfer: ended(transferEnd(state), 'upload') }), [
      { FaultCode, TransferType: 'Upload', Command: '', Requestor: '' },
    ]);
  }
});

t.test('transfers of others', async (t) => {
  t.match(told(report(1, 'TransferComplete', COMPLETE)), [{ FaultCode: '7022', Command: '', CommandKey: '' }]);
  const own = {
    ...COMPLETE,
    TransferURL: 'http://vendor/fw',
    IsDownload: true,
    FaultStruct: { FaultCode: 0, FaultString: '' },
  };
  t.match(told(report(1, 'AutonomousTransferComplete', own)), [
    { FaultCode: '0', FaultString: '', TransferURL: 'http://vendor/fw', TransferType: 'Download' },
  ]);
  t.same(told(report(1, 'Kicked', {})), []);
});

t.test('software modules: each result by itself', async (t) => {
  const result = {
    UUID: 'u1',
    DeploymentUnitRef: 'Device.SoftwareModules.DeploymentUnit.1.',
    Version: '2',
    CurrentState: 'Failed',
    Resolved: false,
    ExecutionUnitRefList: '',
    StartTime: '',
    CompleteTime: '2026-01-01T00:00:00Z',
    Fault: { FaultCode: 9024, FaultString: 'x' },
  };
  const order = JSON.stringify({ Operation: 'Update' });
  const both = told(
    report(1, 'DUStateChangeComplete', { CommandKey: 'c1', Results: [result, { ...result, UUID: 'u2' }] }),
    { ...frame(2), kind: 'transfer', transfer: ended(transferEnd('failed'), 'change-du-state', order), report: 1 },
  );
  t.match(both, [
    { event_name: 'DUStateChange!', UUID: 'u1', DeploymentUnitRef: 'Device.SoftwareModules.DeploymentUnit.1' },
    { UUID: 'u2', OperationPerformed: 'Update', 'Fault.FaultCode': '7002', StartTime: '0001-01-01T00:00:00Z' },
  ]);
  t.equal(both.length, 2);
  const Results = [{ ...result, OperationPerformed: 'Uninstall' }];
  t.match(told(report(1, 'AutonomousDUStateChangeComplete', { Results })), [{ OperationPerformed: 'Uninstall' }]);
});

t.test('13 WAKEUP', async (t) => {
  const events = [{ EventCode: '13 WAKEUP', CommandKey: '' }];
  t.same(told({ ...frame(1), kind: 'inform', events, values: [] }), [{ event_name: 'WakeUp!' }]);
});

t.test('a Controller’s policy may leave out what succeeded or what failed', async (t) => {
  const [complete] = eventNotifications(report(1, 'TransferComplete', COMPLETE), []);
  if (complete === undefined) return t.fail('nothing was told');
  const passing = ['', 'Both', 'Failure', 'Success'].filter((filter) => passesPolicy(complete, filter));
  t.same(passing, ['', 'Both', 'Failure']);
  t.ok(passesPolicy({ ...complete, event_name: 'WakeUp!' }, 'Success'));
  return undefined;
});
