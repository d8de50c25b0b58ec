// causeway devices: what has come to this gateway, and when last.
import { fieldOf, listOf, textOf } from './api.ts';
import { listDevices } from './agents.ts';
import { type Command, READ_TIMEOUT_MS } from './command.ts';
import { EXIT, success } from './outcome.ts';
import { formatAge } from './output/age.ts';
import { alignColumns, type Cell } from './output/columns.ts';
import { formatJson } from './output/json.ts';
import type { Paint } from './output/paint.ts';
import { printable } from './output/printable.ts';

/** Devices as the API describes them → lines, heading first. */
export function formatDevices(devices: readonly unknown[], paint: Paint): readonly string[] {
  const heading = ['device', 'manufacturer', 'software', 'root', 'last Inform', 'events', 'session', 'waiting'];
  const rows = devices.map((device): (Cell | string)[] => {
    const inform = fieldOf(device, 'lastInform');
    const open = textOf(device, 'session') === 'open';
    const released = textOf(fieldOf(device, 'released'), 'url') !== '';
    return [
      { text: printable(textOf(device, 'id')), paint: paint.bold },
      printable(textOf(device, 'Manufacturer')),
      printable(textOf(device, 'SoftwareVersion')),
      printable(textOf(device, 'root')),
      `${formatAge(Number(textOf(inform, 'ageSeconds')))} ago`,
      printable(listOf(inform, 'events').join(', ')),
      { text: open ? 'open' : released ? 'released' : '-', paint: open ? paint.green : paint.dim },
      textOf(device, 'waitingRequests'),
    ];
  });
  return alignColumns([heading.map((text) => ({ text, paint: paint.dim })), ...rows]);
}

export const devices: Command = {
  kind: 'command',
  name: 'devices',
  summary: 'devices that have come to this gateway',
  operands: [],
  options: {},
  speaksUsp: false,
  timeoutMs: READ_TIMEOUT_MS,
  detail: [
    'One line a device. session: open means that a request is on the wire at once; otherwise the device is called\n' +
      'first; released that it was handed over to another ACS. waiting: requests in its mailbox.',
  ],
  examples: [
    { line: 'devices', what: 'all of them' },
    { line: 'devices --json | jq -r ".devices[].endpointId"', what: 'their Endpoint IDs' },
  ],
  async run({ settings, io }) {
    const listed = await listDevices(settings);
    if (!listed.ok) return listed;
    if (settings.json) io.out(formatJson({ devices: listed.value }));
    else if (listed.value.length === 0) io.err('no device has come to this gateway yet');
    else for (const line of formatDevices(listed.value, io.paint)) io.out(line);
    return success(EXIT.ok);
  },
};
