// causeway enrol, enrolled, revoke: which devices may come, where the gateway has cwmp.enrolment: allow-list.
import { callApi, fieldOf, listOf, textOf } from './api.ts';
import { type Command, type Invocation, READ_TIMEOUT_MS } from './command.ts';
import { EXIT, type ExitCode, misused, type Result, success } from './outcome.ts';
import { alignColumns } from './output/columns.ts';
import { formatJson } from './output/json.ts';
import { printable } from './output/printable.ts';
import type { Settings } from './settings.ts';

/** Largest page of the API. */
const PAGE = 1000;

/** The three fields of a device id; what they may hold the API says. */
const IN_THREE = /^[^-]+-[^-]*-[^-]+$/;

/** One call a device, one line each; the first that fails ends it. */
async function each({ operands, settings, io }: Invocation, method: 'PUT' | 'DELETE'): Promise<Result<ExitCode>> {
  const wrong = operands.find((device) => !IN_THREE.test(device));
  if (wrong !== undefined) return misused(`${printable(wrong)}: a device id is OUI-ProductClass-SerialNumber`);
  const outcomes: unknown[] = [];
  for (const device of operands) {
    const answer = await callApi(settings, `/enrolments/${encodeURIComponent(device)}`, method);
    if (answer.ok !== true) return answer.ok === false ? answer : misused(answer.message);
    outcomes.push(answer.value);
    if (!settings.json) io.out(`${printable(textOf(answer.value, 'device'))} ${textOf(answer.value, 'outcome')}`);
  }
  if (settings.json) io.out(formatJson({ devices: outcomes }));
  const unknown = outcomes.some((outcome) => textOf(outcome, 'outcome') === 'unknown');
  return success(unknown ? EXIT.partly : EXIT.ok);
}

async function listEnrolments(settings: Settings): Promise<Result<readonly unknown[]>> {
  const enrolments: unknown[] = [];
  for (let after = ''; ;) {
    const page = await callApi(settings, `/enrolments?limit=${PAGE}&after=${encodeURIComponent(after)}`);
    if (page.ok !== true) return page.ok === false ? page : misused(page.message);
    enrolments.push(...listOf(page.value, 'enrolments'));
    const next = fieldOf(page.value, 'next');
    if (typeof next !== 'string' || next <= after) return success(enrolments);
    after = next;
  }
}

const DEVICE_ID =
  'A device is named by its id, OUI-ProductClass-SerialNumber, as causeway devices shows it; in the last two all but\n' +
  'letters, digits, . and _ is percent-encoded (a hyphen is %2D).';

const common = { kind: 'command', options: {}, speaksUsp: false, timeoutMs: READ_TIMEOUT_MS } as const;

export const enrol: Command = {
  ...common,
  name: 'enrol',
  summary: 'let devices come, where cwmp.enrolment is allow-list',
  operands: [{ name: 'device', many: true }],
  detail: [
    DEVICE_ID,
    'A device may be enrolled before it first comes: with --tenant it is that tenant’s from then on, wherever it comes.',
  ],
  examples: [
    { line: 'enrol 02C0DE-Router-T0001 02C0DE-Router-T0002', what: 'these two' },
    { line: 'enrol 02C0DE-Router-T0003 --tenant acme', what: 'a device of that tenant' },
  ],
  run: (invocation) => each(invocation, 'PUT'),
};

export const revoke: Command = {
  ...common,
  name: 'revoke',
  summary: 'let devices come no more, where cwmp.enrolment is allow-list',
  operands: [{ name: 'device', many: true }],
  detail: [DEVICE_ID, 'A session that is open ends by itself; what is stored of the device stays.'],
  examples: [{ line: 'revoke 02C0DE-Router-T0001', what: 'that one' }],
  run: (invocation) => each(invocation, 'DELETE'),
};

export const enrolled: Command = {
  ...common,
  name: 'enrolled',
  summary: 'devices that are enrolled',
  operands: [],
  detail: ['One line a device, with the time since when.'],
  examples: [{ line: 'enrolled', what: 'all of them' }],
  async run({ settings, io }) {
    const listed = await listEnrolments(settings);
    if (!listed.ok) return listed;
    const rows = listed.value.map((one) => [printable(textOf(one, 'device')), printable(textOf(one, 'enrolledAt'))]);
    if (settings.json) io.out(formatJson({ enrolments: listed.value }));
    else if (rows.length === 0) io.err('no device is enrolled');
    else for (const line of alignColumns(rows)) io.out(line);
    return success(EXIT.ok);
  },
};
