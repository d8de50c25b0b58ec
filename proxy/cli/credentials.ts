// causeway credentials rotate, forget: what a device has to prove itself with, replaced or given up.
import { findDevice } from './agents.ts';
import { callApi, textOf } from './api.ts';
import { CHANGE_TIMEOUT_MS, type Command, type Group, READ_TIMEOUT_MS } from './command.ts';
import { EXIT, type ExitCode, misused, type Result, success } from './outcome.ts';
import { formatJson } from './output/json.ts';
import { printable } from './output/printable.ts';
import { outcomeOf } from './release.ts';

const common = { kind: 'command', operands: [{ name: 'device' }], options: {}, speaksUsp: false } as const;

const rotate: Command = {
  ...common,
  name: 'rotate',
  summary: 'gives a device new credentials',
  timeoutMs: CHANGE_TIMEOUT_MS,
  detail: [
    'Sets new user names and passwords for its Informs and for Connection Requests on the device, where the gateway has\n' +
      'credentials.provision. Those of before stay good until the device has shown the new ones. None is ever shown here.',
    'Exit code 1: the device refused, or could not be reached.',
  ],
  examples: [{ line: 'credentials rotate 000001', what: 'now' }],
  async run({ operands: [name = ''], settings, io }): Promise<Result<ExitCode>> {
    const device = await findDevice(settings, name);
    if (!device.ok) return device;
    const { id } = device.value;
    const asked = await callApi(settings, `/devices/${encodeURIComponent(id)}/credentials/rotate`, 'POST');
    if (asked.ok !== true) return asked.ok === false ? asked : misused(asked.message);
    const ended = await outcomeOf(settings, textOf(asked.value, 'request'));
    if (!ended.ok) return ended;
    const succeeded = textOf(ended.value, 'state') === 'succeeded';
    if (settings.json) io.out(formatJson(ended.value));
    else if (succeeded) io.out(`${printable(id)} was given new credentials`);
    else io.out(`${printable(id)} was given none: ${printable(textOf(ended.value, 'error'))}`);
    return success(succeeded ? EXIT.ok : EXIT.partly);
  },
};

const forget: Command = {
  ...common,
  name: 'forget',
  summary: 'makes the shared credentials good again for a device',
  timeoutMs: READ_TIMEOUT_MS,
  detail: [
    'For a device that has lost its own, as by a factory reset where credentials.sharedAfterReset is off. It is given new\n' +
      'ones when it comes. Until then it can neither come nor be called with those that it had.',
    'Exit code 1: it had none.',
  ],
  examples: [{ line: 'credentials forget 000001', what: 'it may come with cwmp.username again' }],
  async run({ operands: [name = ''], settings, io }): Promise<Result<ExitCode>> {
    const device = await findDevice(settings, name);
    if (!device.ok) return device;
    const answer = await callApi(settings, `/devices/${encodeURIComponent(device.value.id)}/credentials`, 'DELETE');
    if (answer.ok !== true) return answer.ok === false ? answer : misused(answer.message);
    const outcome = textOf(answer.value, 'outcome');
    if (settings.json) io.out(formatJson(answer.value));
    else io.out(`${printable(textOf(answer.value, 'device'))} ${outcome}`);
    return success(outcome === 'forgotten' ? EXIT.ok : EXIT.partly);
  },
};

export const credentials: Group = {
  kind: 'group',
  name: 'credentials',
  summary: 'what devices prove themselves with, where each has its own',
  detail: ['Devices are given credentials of their own where the gateway has credentials.provision.'],
  commands: [rotate, forget],
};
