// causeway files remove: a file is gone, and every URL for it with it.
import { callApi, textOf } from '../api.ts';
import { type Command, READ_TIMEOUT_MS } from '../command.ts';
import { EXIT, misused, success } from '../outcome.ts';
import { formatJson } from '../output/json.ts';
import { printable } from '../output/printable.ts';

export const remove: Command = {
  kind: 'command',
  name: 'remove',
  summary: 'removes a file; its URLs are good for nothing then',
  operands: [{ name: 'id' }],
  options: {},
  speaksUsp: false,
  timeoutMs: READ_TIMEOUT_MS,
  detail: ['A download that runs goes on to its end.'],
  examples: [{ line: 'files remove ABCDEFGHIJKLMNOPQRST', what: 'that file' }],
  async run({ operands: [id = ''], settings, io }) {
    const answer = await callApi(settings, `/files/${encodeURIComponent(id)}`, 'DELETE');
    if (answer.ok !== true) return answer.ok === false ? answer : misused(answer.message);
    if (settings.json) io.out(formatJson(answer.value));
    else io.err(`removed: ${printable(textOf(answer.value, 'name'))}`);
    return success(EXIT.ok);
  },
};
