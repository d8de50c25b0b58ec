import t from 'tap';
import { readArguments } from '../../proxy/cli/arguments.ts';
import type { Command } from '../../proxy/cli/command.ts';
import { COMMANDS } from '../../proxy/cli/commands.ts';
import { commandHelp, commonOptions, groupHelp, rootHelp } from '../../proxy/cli/help.ts';

/** Words of a line as a shell would split it, up to a pipe. */
const wordsOf = (line: string): string[] =>
  (line.split(' | ')[0] ?? '').match(/(?:'[^']*'|[^\s'])+/g)?.map((word) => word.replaceAll("'", '')) ?? [];

const all: readonly (readonly [words: string, command: Command])[] = COMMANDS.flatMap((entry) => {
  if (entry.kind === 'command') return [[entry.name, entry] as const];
  return entry.kind === 'group' ? entry.commands.map((one) => [`${entry.name} ${one.name}`, one] as const) : [];
});

t.test('the first help names every command', async (t) => {
  const text = rootHelp(COMMANDS);
  for (const [words, { summary }] of all) {
    t.match(text, `causeway ${words} `);
    t.match(text, summary);
  }
  t.match(text, 'causeway start');
  t.match(text, '\nExit codes\n  0  ');
});

for (const [words, command] of all) {
  t.test(`causeway ${words} --help teaches`, async (t) => {
    const text = commandHelp(words, command);
    const options = { ...command.options, ...commonOptions(command) };
    for (const name of Object.keys(options)) t.match(text, `--${name}`);
    if (command.offline !== true)
      t.match(text, new RegExp(` --timeout TIME +how long .*; default ${command.timeoutMs / 1000}s\n`));
    for (const heading of ['Common options', 'Examples', 'Exit codes']) t.match(text, `\n${heading}\n`);
    t.ok(
      text.split('\n').every((line) => line.length <= 130 || line.startsWith('  causeway')),
      'lines fit a screen',
    );
    t.ok(command.examples.length > 0);
    for (const { line } of command.examples) {
      const typed = wordsOf(line);
      const own = words.split(' ');
      t.same(typed.slice(0, own.length), own, line);
      const read = readArguments(typed.slice(own.length), options);
      const wanted = command.operands.filter(({ optional }) => optional !== true).length;
      t.ok(read.ok && read.value.operands.length >= wanted, line);
    }
  });
}

t.test('a group lists its commands, each with an example', async (t) => {
  for (const entry of COMMANDS) {
    if (entry.kind !== 'group') continue;
    const text = groupHelp(entry);
    for (const { name, examples } of entry.commands) {
      t.match(text, `causeway ${entry.name} ${name}`);
      t.match(text, `  causeway ${examples[0]?.line ?? ''}`);
    }
  }
});
