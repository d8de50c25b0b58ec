// causeway upload: the device sends a file.
import { type Command, READ_TIMEOUT_MS } from '../command.ts';
import { beginTransfer, TRANSFER_OPTIONS } from './follow.ts';

export const upload: Command = {
  kind: 'command',
  name: 'upload',
  summary: 'have the device send a file: its configuration, its log',
  operands: [{ name: 'device' }],
  options: TRANSFER_OPTIONS,
  speaksUsp: false,
  timeoutMs: READ_TIMEOUT_MS,
  detail: [
    'As causeway download, the other way (Upload, TR-069 A.4.1.5): the device sends the file to the URL by HTTP PUT when\n' +
      'its session has ended, and reports in a later one.',
    'With --wait: exit code 0 when the device reports success, 1 for every other end.',
  ],
  examples: [
    {
      line: "upload 000001 --type '1 Vendor Configuration File' --url http://files.example/up/000001 --wait",
      what: 'its configuration',
    },
  ],
  run: (invocation) => beginTransfer(invocation, 'upload'),
};
