// causeway requests: what was asked of a device lately, and what became of it.
import { findDevice } from './agents.ts';
import { callApi, listOf, textOf } from './api.ts';
import { type Command, READ_TIMEOUT_MS } from './command.ts';
import { EXIT, misused, success } from './outcome.ts';
import { alignColumns, type Cell } from './output/columns.ts';
import { formatJson } from './output/json.ts';
import type { Paint } from './output/paint.ts';
import { printable } from './output/printable.ts';

/** The colour of a state: what ended well, what did not, what goes on. */
export function statePaint(state: string, paint: Paint): (text: string) => string {
  if (state === 'succeeded') return paint.green;
  return state === 'waiting' || state === 'running' ? paint.yellow : paint.red;
}

/** Requests as the API describes them → lines, heading first. */
export function formatRequests(requests: readonly unknown[], paint: Paint): readonly string[] {
  const heading = ['request', 'kind', 'state', 'since', 'steps', 'from', 'error'];
  const rows = requests.map((request): (Cell | string)[] => {
    const state = textOf(request, 'state');
    return [
      { text: printable(textOf(request, 'id')), paint: paint.bold },
      printable(textOf(request, 'kind')),
      { text: printable(state), paint: statePaint(state, paint) },
      textOf(request, 'enqueuedAt'),
      String(listOf(request, 'steps').length),
      printable(textOf(request, 'from_id')) || '-',
      printable(textOf(request, 'error')),
    ];
  });
  return alignColumns([heading.map((text) => ({ text, paint: paint.dim })), ...rows]);
}

export const requests: Command = {
  kind: 'command',
  name: 'requests',
  summary: 'what was asked of a device lately, and what became of it',
  operands: [{ name: 'device' }],
  options: {},
  speaksUsp: false,
  timeoutMs: READ_TIMEOUT_MS,
  detail: [
    'Requests that went through the mailbox of the device: those that wait or run, and outcomes of the last 10 minutes.\n' +
      'What the gateway answers by itself (LocalAgent, the supported model) does not come here. steps: RPCs that change\n' +
      'something.',
  ],
  examples: [{ line: 'requests 000001', what: 'of the device whose id ends in 000001' }],
  async run({ operands: [name = ''], settings, io }) {
    const device = await findDevice(settings, name);
    if (!device.ok) return device;
    const listed = await callApi(settings, `/devices/${encodeURIComponent(device.value.id)}/requests`);
    if (listed.ok !== true) return listed.ok === false ? listed : misused(listed.message);
    const found = listOf(listed.value, 'requests');
    if (settings.json) io.out(formatJson(listed.value));
    else if (found.length === 0) io.err('no request lately');
    else for (const line of formatRequests(found, io.paint)) io.out(line);
    return success(EXIT.ok);
  },
};
