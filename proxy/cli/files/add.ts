// causeway files add: a file of this machine becomes one of the gateway's.
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { textOf } from '../api.ts';
import { type Command, CHANGE_TIMEOUT_MS } from '../command.ts';
import { EXIT, misused, success } from '../outcome.ts';
import { formatJson } from '../output/json.ts';
import { printable } from '../output/printable.ts';
import { formatSize } from '../output/size.ts';
import { sendFile } from './send-file.ts';

const ABOUT = ['name', 'type', 'vendor', 'model', 'version'] as const;

export const add: Command = {
  kind: 'command',
  name: 'add',
  summary: 'gives the gateway a file of this machine',
  operands: [{ name: 'path' }],
  options: {
    type: {
      value: 'TYPE',
      help: "CWMP's FileType, such as '1 Firmware Upgrade Image' or '3 Vendor Configuration File'",
    },
    name: { value: 'NAME', help: 'what it is called; default: the name it has here' },
    vendor: { value: 'TEXT', help: 'whose devices it is for' },
    model: { value: 'TEXT', help: 'which model it is for' },
    version: { value: 'TEXT', help: 'which version it is' },
  },
  speaksUsp: false,
  timeoutMs: CHANGE_TIMEOUT_MS,
  detail: ['Prints the id of the file. --timeout bounds how long nothing may move, not the whole.'],
  examples: [
    {
      line: "files add router-2.1.bin --type '1 Firmware Upgrade Image' --version 2.1",
      what: 'a firmware; causeway files url makes a URL for it',
    },
  ],
  async run({ operands: [path = ''], options, settings, io }) {
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile() !== true) return misused(`${printable(path)} is no file`);
    const given = ABOUT.flatMap((name): [string, string][] => {
      const value = options.value(name) ?? (name === 'name' ? basename(path) : undefined);
      return value === undefined ? [] : [[name, value]];
    });
    const resource = `/files?${new URLSearchParams(given).toString()}`;
    const answer = await sendFile(settings, resource, { path, size: found.size }, (line) => io.err(line));
    if (answer.ok !== true) return answer.ok === false ? answer : misused(answer.message);
    if (settings.json) io.out(formatJson(answer.value));
    else {
      io.err(`stored: ${formatSize(Number(textOf(answer.value, 'size')))}`);
      io.out(printable(textOf(answer.value, 'id')));
    }
    return success(EXIT.ok);
  },
};
