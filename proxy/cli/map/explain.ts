// causeway map explain: why a device shows what it shows.
import { findDevice } from '../agents.ts';
import { callApi, fieldOf, listOf, textOf } from '../api.ts';
import { type Command, READ_TIMEOUT_MS } from '../command.ts';
import { EXIT, misused, success } from '../outcome.ts';
import { formatJson } from '../output/json.ts';
import type { Paint } from '../output/paint.ts';
import { printable } from '../output/printable.ts';

const placeOf = (rule: unknown): string => `${textOf(rule, 'file')}:${textOf(rule, 'line')}`;

/** Parameters as the API explains them → lines; values where the device was asked for them. */
export function formatExplained(explained: unknown, paint: Paint): readonly string[] {
  const root = textOf(explained, 'root');
  const [values, cpeValues] = [fieldOf(explained, 'values'), fieldOf(explained, 'cpeValues')];
  const is = (known: unknown, name: string): string =>
    fieldOf(known, name) === undefined ? '' : ` = ${printable(textOf(known, name))}`;
  return listOf(explained, 'parameters').flatMap((parameter) => {
    const path = textOf(parameter, 'path');
    const names = listOf(parameter, 'parameters').map(String);
    const rules = listOf(parameter, 'rules').map(placeOf);
    const itself = root === 'Device.' ? 'the device has Device:2 itself' : 'the number of rows';
    return [
      paint.bold(printable(path)) + is(values, path),
      ...names.map((name) => `  from  ${printable(name)}${is(cpeValues, name)}`),
      paint.dim(`  rule  ${rules.length === 0 ? itself : printable(rules.join(', '))}`),
    ];
  });
}

export const explain: Command = {
  kind: 'command',
  name: 'explain',
  summary: 'which rules show a path of a device, and what they make it of',
  operands: [{ name: 'agent' }, { name: 'path' }],
  options: { 'no-values': { help: 'what is known here already: the device is not asked for values' } },
  speaksUsp: false,
  timeoutMs: READ_TIMEOUT_MS,
  detail: [
    'Of each parameter at or below the path: its value now, the parameters of the device that it is made of with what they\n' +
      'say themselves, and file and line of the rule. A path of Device:2 without wildcards.',
    'Rules and names come from what the gateway knows of the device; it is asked once for all values. Secrets are not shown.',
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
    const wanted = `path=${encodeURIComponent(path)}${options.has('no-values') ? '' : '&values=now'}`;
    const answer = await callApi(settings, `/devices/${encodeURIComponent(device.value.id)}/map?${wanted}`);
    if (answer.ok !== true) return answer.ok === false ? answer : misused(answer.message);
    if (settings.json) io.out(formatJson(answer.value));
    else for (const line of formatExplained(answer.value, io.paint)) io.out(line);
    const notAsked = textOf(answer.value, 'notAsked');
    if (notAsked !== '') io.err(`without values: ${printable(notAsked)}`);
    if (fieldOf(answer.value, 'more') === true) io.err('there is more; name an object further down');
    return success(EXIT.ok);
  },
};
