// causeway files upload-url: a URL to which a CPE brings a file.
import { type Command, READ_TIMEOUT_MS } from '../command.ts';
import { grant, GRANT_OPTIONS } from './grant-options.ts';

export const uploadUrl: Command = {
  kind: 'command',
  name: 'upload-url',
  summary: 'makes a URL to which a CPE brings a file (PUT or POST)',
  operands: [{ name: 'name' }],
  options: {
    ...GRANT_OPTIONS,
    type: { value: 'TYPE', help: "CWMP's FileType, such as '2 Vendor Log File'" },
  },
  speaksUsp: false,
  timeoutMs: READ_TIMEOUT_MS,
  detail: ['<name> is what the file is to be called in causeway files list, once it is there.'],
  examples: [
    { line: "files upload-url syslog.txt --device T0001 --type '2 Vendor Log File'", what: 'for the log of a device' },
  ],
  run: (invocation) => {
    const [name = ''] = invocation.operands;
    return grant(invocation, '/files/uploads', { name, type: invocation.options.value('type') ?? '' });
  },
};
