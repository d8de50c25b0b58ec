// OperationComplete: an asynchronous command has ended, whoever asked for it; every Subscription that refers to the
// command is told, with its originator's command_key. Pure.
import type { DeviceEvent } from '../../device/events.ts';
import { lastNameOf, parentOf } from '../../path/concrete.ts';
import { parsePath } from '../../path/parse.ts';
import { asObject, type Segment } from '../../path/path.ts';
import type { OperationOutcome, OperationRecord } from '../../store/operation-steps.ts';
import type { OperationComplete } from '../../usp/messages/notify.ts';
import { transferOutcome } from './transfer-outcome.ts';

/** What an event tells of a command; undefined for every event that ends none. */
export function operationComplete(event: DeviceEvent): OperationComplete | undefined {
  if (event.kind === 'operation') return complete(event.operation, event.outcome);
  if (event.kind !== 'transfer' || event.operation === undefined) return undefined;
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

/**
 * A reference to the command itself, or to an object of which it is below. A wildcard stands for any row, and so does a
 * search: what its values were when the command ended nobody knows.
 */
export function coversCommand(reference: string, { obj_path, command_name }: OperationComplete): boolean {
  const parsed = parsePath(reference);
  if (!parsed.ok) return false;
  const { segments, leaf } = asObject(parsed.path);
  const parts = obj_path.split('.').slice(0, -1);
  const matches = segments.every((segment, index) => covers(segment, parts[index]));
  if (leaf.kind === 'command') {
    return matches && segments.length === parts.length && `${leaf.name}()` === command_name;
  }
  return leaf.kind === 'object' && matches;
}

function covers(segment: Segment, part: string | undefined): boolean {
  if (segment.kind === 'name') return segment.name === part;
  if (segment.kind === 'instance') return String(segment.number) === part;
  return segment.kind !== 'reference' && part !== undefined && /^[0-9]+$/.test(part);
}
