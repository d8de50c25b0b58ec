// The house rules that no linter knows: who may import whom, and how long a file may be. Run by `npm run check`.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { findArrowBreaches, type SourceFile } from './arrows.ts';

const LONGEST_FILE = 400;

function sourceFiles(folder: string): SourceFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: relative('.', path), text: readFileSync(path, 'utf8') }));
}

const proxy = sourceFiles('proxy');
const tests = sourceFiles('test');
const breaches = findArrowBreaches(proxy);
for (const { path, text } of [...proxy, ...tests]) {
  const lines = text.split('\n').length;
  if (lines > LONGEST_FILE) breaches.push(`${path}: ${lines} lines; the house limit is ${LONGEST_FILE}`);
}
for (const breach of breaches) console.error(breach);
console.log(`house: ${proxy.length + tests.length} files, ${breaches.length} breaches`);
process.exitCode = breaches.length === 0 ? 0 : 1;
