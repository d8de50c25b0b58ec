// causeway usp operate: a command of the device.
import type { OperateResp } from '../../usp/messages/operate.ts';
import { CHANGE_TIMEOUT_MS, type Command } from '../command.ts';
import type { Paint } from '../output/paint.ts';
import { printable } from '../output/printable.ts';
import { readInputArguments } from './assignments.ts';
import { exchange } from './exchange.ts';
import { errorLine, type Report, valueLines } from './report.ts';

/** What each object's command gave. */
export function formatOperate({ operation_results }: OperateResp, paint: Paint): Report {
  const lines: string[] = [];
  const errors: string[] = [];
  for (const { executed_command, operation_resp } of operation_results) {
    const command = paint.bold(printable(executed_command));
    switch (operation_resp.kind) {
      case 'cmd_failure':
        errors.push(errorLine(executed_command, operation_resp.err_code, operation_resp.err_msg));
        break;
      case 'req_obj_path':
        lines.push(`${command} goes on as ${printable(operation_resp.req_obj_path)}`);
        break;
      case 'req_output_args':
        lines.push(`${command} done`, ...valueLines(operation_resp.output_args, paint).map((line) => `  ${line}`));
    }
  }
  return { lines, notes: operation_results.length === 0 ? ['no object found'] : [], errors };
}

/** A shell makes parentheses its own: `Device.Reboot` is taken for `Device.Reboot()`. */
export const commandPath = (text: string): string => (text.endsWith(')') ? text : `${text}()`);

export const operate: Command = {
  kind: 'command',
  name: 'operate',
  summary: 'a command of the device, such as Device.Reboot()',
  operands: [{ name: 'agent' }, { name: 'command' }, { name: 'arg>=<value', optional: true, many: true }],
  options: {
    key: { value: 'KEY', help: 'command_key: your mark, which comes back in Boot! and OperationComplete' },
  },
  speaksUsp: true,
  timeoutMs: CHANGE_TIMEOUT_MS,
  detail: [
    'The () may be left out, since shells want it quoted. causeway usp supported shows which commands there are, and\n' +
      'their arguments.',
  ],
  examples: [
    { line: 'usp operate 000001 Device.Reboot --key maintenance-7', what: 'a reboot, with a mark to know it by' },
    { line: "usp operate 000001 'Device.Reboot()' Reason='after the update'", what: 'with an argument' },
  ],
  async run(invocation) {
    const [agent = '', command = '', ...texts] = invocation.operands;
    const input_args = readInputArguments(texts);
    if (!input_args.ok) return input_args;
    return exchange(invocation, agent, {
      request: {
        kind: 'operate',
        command: commandPath(command),
        command_key: invocation.options.value('key') ?? '',
        send_resp: true,
        input_args: input_args.value,
      },
      answer: 'operate_resp',
      format: formatOperate,
      changes: true,
    });
  },
};
