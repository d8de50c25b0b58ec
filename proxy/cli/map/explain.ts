// causeway map explain: why a device shows what it shows.
import type { UspBody } from '../../usp/msg.ts';
import { findDevice } from '../agents.ts';
import { callApi, fieldOf, listOf, textOf } from '../api.ts';
import { type Command, type Invocation, READ_TIMEOUT_MS } from '../command.ts';
import { EXIT, misused, type Result, success } from '../outcome.ts';
import { formatJson } from '../output/json.ts';
import type { Paint } from '../output/paint.ts';
import { printable } from '../output/printable.ts';
import { askAgent } from '../usp/exchange.ts';
import { valuesOf } from '../usp/get.ts';

const placeOf = (rule: unknown): string => `${textOf(rule, 'file')}:${textOf(rule, 'line')}`;

/** Parameters as the API explains them → lines; `values` by path, undefined where the device was not asked. */
export function formatExplained(
  explained: unknown,
  values: ReadonlyMap<string, string> | undefined,
  paint: Paint,
): readonly string[] {
  const root = textOf(explained, 'root');
  return listOf(explained, 'parameters').flatMap((parameter) => {
    const path = textOf(parameter, 'path');
    const value = values?.get(path);
    const names = listOf(parameter, 'parameters').map(String);
    const rules = listOf(parameter, 'rules').map(placeOf);
    const itself = root === 'Device.' ? 'the device has Device:2 itself' : 'the number of rows';
    return [
      paint.bold(printable(path)) + (value === undefined ? '' : ` = ${printable(value)}`),
      ...names.map((name) => `  from  ${printable(name)}`),
      paint.dim(`  rule  ${rules.length === 0 ? itself : printable(rules.join(', '))}`),
    ];
  });
}

/** What the device says now; empty where it could not be asked, which is said aside. */
async function valuesNow(
  { settings, io }: Invocation,
  endpointId: string,
  path: string,
): Promise<Result<ReadonlyMap<string, string>>> {
  const asked = await askAgent(settings, endpointId, { kind: 'get', param_paths: [path], max_depth: 0 });
  if (!asked.ok) return asked;
  const body: UspBody = asked.value;
  if (body.kind === 'get_resp') return success(valuesOf(body));
  io.err('the device did not tell its values');
  return success(new Map());
}

export const explain: Command = {
  kind: 'command',
  name: 'explain',
  summary: 'which rules show a path of a device, and what they make it of',
  operands: [{ name: 'agent' }, { name: 'path' }],
  options: { 'no-values': { help: 'what is known here already: the device is not asked for values' } },
  speaksUsp: true,
  timeoutMs: READ_TIMEOUT_MS,
  detail: [
    'Of each parameter at or below the path: its value now, the parameters of the device that it is made of, and file and\n' +
      'line of the rule. A path of Device:2 without wildcards.',
    'Rules and names come from what the gateway knows of the device; values are asked of it by a USP Get.',
  ],
  examples: [
    { line: 'map explain 000001 Device.WiFi.AccessPoint.1.Security.ModeEnabled', what: 'one parameter' },
    { line: 'map explain 000001 Device.NAT. --no-values', what: 'an object, and all below it' },
  ],
  async run(invocation) {
    const { operands, options, settings, io } = invocation;
    const [agent = '', path = ''] = operands;
    const device = await findDevice(settings, agent);
    if (!device.ok) return device;
    // First, since the Get makes the device tell what it has, where that is not known yet.
    const values = options.has('no-values') ? undefined : await valuesNow(invocation, device.value.endpointId, path);
    if (values?.ok === false) return values;
    const resource = `/devices/${encodeURIComponent(device.value.id)}/map?path=${encodeURIComponent(path)}`;
    const answer = await callApi(settings, resource);
    if (answer.ok !== true) return answer.ok === false ? answer : misused(answer.message);
    if (settings.json) {
      io.out(formatJson({ ...Object(answer.value), ...(values && { values: Object.fromEntries(values.value) }) }));
    } else for (const line of formatExplained(answer.value, values?.value, io.paint)) io.out(line);
    if (fieldOf(answer.value, 'more') === true) io.err('there is more; name an object further down');
    return success(EXIT.ok);
  },
};
