// causeway files url: a URL under which a CPE loads a file.
import { type Command, READ_TIMEOUT_MS } from '../command.ts';
import { grant, GRANT_OPTIONS } from './grant-options.ts';

export const url: Command = {
  kind: 'command',
  name: 'url',
  summary: 'makes a URL under which a CPE loads a file',
  operands: [{ name: 'id' }],
  options: GRANT_OPTIONS,
  speaksUsp: false,
  timeoutMs: READ_TIMEOUT_MS,
  detail: [
    'The URL lets in whoever has it. A download counts once all of it was received: a CPE that was cut off may ask again,\n' +
      'or go on where it was.',
  ],
  examples: [
    { line: 'files url ABCDEFGHIJKLMNOPQRST --device T0001 --for 2h', what: 'for one download by that device' },
  ],
  run: (invocation) => grant(invocation, `/files/${encodeURIComponent(invocation.operands[0] ?? '')}/grants`),
};
