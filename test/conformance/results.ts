// The results file, checked in: what every case of the plan comes to, none left out.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

export const RESULTS_FILE = resolve('test/conformance/results.tsv');
const RESULTS = ['pass', 'fail', 'not-applicable', 'later'] as const;
export type Result = (typeof RESULTS)[number];

export interface Row {
  readonly id: string;
  readonly result: Result;
  readonly note: string;
}

const isResult = (text: string): text is Result => (RESULTS as readonly string[]).includes(text);

/** Throws for what is no results file. */
export function readResults(text: string): ReadonlyMap<string, Row> {
  const [head, ...lines] = text.trimEnd().split('\n');
  if (head !== 'case\tresult\tnote') throw new Error(`the head of the results is ${String(head)}`);
  const rows = new Map<string, Row>();
  for (const line of lines) {
    const [id = '', result = '', note = '', ...more] = line.split('\t');
    if (!isResult(result) || more.length > 0) throw new Error(`no row of results: ${line}`);
    if (rows.has(id)) throw new Error(`${id} has two results`);
    rows.set(id, { id, result, note });
  }
  return rows;
}

export const storedResults = (): ReadonlyMap<string, Row> => readResults(readFileSync(RESULTS_FILE, 'utf8'));
