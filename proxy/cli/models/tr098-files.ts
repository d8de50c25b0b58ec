// The file of mappings/tr098/ that is made from fact tables, as a function of them. Pure.
import { type Problem, type Report } from './facts-table.ts';
import { readModelFacts, type ModelFact } from './model-facts.ts';
import { modelText, type ModelFamily } from './model-text.ts';
import type { Compiled } from './write-files.ts';

export const TABLES = { root: 'tr098.tsv', voice: 'tr104v1-cwmp.tsv' } as const;

const FAMILY: ModelFamily = {
  name: 'InternetGatewayDevice:1',
  root: 'InternetGatewayDevice.',
  major: '1.',
  // The table cannot tell 1.0 from 1.1.
  oldest: 1,
  // TR-098 calls hidden what TR-181 calls secured: it reads as "".
  words: { 'notify=canDeny': 'canDeny', hidden: 'secured' },
  script: 'mappings:tr098',
};

const SERVICES = 'InternetGatewayDevice.Services.';
const OLDEST = '1.1';

/** A service's model has no root of its own: its table begins with its rows, and so do references from its root. */
function asService(fact: ModelFact): ModelFact {
  const row = SERVICES + (/^\w+\.\{i\}\./.exec(fact.path)?.[0] ?? '');
  return { ...fact, path: SERVICES + fact.path, since: OLDEST, ref: fact.ref.replaceAll(/ \.(?=\w)/g, ` ${row}`) };
}

/** What TR-157 shares between the two roots names the targets of both; this one has its hosts below a LANDevice. */
function ofThisRoot(fact: ModelFact): ModelFact {
  return { ...fact, ref: fact.ref.replace(' .Hosts.Host.', '') };
}

/** `tables` holds the text of each table. */
export function compileTr098(tables: Readonly<Record<keyof typeof TABLES, string>>): Compiled {
  const problems: Problem[] = [];
  const reporter = (file: string): Report => {
    return (line, message) => problems.push({ file, line, message });
  };
  const root = readModelFacts(tables.root, reporter(TABLES.root));
  const voice = readModelFacts(tables.voice, reporter(TABLES.voice));
  // The two tables make one model: lines of the second are counted on from the first.
  const lines = tables.root.split('\n').length;
  const facts = [...root.map(ofThisRoot), ...voice.map((fact) => ({ ...asService(fact), line: lines + fact.line }))];
  const report: Report = (line, message) => {
    if (line > lines) reporter(TABLES.voice)(line - lines, message);
    else reporter(TABLES.root)(line, message);
  };
  return { files: [{ name: 'model.txt', text: modelText(FAMILY, facts, report) }], problems };
}
