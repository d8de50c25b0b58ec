// What may be said of a URL for a CPE, and the answer that has it.
import { findDevice } from '../agents.ts';
import { callApi, textOf } from '../api.ts';
import { durationOption, type OptionSpecs } from '../arguments.ts';
import type { Invocation } from '../command.ts';
import { EXIT, type ExitCode, misused, type Result, success } from '../outcome.ts';
import { formatJson } from '../output/json.ts';
import { printable } from '../output/printable.ts';

export const GRANT_OPTIONS: OptionSpecs = {
  device: { value: 'DEVICE', help: 'whom it is for' },
  for: { value: 'TIME', help: 'how long it is good: 30m, 2d; default 1d' },
  count: { value: 'N', help: 'how often: whole downloads, or uploads; default 1' },
  username: { value: 'NAME', help: 'user name that the CPE has to send, as Basic' },
  password: { value: 'TEXT', help: 'password that goes with --username' },
};

const DEFAULT_MS = 86_400_000;

/** `resource` makes the URL; `wish` is what it wants besides. The URL is all that is printed on standard output. */
export async function grant(
  { options, settings, io }: Invocation,
  resource: string,
  wish: Readonly<Record<string, string>> = {},
): Promise<Result<ExitCode>> {
  const validFor = durationOption(options, 'for', DEFAULT_MS);
  if (!validFor.ok) return validFor;
  const count = Number(options.value('count') ?? 1);
  if (!Number.isInteger(count) || count < 1) return misused('--count wants a whole number from 1 on');
  const name = options.value('device');
  const device = name === undefined ? undefined : await findDevice(settings, name);
  if (device?.ok === false) return device;
  const [username, password] = [options.value('username'), options.value('password')];
  if ((username === undefined) !== (password === undefined)) return misused('--username and --password go together');
  const answer = await callApi(settings, resource, 'POST', {
    ...wish,
    validFor: Math.max(1, Math.round(validFor.value / 1000)),
    count,
    ...(device !== undefined && { device: device.value.id }),
    ...(username !== undefined && { username, password }),
  });
  if (answer.ok !== true) return answer.ok === false ? answer : misused(answer.message);
  if (settings.json) io.out(formatJson(answer.value));
  else {
    io.out(printable(textOf(answer.value, 'url')));
    io.err(`good until ${printable(textOf(answer.value, 'expiresAt'))}, ${count === 1 ? 'once' : `${count} times`}`);
  }
  return success(EXIT.ok);
}
