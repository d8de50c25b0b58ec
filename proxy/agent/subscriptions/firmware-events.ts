// What Controllers are told of the Agent's own firmware banks: how a Download() ended, and the values that have changed with
// the banks (facts: cwmp-usp-translation §8.1, §8.2). Pure.
import type { DeviceEvent } from '../../device/events.ts';
import type { View } from '../../mapping/view.ts';
import { lastNameOf, parentOf } from '../../path/concrete.ts';
import type { DeviceRecord } from '../../store/device-steps.ts';
import type { EventNotification, ValueChange } from '../../usp/messages/notify.ts';
import { hasOurBanks } from '../firmware/bank-view.ts';
import { bankRow, bankValues } from '../firmware/table.ts';
import { isOnFirmware, taskOf } from '../firmware/task.ts';

type Ended = Extract<DeviceEvent, { readonly kind: 'operation' }>;
type Changed = Extract<DeviceEvent, { readonly kind: 'firmware' }>;

/** Undefined for every other operation: an Activate() brings a file that the Controller has heard of before. */
export function imageComplete({ operation, outcome, at }: Ended): EventNotification | undefined {
  const { command, command_key, originator, startedAt } = operation;
  if (!isOnFirmware(operation) || lastNameOf(command) !== 'Download()') return undefined;
  const { TransferURL, CheckSumAlgorithm, CheckSum } = taskOf(operation);
  const failure = outcome.kind === 'failed' ? outcome : { err_code: 0, err_msg: '' };
  const isoOf = (ms: number): string => new Date(ms).toISOString();
  return {
    kind: 'event',
    obj_path: 'Device.LocalAgent.',
    event_name: 'TransferComplete!',
    params: new Map([
      ['Command', command],
      ['CommandKey', command_key],
      ['Requestor', originator],
      ['TransferType', 'Download'],
      ['Affected', parentOf(command)],
      ['TransferURL', TransferURL],
      ['StartTime', isoOf(startedAt ?? operation.createdAt)],
      ['CompleteTime', isoOf(at)],
      ['FaultCode', String(failure.err_code)],
      ['FaultString', failure.err_msg.slice(0, LONGEST_FAULT)],
      ['CheckSumAlgorithm', CheckSumAlgorithm],
      ['CheckSum', CheckSum],
    ]),
  };
}
const LONGEST_FAULT = 256;

/** Values of the banks that are others since the event, of the device as it is now. */
export function bankChanges(
  event: DeviceEvent,
  view: View | undefined,
  { firmware, facts }: Pick<DeviceRecord, 'firmware' | 'facts'>,
): readonly ValueChange[] {
  if (!hasOurBanks(view)) return [];
  if (event.kind === 'firmware') return changesOf(event, facts.SoftwareVersion);
  if (event.boot?.firmwareUpdated !== true) return [];
  // However the CPE came to it, the row that runs is the one that it runs.
  const now = bankValues(firmware, facts.SoftwareVersion);
  return ['Name', 'Version'].map((name): ValueChange => {
    const param_path = bankRow(firmware.active) + name;
    return { kind: 'value_change', param_path, param_value: now.get(param_path) ?? '' };
  });
}

function changesOf({ before, after }: Changed, version: string): readonly ValueChange[] {
  const was = bankValues(before, version);
  return [...bankValues(after, version)].flatMap(([param_path, param_value]) =>
    was.get(param_path) === param_value ? [] : [{ kind: 'value_change', param_path, param_value } as const],
  );
}
