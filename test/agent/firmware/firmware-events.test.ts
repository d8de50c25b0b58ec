// What Controllers are told of the banks: values that are others than before, and how a Download() ended.
import t from 'tap';
import { withBanks } from '../../../proxy/agent/firmware/bank-view.ts';
import { bankChanges, imageComplete } from '../../../proxy/agent/subscriptions/firmware-events.ts';
import type { DeviceEvent } from '../../../proxy/device/events.ts';
import { EMPTY_CATALOGUE } from '../../../proxy/device/instance-tree/catalogue.ts';
import type { SupportedObject } from '../../../proxy/mapping/supported.ts';
import { Views } from '../../../proxy/mapping/views.ts';
import { EMPTY_BANK, FIRST_FIRMWARE, type FirmwareRecord } from '../../../proxy/store/firmware-steps.ts';
import type { OperationRecord } from '../../../proxy/store/operation-steps.ts';
import { recordOf } from '../device-record.ts';
import { BANK, TASK } from './firmware-at-hand.ts';

const ROOT = 'Device.DeviceInfo.FirmwareImage.';
const record = recordOf({ firmware: { active: 2, bank: EMPTY_BANK } });
const plain = new Views().viewOf(record, EMPTY_CATALOGUE);
/** A model that has an object of this path, and no banks. */
function viewWith(path: string): typeof plain {
  const root = plain?.supported.objects.get('Device.');
  if (plain === undefined || root === undefined) throw new Error('no view');
  const objects = new Map<string, SupportedObject>([...plain.supported.objects, [path, { ...root, path }]]);
  return withBanks(Object.assign(Object.create(plain) as typeof plain, { supported: { objects } }), record);
}
const view = viewWith('Device.DeviceInfo.');
const frame = { sequence: 1, at: Date.UTC(2026, 0, 1), boot: undefined };
const told = (event: DeviceEvent, of = view): readonly string[] =>
  bankChanges(event, of, record).map(({ param_path, param_value }) => `${param_path}=${param_value}`);

t.test('banks that change: what a Get would show otherwise than before', async (t) => {
  const after: FirmwareRecord = { active: 1, bank: { ...EMPTY_BANK, status: 'Available', blob: 'b', name: 'image' } };
  t.same(told({ ...frame, kind: 'firmware', before: FIRST_FIRMWARE, after }), [
    `${ROOT}2.Name=image`,
    `${ROOT}2.Available=true`,
    `${ROOT}2.Status=Available`,
  ]);
  const swapped = told({ ...frame, kind: 'firmware', before: after, after: record.firmware });
  t.match(swapped, [
    `Device.DeviceInfo.ActiveFirmwareImage=${ROOT}2`,
    `Device.DeviceInfo.BootFirmwareImage=${ROOT}2`,
    ...[`${ROOT}1.Name=`, `${ROOT}1.Version=`, `${ROOT}1.Available=false`, `${ROOT}1.Status=NoImage`],
    ...[`${ROOT}2.Name=3.2.1`, `${ROOT}2.Version=3.2.1`, `${ROOT}2.Status=Active`],
  ]);
  t.same(told({ ...frame, kind: 'firmware', before: after, after }), []);
});

t.test('a CPE that comes up with other software: the row that runs', async (t) => {
  const inform = (firmwareUpdated: boolean): DeviceEvent => ({
    ...{ ...frame, boot: { expected: undefined, firmwareUpdated } },
    ...{ kind: 'inform', events: [], values: [] },
  });
  t.same(told(inform(true)), [`${ROOT}2.Name=3.2.1`, `${ROOT}2.Version=3.2.1`]);
  t.same(told(inform(false)), []);
});

t.test('of a CPE that shows banks itself nothing is told', async (t) => {
  const own = viewWith(`${ROOT}{i}.`);
  t.same(told({ ...frame, kind: 'firmware', before: FIRST_FIRMWARE, after: record.firmware }, own), []);
});

t.test('TransferComplete! of a Download(), and of nothing else', async (t) => {
  const operation = {
    ...{ kind: 'firmware', command: `${BANK}Download()`, command_key: 'k1', originator: 'proto::me' },
    ...{ createdAt: frame.at, startedAt: frame.at - 5000 },
    detail: JSON.stringify({ ...TASK, CheckSumAlgorithm: 'SHA-1', CheckSum: 'ab' }),
  } as OperationRecord;
  const outcome = { kind: 'failed', err_code: 7022, err_msg: 'x'.repeat(300) } as const;
  const ended = (one: OperationRecord): Parameters<typeof imageComplete>[0] => ({
    ...frame,
    ...{ kind: 'operation', operation: one, outcome },
  });
  t.same(Object.fromEntries(imageComplete(ended(operation))?.params ?? []), {
    ...{ Command: `${BANK}Download()`, CommandKey: 'k1', Requestor: 'proto::me', TransferType: 'Download' },
    ...{ Affected: BANK, TransferURL: 'http://images.example/image-2' },
    ...{ StartTime: '2025-12-31T23:59:55.000Z', CompleteTime: '2026-01-01T00:00:00.000Z' },
    ...{ FaultCode: '7022', FaultString: 'x'.repeat(256), CheckSumAlgorithm: 'SHA-1', CheckSum: 'ab' },
  });
  t.equal(imageComplete(ended({ ...operation, command: `${BANK}Activate()` })), undefined);
  t.equal(imageComplete(ended({ ...operation, kind: 'timer' })), undefined);
});
