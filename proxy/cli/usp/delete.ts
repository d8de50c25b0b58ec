// causeway usp delete: rows that go.
import { comparePaths } from '../../path/order.ts';
import type { DeleteResp } from '../../usp/messages/delete.ts';
import { CHANGE_TIMEOUT_MS, type Command } from '../command.ts';
import { printable } from '../output/printable.ts';
import { exchange } from './exchange.ts';
import { errorLine, type Report } from './report.ts';

/** The rows that are gone, one a line. */
export function formatDelete({ deleted_obj_results }: DeleteResp): Report {
  const gone = new Set<string>();
  const notes: string[] = [];
  const errors: string[] = [];
  for (const { requested_path, oper_status } of deleted_obj_results) {
    if (oper_status.kind === 'oper_failure') {
      errors.push(errorLine(requested_path, oper_status.err_code, oper_status.err_msg));
      continue;
    }
    const { affected_paths, unaffected_path_errs } = oper_status;
    for (const path of affected_paths) gone.add(path);
    for (const { unaffected_path, err_code, err_msg } of unaffected_path_errs) {
      errors.push(errorLine(unaffected_path, err_code, err_msg));
    }
    if (affected_paths.length + unaffected_path_errs.length === 0) {
      notes.push(`${printable(requested_path)}: nothing there to delete`);
    }
  }
  return { lines: [...gone].sort(comparePaths).map(printable), notes, errors };
}

export const deleteCommand: Command = {
  kind: 'command',
  name: 'delete',
  summary: 'rows of tables, by path or search',
  operands: [{ name: 'agent' }, { name: 'path', many: true }],
  options: {
    partial: { help: 'delete what can be deleted, and name the rest; without it, all or nothing' },
  },
  speaksUsp: true,
  timeoutMs: CHANGE_TIMEOUT_MS,
  detail: [
    'Prints the rows that are gone. A device cannot undo a deletion: without --partial everything that can be known is\n' +
      'checked before the first row goes.',
  ],
  examples: [
    { line: 'usp delete 000001 Device.NAT.PortMapping.2.', what: 'one row' },
    { line: `usp delete 000001 'Device.NAT.PortMapping.[Description=="test"].'`, what: 'all that a search finds' },
  ],
  async run(invocation) {
    const [agent = '', ...obj_paths] = invocation.operands;
    return exchange(invocation, agent, {
      request: { kind: 'delete', allow_partial: invocation.options.has('partial'), obj_paths },
      answer: 'delete_resp',
      format: formatDelete,
      changes: true,
    });
  },
};
