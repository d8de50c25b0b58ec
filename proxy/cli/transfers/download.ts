// causeway download: the device fetches a file and applies it.
import { type Command, READ_TIMEOUT_MS } from '../command.ts';
import { beginTransfer, numberOption, TRANSFER_OPTIONS } from './follow.ts';

export const download: Command = {
  kind: 'command',
  name: 'download',
  summary: 'have the device fetch a file: firmware, configuration',
  operands: [{ name: 'device' }],
  options: {
    ...TRANSFER_OPTIONS,
    size: { value: 'BYTES', help: 'FileSize, which the device may check before it fetches' },
    name: { value: 'NAME', help: 'TargetFileName on the device' },
  },
  speaksUsp: false,
  timeoutMs: READ_TIMEOUT_MS,
  detail: [
    'The device is called and asked at once (Download, TR-069 A.3.2.8); where it cannot be reached, when it next comes. It\n' +
      'fetches the file when its session has ended, may reboot, and reports in a later session. A transfer that has not\n' +
      'ended after transfer.keep expires. It goes on when this command ends; causeway transfers shows it.',
    'With --wait: exit code 0 when the device reports success, 1 for every other end.',
  ],
  examples: [
    {
      line: "download 000001 --type '1 Firmware Upgrade Image' --url http://files.example/fw-9.bin --wait",
      what: 'new firmware, followed until the device reports',
    },
    {
      line: "download 000001 --type '3 Vendor Configuration File' --url http://files.example/c.xml --username cpe",
      what: 'a configuration; the password is in CAUSEWAY_FILE_PASSWORD',
    },
  ],
  run: (invocation) =>
    beginTransfer(invocation, 'download', {
      FileSize: numberOption(invocation, 'size'),
      TargetFileName: invocation.options.value('name'),
    }),
};
