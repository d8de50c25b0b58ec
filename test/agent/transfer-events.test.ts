// TransferComplete! and DUStateChange!: what each end of a transfer tells (facts: cwmp-usp-translation §8.1, §8.3, §10.3).
import t from 'tap';
import { operationComplete } from '../../proxy/agent/subscriptions/operation-complete.ts';
import { transferNotifications } from '../../proxy/agent/subscriptions/transfer-events.ts';
import type { DeviceEvent } from '../../proxy/device/events.ts';
import type { TransferRecord } from '../../proxy/store/transfer-steps.ts';

const frame = { at: 0, boot: undefined };
const TIMES = { StartTime: '2026-01-01T00:00:00Z', CompleteTime: '0001-01-01T00:00:00Z' };
const UNIT = {
  UUID: '5bb3c9a8-6cd4-4a7d-9e6d-1e5b6c1d2f3a',
  DeploymentUnitRef: 'Device.SoftwareModules.DeploymentUnit.2.',
  Version: '1.0',
  CurrentState: 'Installed',
  Resolved: true,
  ExecutionUnitRefList: 'Device.SoftwareModules.ExecutionUnit.1.,Device.SoftwareModules.ExecutionUnit.2.',
  ...TIMES,
  Fault: { FaultCode: 0, FaultString: '' },
};

function ended(order: object, end: Partial<NonNullable<TransferRecord['end']>>, report?: number): DeviceEvent {
  const transfer: TransferRecord = {
    CommandKey: 'ours',
    kind: 'download',
    state: end.state ?? 'succeeded',
    order: JSON.stringify(order),
    createdAt: 0,
    expiresAt: 1,
    askedAt: 0,
    acceptedAt: 0,
    end: { state: 'succeeded', at: 1, FaultCode: 0, FaultString: '', ...TIMES, ...end },
  };
  return { ...frame, kind: 'transfer', sequence: 9, transfer, ...(report === undefined ? {} : { report }) };
}
const reported = (
  method: 'DUStateChangeComplete' | 'AutonomousDUStateChangeComplete' | 'AutonomousTransferComplete',
  value: unknown,
): DeviceEvent => ({
  ...frame,
  kind: 'report',
  sequence: 8,
  method,
  value,
});
const tell = (event: DeviceEvent, ...others: readonly DeviceEvent[]): readonly Readonly<Record<string, string>>[] =>
  transferNotifications(event, [...others, event]).map(({ params }) => Object.fromEntries(params));
const DOWNLOAD = { kind: 'download', URL: 'http://h/f' };

t.test('a transfer that was no command: nobody asked for it', async (t) => {
  const event = ended(DOWNLOAD, {});
  t.match(tell(event), [
    { Command: '', CommandKey: '', Requestor: '', TransferType: 'Download', TransferURL: 'http://h/f', FaultCode: '0' },
  ]);
  t.match(tell(ended({ kind: 'upload', URL: 'http://h/u' }, {})), [{ TransferType: 'Upload' }]);
  t.equal(operationComplete(event), undefined);
});

t.test('codes are those of USP, words those of the CPE', async (t) => {
  for (const [cwmp, code] of Object.entries({ 9001: '7002', 9002: '7003', 9010: '7022', 9020: '7022' })) {
    const [args] = tell(ended(DOWNLOAD, { state: 'failed', FaultCode: Number(cwmp), FaultString: 'no' }));
    t.same([args?.['FaultCode'], args?.['FaultString']], [code, `CWMP ${cwmp}: no`]);
  }
  t.match(tell(ended(DOWNLOAD, { state: 'expired', StartTime: '' })), [
    { FaultCode: '7022', StartTime: '0001-01-01T00:00:00Z' },
  ]);
  t.match(tell(ended(DOWNLOAD, { state: 'cancelled' })), [{ FaultCode: '7022', FaultString: /cancelled/ }]);
});

t.test('one that the CPE began itself', async (t) => {
  const value = {
    TransferURL: 'http://h/a',
    IsDownload: false,
    FaultStruct: { FaultCode: 9011, FaultString: 'no' },
    ...TIMES,
  };
  t.match(tell(reported('AutonomousTransferComplete', value)), [
    { Command: '', TransferType: 'Upload', TransferURL: 'http://h/a', FaultCode: '7022', FaultString: 'CWMP 9011: no' },
  ]);
});

t.test('a unit: what was done is known from what was asked for, and told once', async (t) => {
  const report = reported('DUStateChangeComplete', { CommandKey: 'ours', Results: [UNIT] });
  const end = ended({ kind: 'change-du-state', Operation: 'Install' }, {}, 8);
  t.same(transferNotifications(report, [report, end]), []);
  t.match(tell(end, report), [
    {
      UUID: UNIT.UUID,
      DeploymentUnitRef: 'Device.SoftwareModules.DeploymentUnit.2',
      ExecutionUnitRefList: 'Device.SoftwareModules.ExecutionUnit.1,Device.SoftwareModules.ExecutionUnit.2',
      Resolved: 'true',
      OperationPerformed: 'Install',
      'Fault.FaultCode': '0',
      'Fault.FaultString': '',
    },
  ]);
  t.match(tell(report), [{ OperationPerformed: '' }], 'that of nobody we know');
});

t.test('units that changed by themselves, one event each', async (t) => {
  const failed = { ...UNIT, OperationPerformed: 'Update', Fault: { FaultCode: 9018, FaultString: 'bad' } };
  const removed = { ...UNIT, OperationPerformed: 'Uninstall' };
  t.match(tell(reported('AutonomousDUStateChangeComplete', { Results: [failed, removed] })), [
    { OperationPerformed: 'Update', 'Fault.FaultCode': '7035', 'Fault.FaultString': 'CWMP 9018: bad' },
    { OperationPerformed: 'Uninstall' },
  ]);
});
