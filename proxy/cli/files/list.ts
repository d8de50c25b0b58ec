// causeway files list: what there is.
import { callApi, fieldOf, listOf, textOf } from '../api.ts';
import { type Command, READ_TIMEOUT_MS } from '../command.ts';
import { EXIT, misused, type Result, success } from '../outcome.ts';
import { alignColumns, type Cell } from '../output/columns.ts';
import { formatJson } from '../output/json.ts';
import type { Paint } from '../output/paint.ts';
import { printable } from '../output/printable.ts';
import { formatSize } from '../output/size.ts';
import type { Settings } from '../settings.ts';

/** Largest page of the API. */
const PAGE = 1000;

async function listFiles(settings: Settings): Promise<Result<readonly unknown[]>> {
  const files: unknown[] = [];
  for (let after = ''; ;) {
    const page = await callApi(settings, `/files?limit=${PAGE}${after === '' ? '' : `&after=${after}`}`);
    if (page.ok !== true) return page.ok === false ? page : misused(page.message);
    const found = listOf(page.value, 'files');
    files.push(...found);
    after = textOf(page.value, 'next');
    if (after === '' || found.length === 0) return success(files);
  }
}

/** Of an image that the gateway keeps for devices, how many have it. */
function usersOf(file: unknown): string {
  const count = textOf(file, 'devices');
  return count === '' ? '' : count === '1' ? 'for 1 device' : `for ${count} devices`;
}

/** Files as the API describes them → lines, heading first. */
export function formatFiles(files: readonly unknown[], paint: Paint): readonly string[] {
  const heading = ['file', 'name', 'type', 'version', 'size', 'stored', 'from', 'SHA-256'];
  const rows = files.map((file): (Cell | string)[] => [
    { text: printable(textOf(file, 'id')), paint: paint.bold },
    printable(textOf(file, 'name')),
    printable(textOf(file, 'fileType')) || '-',
    printable(textOf(file, 'version')) || '-',
    formatSize(Number(textOf(file, 'size'))),
    textOf(file, 'storedAt'),
    printable(textOf(file, 'device')) || usersOf(file) || '-',
    { text: printable(textOf(fieldOf(file, 'checksums'), 'SHA-256')).slice(0, 16), paint: paint.dim },
  ]);
  return alignColumns([heading.map((text) => ({ text, paint: paint.dim })), ...rows]);
}

export const list: Command = {
  kind: 'command',
  name: 'list',
  summary: 'all files',
  operands: [],
  options: {},
  speaksUsp: false,
  timeoutMs: READ_TIMEOUT_MS,
  detail: [
    'One line a file, the oldest first. from: the device that uploaded it; or, of an image that the gateway fetched, how\n' +
      'many devices have it in their banks: it goes with the last one. Of the checksum the beginning is shown; --json has all.',
  ],
  examples: [
    { line: 'files list', what: 'all of them' },
    { line: 'files list --json | jq -r ".files[].checksums.MD5"', what: 'their MD5s' },
  ],
  async run({ settings, io }) {
    const listed = await listFiles(settings);
    if (!listed.ok) return listed;
    if (settings.json) io.out(formatJson({ files: listed.value }));
    else if (listed.value.length === 0) io.err('there is no file yet; causeway files add brings one');
    else for (const line of formatFiles(listed.value, io.paint)) io.out(line);
    return success(EXIT.ok);
  },
};
