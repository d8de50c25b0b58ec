// causeway usp set: new values for parameters of objects that are there.
import type { ParameterError } from '../../usp/messages/error.ts';
import type { SetResp } from '../../usp/messages/set.ts';
import { CHANGE_TIMEOUT_MS, type Command } from '../command.ts';
import type { Paint } from '../output/paint.ts';
import { printable } from '../output/printable.ts';
import { readUpdates } from './assignments.ts';
import { exchange } from './exchange.ts';
import { errorLine, type Report, valueLines } from './report.ts';

const parameterLines = (object: string, errors: readonly ParameterError[]): readonly string[] =>
  errors.map(({ param, err_code, err_msg }) => errorLine(object + param, err_code, err_msg));

/** Values as they are after the update. */
export function formatSet({ updated_obj_results }: SetResp, paint: Paint): Report {
  const values = new Map<string, string>();
  const notes: string[] = [];
  const errors: string[] = [];
  for (const { requested_path, oper_status } of updated_obj_results) {
    if (oper_status.kind === 'oper_failure') {
      const inner = oper_status.updated_inst_failures.flatMap(({ affected_path, param_errs }) =>
        parameterLines(affected_path, param_errs),
      );
      errors.push(...inner);
      // The object's own code says only that a parameter failed, when the parameters are named.
      if (inner.length === 0) errors.push(errorLine(requested_path, oper_status.err_code, oper_status.err_msg));
      continue;
    }
    const { updated_inst_results } = oper_status;
    if (updated_inst_results.length === 0) notes.push(`${printable(requested_path)}: nothing found`);
    for (const { affected_path, param_errs, updated_params } of updated_inst_results) {
      for (const [name, value] of updated_params) values.set(affected_path + name, value);
      errors.push(...parameterLines(affected_path, param_errs));
    }
  }
  return { lines: valueLines(values, paint), notes, errors };
}

export const set: Command = {
  kind: 'command',
  name: 'set',
  summary: 'new values for parameters',
  operands: [{ name: 'agent' }, { name: 'path>=<value', many: true }],
  options: {
    partial: { help: 'set what can be set, and name the rest; without it, all or nothing' },
  },
  speaksUsp: true,
  timeoutMs: CHANGE_TIMEOUT_MS,
  detail: [
    'Values are grouped by object. Without --partial the whole message is one: when one value is refused, none is set.\n' +
      'With --partial each value is tried for itself. What is printed are the values after the update.',
    'A path may be a search, quoted for the shell; its value then goes to every row found.',
  ],
  examples: [
    { line: 'usp set 000001 Device.WiFi.SSID.1.SSID=meadow', what: 'one value' },
    {
      line: "usp set 000001 'Device.WiFi.SSID.[Enable==true].SSID=meadow' Device.WiFi.Radio.1.Channel=6 --partial",
      what: 'several, whatever becomes of each',
    },
  ],
  async run(invocation) {
    const [agent = '', ...texts] = invocation.operands;
    const partial = invocation.options.has('partial');
    const updates = readUpdates(texts, !partial);
    if (!updates.ok) return updates;
    return exchange(invocation, agent, {
      request: { kind: 'set', allow_partial: partial, update_objs: updates.value },
      answer: 'set_resp',
      format: formatSet,
      changes: true,
    });
  },
};
