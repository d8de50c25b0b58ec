// OperationComplete: an asynchronous command has ended, whoever asked for it; every Subscription that refers to the
// command is told, with its originator's command_key. Pure.
import type { DeviceEvent } from '../../device/events.ts';
import { lastNameOf, parentOf } from '../../path/concrete.ts';
import type { OperationOutcome, OperationRecord } from '../../store/operation-steps.ts';
import type { OperationComplete } from '../../usp/messages/notify.ts';
import { isOnFirmware } from '../firmware/task.ts';
import { transferOutcome } from './transfer-outcome.ts';

/** What an event tells of a command; undefined for every event that ends none. */
export function operationComplete(event: DeviceEvent): OperationComplete | undefined {
  if (event.kind === 'operation') return complete(event.operation, event.outcome);
  // Of one on firmware the transfer was a part.
  if (event.kind !== 'transfer' || event.operation === undefined || isOnFirmware(event.operation)) return undefined;
  return complete(event.operation, transferOutcome(event.transfer));
}

const complete = ({ command, command_key }: OperationRecord, outcome: OperationOutcome): OperationComplete => ({
  kind: 'oper_complete',
  obj_path: parentOf(command),
  command_name: lastNameOf(command),
  command_key,
  operation_resp:
    outcome.kind === 'done'
      ? { kind: 'req_output_args', output_args: new Map(Object.entries(outcome.output_args)) }
      : { kind: 'cmd_failure', err_code: outcome.err_code, err_msg: outcome.err_msg },
});
