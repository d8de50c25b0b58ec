// What Controllers are told of the Agent's own firmware banks: how a Download() ended, and the values that have changed with
// the banks (facts: cwmp-usp-translation §8.1, §8.2). Pure.
import type { DeviceEvent } from '../../device/events.ts';
import type { View } from '../../mapping/view.ts';
import { lastNameOf, parentOf } from '../../path/concrete.ts';
import type { EventNotification, ValueChange } from '../../usp/messages/notify.ts';
import { hasOurBanks } from '../firmware/bank-view.ts';
import { bankValues } from '../firmware/table.ts';
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

/** `version`: the software that the CPE runs now. */
export function bankChanges(
  { before, after }: Changed,
  view: View | undefined,
  version: string,
): readonly ValueChange[] {
  if (!hasOurBanks(view)) return [];
  const was = bankValues(before, version);
  return [...bankValues(after, version)].flatMap(([param_path, param_value]) =>
    was.get(param_path) === param_value ? [] : [{ kind: 'value_change', param_path, param_value } as const],
  );
}
