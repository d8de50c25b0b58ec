// causeway release: hands a device over to another ACS, and waits until it has been told.
import { setTimeout as wait } from 'node:timers/promises';
import { findDevice } from './agents.ts';
import { callApi, textOf } from './api.ts';
import { CHANGE_TIMEOUT_MS, type Command } from './command.ts';
import { EXIT, type ExitCode, failure, misused, type Result, success } from './outcome.ts';
import { formatJson } from './output/json.ts';
import { printable } from './output/printable.ts';
import type { Settings } from './settings.ts';

/** How often it is asked what became of it. */
const ASK_AGAIN_MS = 300;

/** The request once it has ended. */
export async function outcomeOf(settings: Settings, request: string): Promise<Result<unknown>> {
  const end = Date.now() + settings.timeoutMs;
  while (Date.now() < end) {
    const found = await callApi(settings, `/requests/${encodeURIComponent(request)}`);
    if (found.ok !== true) return found.ok === false ? found : misused(found.message);
    if (textOf(found.value, 'endedAt') !== '') return found;
    await wait(ASK_AGAIN_MS);
  }
  return failure(
    EXIT.unreachable,
    `${request} has not ended within ${settings.timeoutMs / 1000} s; see causeway request`,
  );
}

export const release: Command = {
  kind: 'command',
  name: 'release',
  summary: 'hands a device over to another ACS',
  operands: [{ name: 'device' }, { name: 'acs url' }],
  options: {
    username: { value: 'NAME', help: 'user name that the device presents there; without it, the one it has' },
    password: { value: 'PASSWORD', help: 'password that goes with it' },
  },
  speaksUsp: false,
  timeoutMs: CHANGE_TIMEOUT_MS,
  detail: [
    'Sets ManagementServer.URL, and the credentials where they are given, on the device, and takes back the\n' +
      'notifications that Causeway asked it for. Behind cwmp.upstream the device gets back the ParameterKey that its ACS\n' +
      'set last. From then on it is not called any more; should it come here again, it is taken as before.',
    'TR-069 has a device whose URL was changed report 0 BOOTSTRAP to the new ACS. Exit code 1: the device refused, or\n' +
      'could not be reached.',
  ],
  examples: [{ line: 'release 000001 http://acs.example:7547/', what: 'its sessions go there from now on' }],
  async run({ operands: [name = '', url = ''], options, settings, io }): Promise<Result<ExitCode>> {
    const device = await findDevice(settings, name);
    if (!device.ok) return device;
    const { id } = device.value;
    const order = { url, username: options.value('username'), password: options.value('password') };
    const asked = await callApi(settings, `/devices/${encodeURIComponent(id)}/release`, 'POST', order);
    if (asked.ok !== true) return asked.ok === false ? asked : misused(asked.message);
    const ended = await outcomeOf(settings, textOf(asked.value, 'request'));
    if (!ended.ok) return ended;
    const succeeded = textOf(ended.value, 'state') === 'succeeded';
    if (settings.json) io.out(formatJson(ended.value));
    else if (succeeded) io.out(`${printable(id)} was handed over to ${printable(url)}`);
    else io.out(`${printable(id)} was not handed over: ${printable(textOf(ended.value, 'error'))}`);
    return success(succeeded ? EXIT.ok : EXIT.partly);
  },
};
