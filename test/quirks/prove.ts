// Switches the handling of each quirk off, one after another, in a copy of the compiled project, and runs its test: it has
// to fail. Run `npm run -s build && node dist/test/quirks/prove.js [row …]`; it takes two to three minutes.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Quirk, QUIRKS } from './quirks.ts';

const project = resolve('.');
const copy = mkdtempSync(join(tmpdir(), 'causeway-quirks-'));
const rows = process.argv.slice(2).map(Number);

for (const name of readdirSync(project)) {
  if (name !== 'dist' && name !== '.git') symlinkSync(join(project, name), join(copy, name));
}
cpSync(join(project, 'dist'), join(copy, 'dist'), { recursive: true });

/** Whether the test fails without the handling. */
function isProven({ off, test }: Quirk): boolean {
  const file = join(copy, 'dist/proxy', `${off.file}.js`);
  const handling = readFileSync(file, 'utf8');
  if (!handling.includes(off.from)) throw new Error(`${off.file} does not hold: ${off.from}`);
  writeFileSync(
    file,
    handling.replace(off.from, () => off.to),
  );
  try {
    const run = spawnSync(process.execPath, [join(copy, 'dist/test', `${test}.js`)], { cwd: copy, timeout: 120_000 });
    return run.status !== 0;
  } finally {
    writeFileSync(file, handling);
  }
}

let unproven = 0;
try {
  for (const quirk of QUIRKS.filter(({ row }) => rows.length === 0 || rows.includes(row))) {
    const proven = isProven(quirk);
    if (!proven) unproven += 1;
    const verdict = proven ? 'fails without its handling' : 'PASSES without its handling';
    console.log(`row ${quirk.row}: ${quirk.quirk}: test/${quirk.test}.ts ${verdict}`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
console.log(`${unproven} unproven`);
process.exitCode = unproven === 0 ? 0 : 1;
