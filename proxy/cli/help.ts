// What --help says at each level. Pure.
import type { OptionSpecs } from './arguments.ts';
import type { Command, Entry, Example, Group, Operand } from './command.ts';
import { alignColumns } from './output/columns.ts';
import { EXIT_HELP } from './outcome.ts';
import { API_OPTIONS, DEFAULT_CONTROLLER, OFFLINE_OPTIONS, USP_OPTIONS } from './settings.ts';

/** The option with its default told. */
const withDefault = (options: OptionSpecs, name: string, initial: string): OptionSpecs => {
  const option = options[name];
  return option === undefined ? {} : { [name]: { ...option, help: `${option.help}; default ${initial}` } };
};

/** Options that the command shares with others, with its own defaults. */
export function commonOptions({
  speaksUsp,
  offline,
  timeoutMs,
  controller = DEFAULT_CONTROLLER,
}: Command): OptionSpecs {
  if (offline === true) return OFFLINE_OPTIONS;
  const options = speaksUsp ? USP_OPTIONS : API_OPTIONS;
  return {
    ...options,
    ...withDefault(options, 'timeout', `${timeoutMs / 1000}s`),
    ...withDefault(options, 'controller', controller),
  };
}

const indented = (rows: readonly (readonly string[])[]): string[] => alignColumns(rows).map((line) => `  ${line}`);

function operandText({ name, optional, many }: Operand): string {
  const text = `<${name}>${many === true ? '…' : ''}`;
  return optional === true ? `[${text}]` : text;
}

/** `causeway usp get <agent> <path>… [options]` */
export function usageLine(words: string, { operands }: Command): string {
  return ['causeway', words, ...operands.map(operandText), '[options]'].join(' ');
}

const optionRows = (specs: OptionSpecs): string[] =>
  indented(
    Object.entries(specs).map(([name, { value, help }]) => [
      `--${name}${value === undefined ? '' : ` ${value}`}`,
      help,
    ]),
  );

const exampleLines = (examples: readonly Example[]): string[] =>
  examples.flatMap(({ line, what }) => [`  causeway ${line}`, `      ${what}`]);

const exitRows = (): string[] => indented(EXIT_HELP.map(([code, meaning]) => [String(code), meaning]));

export function commandHelp(words: string, command: Command): string {
  const own = Object.keys(command.options).length === 0 ? [] : ['', 'Options', ...optionRows(command.options)];
  return [
    `causeway ${words}: ${command.summary}`,
    '',
    `  ${usageLine(words, command)}`,
    ...command.detail.flatMap((paragraph) => ['', paragraph]),
    ...own,
    '',
    'Common options',
    ...optionRows(commonOptions(command)),
    '',
    'Examples',
    ...exampleLines(command.examples),
    '',
    'Exit codes',
    ...exitRows(),
  ].join('\n');
}

const commandRows = (entries: readonly Entry[], prefix: string): string[] =>
  indented(entries.map(({ name, summary }) => [`${prefix}${name}`, summary]));

export function groupHelp({ name, summary, detail, commands }: Group): string {
  return [
    `causeway ${name}: ${summary}`,
    ...detail.flatMap((paragraph) => ['', paragraph]),
    '',
    'Commands',
    ...commandRows(commands, `causeway ${name} `),
    '',
    'Examples',
    ...commands.flatMap(({ examples }) => exampleLines(examples.slice(0, 1))),
    '',
    `causeway ${name} <command> --help says more of each.`,
  ].join('\n');
}

export function rootHelp(entries: readonly Entry[]): string {
  const rows = entries.flatMap((entry) =>
    entry.kind === 'group' ? commandRows(entry.commands, `causeway ${entry.name} `) : commandRows([entry], 'causeway '),
  );
  const split = rows.map((row) => row.trim().split(/ {2,}/));
  return [
    'causeway: TR-069 (CWMP) devices as USP Agents, on the command line',
    '',
    'Commands',
    ...indented(split),
    '',
    'Examples',
    '  causeway start',
    '      runs the gateway; CPEs come to http://127.0.0.1:7547/',
    '  causeway devices',
    '      what has come so far',
    "  causeway usp get 000001 'Device.WiFi.SSID.*.SSID'",
    '      reads from the device whose id ends in 000001',
    '',
    'Exit codes',
    ...exitRows(),
    '',
    'causeway <command> --help says more of each, with examples.',
  ].join('\n');
}
