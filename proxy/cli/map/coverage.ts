// causeway map coverage: how much of a TR-098 device is there as Device:2, and what is not.
import type { Covered, CoverageSum, Disposition } from '../../mapping/coverage.ts';
import { generalise } from '../../path/concrete.ts';
import { type Command, READ_TIMEOUT_MS } from '../command.ts';
import { EXIT, success } from '../outcome.ts';
import { alignColumns } from '../output/columns.ts';
import { formatJson } from '../output/json.ts';
import type { Paint } from '../output/paint.ts';
import { printable } from '../output/printable.ts';
import { ABOUT_DUMPS, dumpIn } from './dump.ts';
import { withoutProblems } from './problems.ts';

/** One kind of parameter that no rule shows. */
interface Gap {
  readonly name: string;
  readonly instances: number;
  readonly rank: number;
}

const MEANINGS: Readonly<Record<Exclude<Disposition, 'open'>, string>> = {
  shown: 'shown as values',
  together: 'shown by another row that stands for several, as a radio does for its SSIDs',
  instead: 'said by another parameter of the device, which is shown',
  counted: 'shown as the number of rows of a table',
  command: 'taken or told by commands',
  decides: 'shown in which rows there are, and what stands on what',
  dropped: 'left out on purpose: Device:2 has nothing of the kind, or nothing that is worth having',
  service: 'of a service (voice, storage, set-top box), which has a model of its own',
  vendor: "vendors' own, which are not counted",
};

/** What is asked for most first; within a rank what there is most of. */
export function gapsIn(all: readonly Covered[], rankOf: (name: string) => number): readonly Gap[] {
  const gaps = new Map<string, number>();
  for (const { name, disposition } of all) {
    if (disposition !== 'open') continue;
    const general = generalise(name);
    gaps.set(general, (gaps.get(general) ?? 0) + 1);
  }
  return [...gaps]
    .map(([name, instances]) => ({ name, instances, rank: rankOf(name) }))
    .sort((one, other) => one.rank - other.rank || other.instances - one.instances);
}

const percent = ({ covered, of }: CoverageSum): string => (of === 0 ? '-' : `${((100 * covered) / of).toFixed(1)} %`);

export function formatCoverage(sum: CoverageSum, gaps: readonly Gap[], paint: Paint): readonly string[] {
  const parts = Object.entries(MEANINGS).flatMap(([name, meaning]) => {
    const count = sum.counts[name as Disposition];
    return count === 0 ? [] : [[String(count).padStart(5), meaning]];
  });
  const missing = gaps.map(({ name, instances }) => [String(instances).padStart(5), printable(name)]);
  return [
    `${paint.bold(percent(sum))} of the standard parameters: ${sum.covered} of ${sum.of}`,
    ...alignColumns(parts),
    ...(missing.length === 0 ? [] : ['', paint.bold('not there, what operators ask for most first')]),
    ...alignColumns(missing),
  ];
}

export const coverage: Command = {
  kind: 'command',
  name: 'coverage',
  summary: 'how much of a TR-098 device is there as Device:2',
  operands: [{ name: 'dump' }],
  options: { vendor: { help: "list vendors' own parameters too, with what shows them" } },
  speaksUsp: false,
  offline: true,
  timeoutMs: READ_TIMEOUT_MS,
  detail: [
    ABOUT_DUMPS,
    'Counted are parameters that TR-098 knows; one is there when a path of Device:2 shows it. Whatever is not can be mapped:\n' +
      'mappings/README.md says how, and causeway map test tries it.',
  ],
  examples: [
    { line: 'map coverage device.json', what: 'the share, and what is missing' },
    { line: 'map coverage device.csv --json', what: 'every parameter with what shows it' },
  ],
  async run({ operands: [path = ''], options, settings, io }) {
    const dump = await dumpIn(path);
    if (!dump.ok) return dump;
    const { lookAt } = await import('../../mapping/dump/look.ts');
    const { loadAskedFor } = await import('../../mapping/asked-for.ts');
    const looked = await withoutProblems(() => lookAt(dump.value));
    if (!looked.ok) return looked;
    const { covered, sum } = looked.value;
    const vendors = options.has('vendor') ? covered.filter(({ disposition }) => disposition === 'vendor') : [];
    if (settings.json) io.out(formatJson({ ...sum, parameters: covered }));
    else {
      for (const line of formatCoverage(sum, gapsIn(covered, loadAskedFor()), io.paint)) io.out(line);
      for (const { name, shownBy } of vendors) io.out(printable([name, ...shownBy].join('  ')));
    }
    return success(EXIT.ok);
  },
};
