// The two files of mappings/tr181/ as a function of the three fact tables. Pure.
import { differenceText, readDifferenceFacts } from './difference-text.ts';
import { type Problem, type Report } from './facts-table.ts';
import { readModelFacts } from './model-facts.ts';
import { modelText, type ModelFamily } from './model-text.ts';
import type { Compiled } from './write-files.ts';

export const TABLES = { usp: 'tr181-usp.tsv', cwmp: 'tr181-cwmp.tsv', difference: 'tr181-cwmp-usp-diff.tsv' } as const;

const FAMILY: ModelFamily = {
  name: 'Device:2',
  root: 'Device.',
  major: '2.',
  // The oldest version with a USP form.
  oldest: 12,
  words: { 'notify=canDeny': 'canDeny', secured: 'secured' },
  script: 'mappings:tr181',
};

/** `tables` holds the text of each table. */
export function compileTr181(tables: Readonly<Record<keyof typeof TABLES, string>>): Compiled {
  const problems: Problem[] = [];
  const reporter = (file: string): Report => {
    return (line, message) => problems.push({ file, line, message });
  };
  const usp = readModelFacts(tables.usp, reporter(TABLES.usp));
  const cwmp = readModelFacts(tables.cwmp, reporter(TABLES.cwmp));
  const difference = readDifferenceFacts(tables.difference, reporter(TABLES.difference));
  const files = [
    { name: 'model.txt', text: modelText(FAMILY, usp, reporter(TABLES.usp)) },
    { name: 'cwmp-difference.txt', text: differenceText(difference, usp, cwmp, reporter(TABLES.difference)) },
  ] as const;
  return { files, problems };
}
