// The whole suite as one tap test: every test file is a process of its own, as `npx tap <file>` would start it, but without
// the module loader by which tap collects coverage. Nobody reads the coverage, and the loader doubles what loading a module
// costs: in each of 400 test files, and in each gateway and each command that they start.
import { readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';

const HERE = dirname(fileURLToPath(import.meta.url));
const FILE_LIMIT_MS = 120_000;

/** On two cores a third file runs while the others wait for something. */
t.jobs = 3;
// Each file has its limit.
t.setTimeout(0);

const files = readdirSync(HERE, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.js'))
  .sort()
  .map((file) => relative(process.cwd(), join(HERE, file)));

for (const file of files) {
  // tap hands its loader on in NODE_OPTIONS.
  const command = ['-u', 'NODE_OPTIONS', process.execPath, '--enable-source-maps', file];
  void t.spawn('env', command, { name: file, buffered: true, timeout: FILE_LIMIT_MS, stdio: 'pipe' });
}
