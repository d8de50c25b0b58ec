// causeway doctor: why a device can or cannot be reached, step by step. The gateway examines; this prints.
import { findDevice } from './agents.ts';
import { callApi, fieldOf, listOf, textOf } from './api.ts';
import type { Command } from './command.ts';
import { adviceFor } from './doctor-advice.ts';
import { EXIT, misused, success } from './outcome.ts';
import { alignColumns, type Cell } from './output/columns.ts';
import { formatJson } from './output/json.ts';
import type { Paint } from './output/paint.ts';
import { printable } from './output/printable.ts';

/** More than a Connection Request and the Inform that follows it may take together. */
const EXAMINATION_MS = 60_000;

export const isReachable = (diagnosis: unknown): boolean => fieldOf(diagnosis, 'reachable') === true;

/** What was tried for the Connection Request, with its time; its last one, `outcome`, is told by the step that follows. */
const ATTEMPT = /^\+\d+ ms (?<what>\w+)$/;

function stepRow(step: unknown, paint: Paint): readonly (Cell | string)[] {
  const [what, detail] = [printable(textOf(step, 'what')), printable(textOf(step, 'detail'))];
  if (ATTEMPT.test(what)) return ['', { text: `  ${what}`, paint: paint.dim }, { text: detail, paint: paint.dim }];
  const ok = fieldOf(step, 'ok') === true;
  return [ok ? { text: 'ok', paint: paint.green } : { text: 'NO', paint: paint.red }, what, detail];
}

/** A diagnosis as the API gives it → lines: the steps, the verdict, and what to do about it. */
export function formatDiagnosis(diagnosis: unknown, paint: Paint): readonly string[] {
  const steps = listOf(diagnosis, 'steps');
  const told = steps.filter((step) => ATTEMPT.exec(textOf(step, 'what'))?.groups?.['what'] !== 'outcome');
  const device = printable(textOf(diagnosis, 'device'));
  const verdict = isReachable(diagnosis)
    ? paint.green(`${device} can be reached`)
    : paint.red(`${device} cannot be reached`);
  const advice = isReachable(diagnosis) ? undefined : adviceFor(steps);
  return [
    ...alignColumns(told.map((step) => stepRow(step, paint))),
    verdict,
    ...(advice === undefined ? [] : [`advice: ${advice}`]),
  ];
}

export const doctor: Command = {
  kind: 'command',
  name: 'doctor',
  summary: 'why a device can or cannot be reached, step by step',
  operands: [{ name: 'device' }],
  options: {},
  speaksUsp: false,
  timeoutMs: EXAMINATION_MS,
  detail: [
    'Tells what the gateway knows of the device, then asks it to come: a Connection Request by each way there\n' +
      'is (HTTP, UDP, XMPP) until one works, with everything that was tried. Accepting it is not enough: the Inform that should\n' +
      'follow is waited for.',
    'Exit code 0: the device came, or is in a session. 1: it cannot be reached; NO stands before the reason, and where\n' +
      'there is something to change the advice names it. A device that is off takes up to 10 s (connectionRequest.timeout),\n' +
      'one that accepts and does not come 15 s (connectionRequest.arrival).',
  ],
  examples: [
    { line: 'doctor 000001', what: 'the device whose id ends in 000001' },
    { line: 'doctor 000001 --json | jq .reachable', what: 'for a script' },
  ],
  async run({ operands: [name = ''], settings, io }) {
    const device = await findDevice(settings, name);
    if (!device.ok) return device;
    const examined = await callApi(settings, `/devices/${encodeURIComponent(device.value.id)}/doctor`, 'POST');
    if (examined.ok !== true) return examined.ok === false ? examined : misused(examined.message);
    if (settings.json) io.out(formatJson(examined.value));
    else for (const line of formatDiagnosis(examined.value, io.paint)) io.out(line);
    return success(isReachable(examined.value) ? EXIT.ok : EXIT.partly);
  },
};
