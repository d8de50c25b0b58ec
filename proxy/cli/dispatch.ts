// From words to a command: finds it, reads its arguments, and runs it. Help and mistakes end here.
import { readArguments } from './arguments.ts';
import type { Command, Entry, Group, Operand } from './command.ts';
import { commandHelp, commonOptions, groupHelp, rootHelp, usageLine } from './help.ts';
import { hint } from './nearest.ts';
import { EXIT, misused, type Failure, type Result, success } from './outcome.ts';
import type { Io } from './output/io.ts';
import { DEFAULT_CONTROLLER, readSettings } from './settings.ts';

export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  readonly io: Io;
  readonly version: string;
}

const isHelp = (word: string | undefined): boolean => word === '--help' || word === '-h' || word === 'help';

/** Resolves with the exit code; everything that is to be said has been said. */
export async function dispatch(
  args: readonly string[],
  entries: readonly Entry[],
  surroundings: Surroundings,
): Promise<number> {
  const { io, environment, version } = surroundings;
  const [first, ...rest] = args;
  if (first === undefined) {
    io.err(rootHelp(entries));
    return EXIT.usage;
  }
  if (isHelp(first)) return printed(io, rootHelp(entries));
  if (first === '--version') return printed(io, version);
  const entry = entries.find(({ name }) => name === first);
  if (entry === undefined) return reported(io, unknown(first, entries, ''));
  switch (entry.kind) {
    case 'pass-through':
      return entry.run(rest, environment);
    case 'group':
      return runGroup(entry, rest, surroundings);
    case 'command':
      return runCommand(entry.name, entry, rest, surroundings);
  }
}

function printed(io: Io, text: string): number {
  io.out(text);
  return EXIT.ok;
}

function reported(io: Io, { message, exit }: Failure): number {
  io.err(`${io.errPaint.red('causeway:')} ${message}`);
  return exit;
}

function unknown(word: string, entries: readonly Entry[], prefix: string): Failure {
  if (word.startsWith('-'))
    return misused(`options stand after the command; causeway ${prefix}--help lists the commands`);
  const names = entries.flatMap((entry) =>
    entry.kind === 'group' ? [entry.name, ...entry.commands.map(({ name }) => `${entry.name} ${name}`)] : [entry.name],
  );
  // `causeway get` is short for nothing, and easily typed.
  const below = names.find((name) => name.endsWith(` ${word}`));
  if (below !== undefined) return misused(`${prefix}${word} is no command; did you mean causeway ${below}?`);
  const near = hint(word, names, `causeway ${prefix}`);
  return misused(`${prefix}${word} is no command${near}${near === '' ? `; causeway ${prefix}--help lists them` : ''}`);
}

async function runGroup(group: Group, args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { io } = surroundings;
  const [second, ...rest] = args;
  if (second === undefined) {
    io.err(groupHelp(group));
    return EXIT.usage;
  }
  if (isHelp(second)) return printed(io, groupHelp(group));
  const command = group.commands.find(({ name }) => name === second);
  return command === undefined
    ? reported(io, unknown(second, group.commands, `${group.name} `))
    : runCommand(`${group.name} ${command.name}`, command, rest, surroundings);
}

/** What stands between the command's name and its operands is checked against how the command is called. */
function misfit(words: string, command: Command, given: readonly string[]): Failure | undefined {
  const { operands } = command;
  const wants = (operand: Operand): Failure =>
    misused(`<${operand.name}> is missing\n  ${usageLine(words, command)}\ncauseway ${words} --help has examples`);
  const missing = operands.find((operand, index) => operand.optional !== true && given[index] === undefined);
  if (missing !== undefined) return wants(missing);
  if (given.length <= operands.length || operands.at(-1)?.many === true) return undefined;
  return misused(`there is one argument too many\n  ${usageLine(words, command)}`);
}

async function runCommand(
  words: string,
  command: Command,
  args: readonly string[],
  { io, environment }: Surroundings,
): Promise<number> {
  const outcome = await attempt();
  return outcome.ok ? outcome.value : reported(io, outcome);

  async function attempt(): Promise<Result<number>> {
    const read = readArguments(args, { ...command.options, ...commonOptions(command) });
    if (args.includes('-h') || (read.ok && read.value.options.has('help'))) {
      io.out(commandHelp(words, command));
      return success(EXIT.ok);
    }
    if (!read.ok) return misused(`${read.message}\ncauseway ${words} --help lists the options`);
    const { operands, options } = read.value;
    const wrong = misfit(words, command, operands);
    if (wrong !== undefined) return wrong;
    const { timeoutMs, controller = DEFAULT_CONTROLLER } = command;
    const settings = readSettings(options, environment, { timeoutMs, controller });
    return settings.ok ? command.run({ operands, options, settings: settings.value, environment, io }) : settings;
  }
}
