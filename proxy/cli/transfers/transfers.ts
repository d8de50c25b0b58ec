// causeway transfers: downloads and uploads of a device, and how they stand.
import { findDevice } from '../agents.ts';
import { callApi, listOf, textOf } from '../api.ts';
import { type Command, type Invocation, READ_TIMEOUT_MS } from '../command.ts';
import { EXIT, type ExitCode, failure, misused, type Result, success } from '../outcome.ts';
import { formatJson } from '../output/json.ts';
import { formatTransfers } from './format.ts';

async function cancel({ settings, io }: Invocation, device: string, key: string): Promise<Result<ExitCode>> {
  const cancelled = await callApi(settings, `/devices/${device}/transfers/${encodeURIComponent(key)}`, 'DELETE');
  if (cancelled.ok === 'missing') return failure(EXIT.partly, cancelled.message);
  if (!cancelled.ok) return cancelled;
  const request = textOf(cancelled.value, 'request');
  if (settings.json) io.out(formatJson(cancelled.value));
  else if (request === '') io.out('cancelled: the device was never asked for it');
  else io.out(`the device is asked to give it up; causeway request ${request} tells what it says`);
  return success(EXIT.ok);
}

export const transfers: Command = {
  kind: 'command',
  name: 'transfers',
  summary: 'downloads and uploads of a device, and how they stand',
  operands: [{ name: 'device' }],
  options: { cancel: { value: 'KEY', help: 'give this one up, as far as the device still can (CancelTransfer)' } },
  speaksUsp: false,
  timeoutMs: READ_TIMEOUT_MS,
  detail: [
    'Those that have not ended, then the last 16 of those that ended within 7 days. waiting: the device has not been asked\n' +
      'yet. asked: its answer is not known. pending: it has agreed and will report.',
  ],
  examples: [
    { line: 'transfers 000001', what: 'of the device whose id ends in 000001' },
    { line: 'transfers 000001 --cancel 1ABCDEFGHIJKLMNOPQRST01', what: 'that one is not to be' },
  ],
  async run(invocation) {
    const { operands, options, settings, io } = invocation;
    const found = await findDevice(settings, operands[0] ?? '');
    if (!found.ok) return found;
    const device = encodeURIComponent(found.value.id);
    const key = options.value('cancel');
    if (key !== undefined) return cancel(invocation, device, key);
    const listed = await callApi(settings, `/devices/${device}/transfers`);
    if (listed.ok !== true) return listed.ok === false ? listed : misused(listed.message);
    const known = listOf(listed.value, 'transfers');
    if (settings.json) io.out(formatJson(listed.value));
    else if (known.length === 0) io.err('no transfers');
    else for (const line of formatTransfers(known, io.paint)) io.out(line);
    return success(EXIT.ok);
  },
};
