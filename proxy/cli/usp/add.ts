// causeway usp add: a new row.
import type { AddResp } from '../../usp/messages/add.ts';
import { CHANGE_TIMEOUT_MS, type Command } from '../command.ts';
import { alignColumns } from '../output/columns.ts';
import type { Paint } from '../output/paint.ts';
import { printable } from '../output/printable.ts';
import { readParameters } from './assignments.ts';
import { exchange } from './exchange.ts';
import { errorLine, pairs, type Report } from './report.ts';

/** The rows made, with their unique keys. */
export function formatAdd({ created_obj_results }: AddResp, paint: Paint): Report {
  const errors = created_obj_results.flatMap(({ requested_path, oper_status }) =>
    oper_status.kind === 'oper_failure'
      ? [errorLine(requested_path, oper_status.err_code, oper_status.err_msg)]
      : oper_status.param_errs.map(({ param, err_code, err_msg }) =>
          errorLine(oper_status.instantiated_path + param, err_code, err_msg),
        ),
  );
  const rows = created_obj_results.flatMap(({ oper_status }) =>
    oper_status.kind === 'oper_failure'
      ? []
      : [
          [
            { text: printable(oper_status.instantiated_path), paint: paint.bold },
            { text: pairs(oper_status.unique_keys), paint: paint.dim },
          ],
        ],
  );
  return { lines: alignColumns(rows), notes: created_obj_results.length === 0 ? ['no table found'] : [], errors };
}

export const add: Command = {
  kind: 'command',
  name: 'add',
  summary: 'a new row of a table',
  operands: [{ name: 'agent' }, { name: 'table' }, { name: 'param>=<value', optional: true, many: true }],
  options: {
    partial: { help: 'keep the row although a value is refused; without it, all or nothing' },
  },
  speaksUsp: true,
  timeoutMs: CHANGE_TIMEOUT_MS,
  detail: [
    'Prints the path of the row and its unique keys, those that the device chose included. Parameters are named relative\n' +
      'to the row.',
  ],
  examples: [
    {
      line: 'usp add 000001 Device.NAT.PortMapping. Enable=true ExternalPort=8081 InternalPort=80 InternalClient=192.168.1.20',
      what: 'a port mapping',
    },
    { line: 'usp add 000001 Device.Users.User. Username=guest --partial', what: 'a row with what the device takes' },
  ],
  async run(invocation) {
    const [agent = '', obj_path = '', ...texts] = invocation.operands;
    const partial = invocation.options.has('partial');
    const settings = readParameters(texts, !partial);
    if (!settings.ok) return settings;
    return exchange(invocation, agent, {
      request: { kind: 'add', allow_partial: partial, create_objs: [{ obj_path, param_settings: settings.value }] },
      answer: 'add_resp',
      format: formatAdd,
      changes: true,
    });
  },
};
