// A Notify, or a value as it is now, as a line of text or of JSON. Pure.
import type { Notification } from '../../usp/messages/notify.ts';
import { errorLine, pairs } from './report.ts';
import type { Paint } from '../output/paint.ts';
import { printable } from '../output/printable.ts';
import { formatJsonLine } from '../output/json.ts';

/** A value that was read, not reported. */
export interface CurrentValue {
  readonly kind: 'current';
  readonly param_path: string;
  readonly param_value: string;
}
export type Seen = Notification | CurrentValue;

export interface Sighting {
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly agent: string;
  readonly seen: Seen;
}

const WIDEST = 'changed'.length;

function textOf(seen: Seen, paint: Paint): readonly [what: string, text: string] {
  switch (seen.kind) {
    case 'current':
      return ['is', `${printable(seen.param_path)} = ${printable(seen.param_value)}`];
    case 'value_change':
      return ['changed', `${printable(seen.param_path)} = ${paint.bold(printable(seen.param_value))}`];
    case 'event':
      return ['event', `${paint.bold(printable(seen.obj_path + seen.event_name))}  ${pairs(seen.params)}`];
    case 'obj_creation':
      return ['created', `${paint.bold(printable(seen.obj_path))}  ${pairs(seen.unique_keys)}`];
    case 'obj_deletion':
      return ['deleted', paint.bold(printable(seen.obj_path))];
    case 'oper_complete': {
      const { obj_path, command_name, command_key, operation_resp } = seen;
      const command = `${paint.bold(printable(obj_path + command_name))}  ${pairs(new Map([['key', command_key]]))}`;
      const outcome =
        operation_resp.kind === 'cmd_failure'
          ? paint.red(errorLine('', operation_resp.err_code, operation_resp.err_msg))
          : pairs(operation_resp.output_args);
      return ['done', `${command}  ${outcome}`];
    }
    case 'on_board_req':
      return ['onboard', printable(`${seen.oui} ${seen.product_class} ${seen.serial_number}`)];
  }
}

export function sightingText({ time, seen }: Sighting, paint: Paint): string {
  const [what, text] = textOf(seen, paint);
  return `${paint.dim(time)}  ${what.padEnd(WIDEST)}  ${text}`.trimEnd();
}

/** One JSON object a line: `time`, `agent`, `kind`, and the fields that USP gives a notification of that kind. */
export const sightingJson = ({ time, agent, seen }: Sighting): string => formatJsonLine({ time, agent, ...seen });
