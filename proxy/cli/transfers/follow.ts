// A transfer that is asked for and, with --wait, followed to its end: it goes on whether somebody looks or not.
import { setTimeout as sleep } from 'node:timers/promises';
import { findDevice, type KnownDevice } from '../agents.ts';
import { callApi, fieldOf, textOf } from '../api.ts';
import type { OptionSpecs } from '../arguments.ts';
import type { Invocation } from '../command.ts';
import { EXIT, type ExitCode, failure, misused, type Result, success } from '../outcome.ts';
import { formatJson } from '../output/json.ts';
import { printable } from '../output/printable.ts';
import { formatTransfer } from './format.ts';

/** Where the password for the file server is better than on the command line. */
export const PASSWORD_VARIABLE = 'CAUSEWAY_FILE_PASSWORD';

/** What Download and Upload share. */
export const TRANSFER_OPTIONS: OptionSpecs = {
  type: { value: 'TYPE', help: "FileType, such as '1 Firmware Upgrade Image'" },
  url: { value: 'URL', help: 'where the device fetches the file or sends it to, without credentials' },
  username: { value: 'NAME', help: 'for the file server, when it asks' },
  password: {
    value: 'PASSWORD',
    help: `goes with it; better in ${PASSWORD_VARIABLE}, where other users of the machine do not see it`,
  },
  delay: { value: 'SECONDS', help: 'from the end of the session; default 0' },
  wait: { help: 'follow it to its end, however long that takes' },
};

const LOOK_MS = 1000;
/** A gateway that is started anew is waited for. */
const MISSES = 60;

const isEnded = (transfer: unknown): boolean => textOf(transfer, 'endedAt') !== '';
const pathOf = (device: KnownDevice, key: string): string =>
  `/devices/${encodeURIComponent(device.id)}/transfers/${encodeURIComponent(key)}`;

/** Whole numbers as such; anything else is left to the gateway, which says what it wants. */
export const numberOption = ({ options }: Invocation, name: string): number | string | undefined => {
  const text = options.value(name);
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : text;
};

/** Asks for the transfer that the options and `more` describe. */
export async function beginTransfer(
  invocation: Invocation,
  kind: 'download' | 'upload',
  more: Readonly<Record<string, unknown>> = {},
): Promise<Result<ExitCode>> {
  const { operands, options, settings, environment, io } = invocation;
  for (const name of ['type', 'url']) if (!options.has(name)) return misused(`--${name} is missing`);
  const device = await findDevice(settings, operands[0] ?? '');
  if (!device.ok) return device;
  const body = {
    kind,
    FileType: options.value('type'),
    URL: options.value('url'),
    Username: options.value('username'),
    Password: options.value('password') ?? environment[PASSWORD_VARIABLE],
    DelaySeconds: numberOption(invocation, 'delay'),
    ...more,
  };
  const path = `/devices/${encodeURIComponent(device.value.id)}/transfers`;
  const begun = await callApi(settings, path, 'POST', body);
  if (begun.ok !== true) return begun.ok === false ? begun : misused(begun.message);
  if (options.has('wait')) return follow(invocation, device.value, begun.value);
  if (settings.json) io.out(formatJson(begun.value));
  else {
    for (const line of formatTransfer(begun.value, io.paint)) io.out(line);
    io.err(`causeway transfers ${device.value.id} shows how it goes`);
  }
  return success(EXIT.ok);
}

/** Tells each state as it comes; resolves with the transfer's end. */
async function follow({ settings, io }: Invocation, device: KnownDevice, begun: unknown): Promise<Result<ExitCode>> {
  const key = textOf(begun, 'key');
  let transfer = begun;
  let told = '';
  for (let misses = 0; ;) {
    const state = textOf(transfer, 'state');
    if (state !== told) io.err(`${key} ${printable(state)}`);
    told = state;
    if (isEnded(transfer)) break;
    await sleep(LOOK_MS);
    const looked = await callApi(settings, pathOf(device, key));
    if (looked.ok === 'missing') return failure(EXIT.partly, looked.message);
    misses = looked.ok ? 0 : misses + 1;
    if (looked.ok) transfer = looked.value;
    else if (looked.exit !== EXIT.unreachable || misses >= MISSES) return looked;
  }
  if (settings.json) io.out(formatJson(transfer));
  else for (const line of formatTransfer(transfer, io.paint)) io.out(line);
  return success(fieldOf(transfer, 'state') === 'succeeded' ? EXIT.ok : EXIT.partly);
}
