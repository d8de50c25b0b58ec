// What `flushed` acknowledged survives kill -9, and no batch is half there: real processes, killed at random moments.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { open, text, type TestLog } from './fixture.ts';

const COMMITTER = fileURLToPath(new URL('./committer.js', import.meta.url));

/** Runs a committer, kills it some bytes after its first acknowledgements, and returns the highest one. */
async function commitAndKill(folder: string, ...how: string[]): Promise<number> {
  const child: ChildProcessByStdio<null, Readable, null> = spawn(process.execPath, [COMMITTER, folder, ...how], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const killAfter = Math.random() * 5_000;
  let printed = '';
  for await (const chunk of child.stdout.setEncoding('latin1')) {
    printed += String(chunk);
    if (printed.length > killAfter) child.kill('SIGKILL');
  }
  const [, signal] = (await exited) as [number | null, string | null];
  if (signal !== 'SIGKILL') throw new Error('the committer ended by itself');
  const whole = printed.slice(0, printed.lastIndexOf('\n'));
  return Math.max(...whole.split('\n').map(Number));
}

/** The log holds exactly what the commits 1 to `last` leave behind, and returns that number. */
function checkIsPrefix(t: Test, log: TestLog): number {
  const last = Number(log.keys('last/')[0]?.slice(5));
  const expected: string[] = [];
  for (let i = 0; i < Math.min(50, last + 1); i++) {
    const n = last - ((last - i) % 50);
    if (n > 0) expected.push(`left/${i}=${`${n}`.padEnd(n % 1500, '.')}`, `right/${i}=${n}`);
  }
  expected.push(`last/${last}=`);
  t.strictSame(
    log
      .keys('')
      .map((key) => `${key}=${text(log, key) ?? 'none'}`)
      .sort(),
    expected.sort(),
    `exactly the state after commit ${last}`,
  );
  return last;
}

const cases: [name: string, ...how: string[]][] = [
  ['one committer', 'none', '1', 'no'],
  ['sixteen committers', 'none', '16', 'no'],
  ['with the disk', 'batch', '16', 'no'],
  ['during compaction', 'none', '4', 'yes'],
];

for (const [name, ...how] of cases) {
  t.test(name, async (t) => {
    const folder = t.testdir();
    for (let kill = 0; kill < 5; kill++) {
      const acknowledged = await commitAndKill(folder, ...how);
      const log = await open(t, folder);
      t.match(
        log.events.filter(({ kind }) => kind !== 'tail cut'),
        [{ kind: 'lock taken over' }],
        'opens at once',
      );
      const last = checkIsPrefix(t, log);
      t.ok(last >= acknowledged, `commit ${acknowledged} was acknowledged, ${last} is there`);
      await log.close();
    }
  });
}
