// causeway usp get: values by path.
import type { GetResp } from '../../usp/messages/get.ts';
import { type Command, READ_TIMEOUT_MS } from '../command.ts';
import { misused } from '../outcome.ts';
import type { Paint } from '../output/paint.ts';
import { printable } from '../output/printable.ts';
import { exchange } from './exchange.ts';
import { errorLine, type Report, valueLines } from './report.ts';

/** Values of all paths together, each once. */
export function valuesOf({ req_path_results }: GetResp): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const { resolved_path_results } of req_path_results) {
    for (const { resolved_path, result_params } of resolved_path_results) {
      for (const [name, value] of result_params) values.set(resolved_path + name, value);
    }
  }
  return values;
}

export function formatGet(body: GetResp, paint: Paint): Report {
  const { req_path_results } = body;
  const failed = req_path_results.filter(({ err_code }) => err_code !== 0);
  const empty = req_path_results.filter(
    ({ err_code, resolved_path_results }) => err_code === 0 && resolved_path_results.length === 0,
  );
  return {
    lines: valueLines(valuesOf(body), paint),
    notes: empty.map(({ requested_path }) => `${printable(requested_path)}: nothing found`),
    errors: failed.map(({ requested_path, err_code, err_msg }) => errorLine(requested_path, err_code, err_msg)),
  };
}

export const get: Command = {
  kind: 'command',
  name: 'get',
  summary: 'values of parameters, by path',
  operands: [{ name: 'agent' }, { name: 'path', many: true }],
  options: {
    'max-depth': { value: 'N', help: 'levels of objects to answer, the own one being 1; 0, the default, is all' },
  },
  speaksUsp: true,
  timeoutMs: READ_TIMEOUT_MS,
  detail: [
    'A path names a parameter, an object (everything below it), all rows of a table (*) or those that a search finds.\n' +
      'Quote * and [ ] for the shell. Values stand on standard output, failed paths on standard error with their USP code.',
  ],
  examples: [
    { line: 'usp get 000001 Device.DeviceInfo.SoftwareVersion', what: 'one value' },
    { line: 'usp get 000001 Device.WiFi. --max-depth 2', what: 'the Wi-Fi object and one level below it' },
    { line: "usp get 000001 'Device.WiFi.SSID.*.SSID'", what: 'one parameter of every row' },
    {
      line: `usp get 000001 'Device.Hosts.Host.[Active==true].HostName' --json`,
      what: 'of the rows that a search finds, as GetResp in JSON',
    },
  ],
  async run(invocation) {
    const [agent = '', ...param_paths] = invocation.operands;
    const depth = invocation.options.value('max-depth') ?? '0';
    if (!/^\d{1,3}$/.test(depth)) return misused('--max-depth wants a whole number, 0 for all levels');
    return exchange(invocation, agent, {
      request: { kind: 'get', param_paths, max_depth: Number(depth) },
      answer: 'get_resp',
      format: formatGet,
      changes: false,
    });
  },
};
