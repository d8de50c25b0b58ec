// causeway map test: whether the rule files hold what they say, and what becomes of values that go through them.
import type { Trip } from '../../mapping/dump/round-trip.ts';
import { type Command, READ_TIMEOUT_MS } from '../command.ts';
import { EXIT, success } from '../outcome.ts';
import { formatJson } from '../output/json.ts';
import type { Paint } from '../output/paint.ts';
import { printable } from '../output/printable.ts';
import { ABOUT_DUMPS, dumpIn } from './dump.ts';
import { withoutProblems } from './problems.ts';

interface Lines {
  readonly result: readonly string[];
  readonly beside: readonly string[];
}

export function formatTrips(trips: readonly Trip[], withRefused: boolean, paint: Paint): Lines {
  const told = trips.flatMap(({ path, value, outcome }) => {
    if (outcome.kind === 'wrong') return [`${paint.red('wrong')} ${printable(`${path}=${value}: ${outcome.why}`)}`];
    if (outcome.kind !== 'refused' || !withRefused) return [];
    return [`${paint.yellow('refused')} ${printable(`${path}=${value}: ${outcome.code} ${outcome.why}`)}`];
  });
  const count = (kind: Trip['outcome']['kind']): number => trips.filter(({ outcome }) => outcome.kind === kind).length;
  return {
    result: told,
    beside: [
      `${trips.length} values tried: ${count('good')} good, ${count('refused')} refused, ${count('wrong')} wrong`,
    ],
  };
}

export const test: Command = {
  kind: 'command',
  name: 'test',
  summary: 'checks the rules for TR-098 devices, and tries them on a dump',
  operands: [{ name: 'dump', optional: true }],
  options: { refused: { help: 'list values that the device cannot be told, too' } },
  speaksUsp: false,
  offline: true,
  timeoutMs: READ_TIMEOUT_MS,
  detail: [
    'Without a dump: every file of mappings/tr098/ is read and held against its format and the standard. What is wrong is\n' +
      'named with its file and line.',
    'With one: each value that can be set is set to what it is, and the device must be as it was; one of each kind is set to\n' +
      'every value that the standard allows, must show it afterwards, and be made of values that the device may have.',
    ABOUT_DUMPS,
  ],
  examples: [
    { line: 'map test', what: 'the files alone, after a change' },
    { line: 'map test device.json', what: 'values there and back; exit code 1 when one is wrong' },
  ],
  async run({ operands: [path], options, settings, io }) {
    const { checkRules, tryOut } = await import('../../mapping/dump/look.ts');
    const checked = await withoutProblems(checkRules);
    if (!checked.ok) return checked;
    if (path === undefined) {
      if (settings.json) io.out(formatJson(checked.value));
      else io.err(`${checked.value.files.length} files, ${checked.value.objects} rules of objects: all is well`);
      return success(EXIT.ok);
    }
    const dump = await dumpIn(path);
    if (!dump.ok) return dump;
    const tried = await withoutProblems(() => tryOut(dump.value));
    if (!tried.ok) return tried;
    const { result, beside } = formatTrips(tried.value, options.has('refused'), io.paint);
    if (settings.json) io.out(formatJson({ trips: tried.value }));
    else for (const line of result) io.out(line);
    for (const line of beside) io.err(line);
    return success(tried.value.some(({ outcome }) => outcome.kind === 'wrong') ? EXIT.partly : EXIT.ok);
  },
};
