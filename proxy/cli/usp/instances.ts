// causeway usp instances: rows of tables and what makes each unique.
import { comparePaths } from '../../path/order.ts';
import type { GetInstancesResp } from '../../usp/messages/get-instances.ts';
import { type Command, READ_TIMEOUT_MS } from '../command.ts';
import { alignColumns } from '../output/columns.ts';
import type { Paint } from '../output/paint.ts';
import { printable } from '../output/printable.ts';
import { exchange } from './exchange.ts';
import { errorLine, pairs, type Report } from './report.ts';

export function formatInstances({ req_path_results }: GetInstancesResp, paint: Paint): Report {
  const found = new Map(
    req_path_results.flatMap(({ curr_insts }) =>
      curr_insts.map(({ instantiated_obj_path, unique_keys }) => [instantiated_obj_path, unique_keys] as const),
    ),
  );
  const rows = [...found]
    .sort(([one], [other]) => comparePaths(one, other))
    .map(([path, keys]) => [printable(path), { text: pairs(keys), paint: paint.dim }]);
  const empty = req_path_results.filter(({ err_code, curr_insts }) => err_code === 0 && curr_insts.length === 0);
  const failed = req_path_results.filter(({ err_code }) => err_code !== 0);
  return {
    lines: alignColumns(rows),
    notes: empty.map(({ requested_path }) => `${printable(requested_path)}: no rows`),
    errors: failed.map(({ requested_path, err_code, err_msg }) => errorLine(requested_path, err_code, err_msg)),
  };
}

export const instances: Command = {
  kind: 'command',
  name: 'instances',
  summary: 'rows of tables, with their unique keys',
  operands: [{ name: 'agent' }, { name: 'path', many: true }],
  options: { 'first-level': { help: 'only rows of the table named, not of the tables inside' } },
  speaksUsp: true,
  timeoutMs: READ_TIMEOUT_MS,
  detail: ['A path names a table, or an object that holds tables.'],
  examples: [
    { line: 'usp instances 000001 Device.WiFi.', what: 'every row of every table of Wi-Fi' },
    { line: 'usp instances 000001 Device.IP.Interface. --first-level', what: 'the interfaces, not their addresses' },
  ],
  async run(invocation) {
    const [agent = '', ...obj_paths] = invocation.operands;
    return exchange(invocation, agent, {
      request: { kind: 'get_instances', obj_paths, first_level_only: invocation.options.has('first-level') },
      answer: 'get_instances_resp',
      format: formatInstances,
      changes: false,
    });
  },
};
