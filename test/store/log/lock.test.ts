import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { lockFolder, type Release } from '../../../proxy/store/log/lock.ts';
import { open, segmentFiles } from './fixture.ts';

const LOCK_TAKER = fileURLToPath(new URL('./lock-taker.js', import.meta.url));

interface Taker {
  readonly pid: number;
  readonly said: string;
  readonly end: (how: 'SIGKILL' | 'close') => Promise<void>;
}

async function take(t: Test, folder: string): Promise<Taker> {
  const child = spawn(process.execPath, [LOCK_TAKER, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.teardown(() => child.kill('SIGKILL'));
  const exited = once(child, 'exit');
  const [said] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  const end = async (how: 'SIGKILL' | 'close'): Promise<void> => {
    if (how === 'close') child.stdin.end();
    else child.kill(how);
    await exited;
  };
  return { pid: child.pid ?? 0, said: said.trim(), end };
}

const locks = (folder: string): string[] => readdirSync(folder).filter((name) => name.includes('lock-'));

t.test('another process is refused, with the pid of the owner', async (t) => {
  const folder = t.testdir();
  const owner = await take(t, folder);
  t.equal(owner.said, 'open');
  await t.rejects(open(t, folder), {
    code: 'CAUSEWAY_STORE_LOCKED',
    message: `process ${owner.pid} has ${folder} open`,
  });
  await t.rejects(open(t, folder), { code: 'CAUSEWAY_STORE_LOCKED' });
  await owner.end('close');
  t.same(locks(folder), [], 'nothing is left behind');
  const log = await open(t, folder);
  t.match((await take(t, folder)).said, `CAUSEWAY_STORE_LOCKED process ${process.pid} has`);
  await t.rejects(open(t, folder), { code: 'CAUSEWAY_STORE_LOCKED' }, 'also within one process');
  await log.close();
});

t.test('a killed owner is followed at once', async (t) => {
  const folder = t.testdir();
  const owner = await take(t, folder);
  await owner.end('SIGKILL');
  t.equal(locks(folder).length, 1);
  const start = performance.now();
  const log = await open(t, folder);
  t.ok(performance.now() - start < 2500, 'without waiting for a tie');
  t.match(log.events, [{ kind: 'lock taken over', pid: owner.pid }]);
  t.equal(locks(folder).length, 1);
});

t.test('a stopped owner is alive', async (t) => {
  const folder = t.testdir();
  const owner = await take(t, folder);
  process.kill(owner.pid, 'SIGSTOP');
  await t.rejects(open(t, folder), { code: 'CAUSEWAY_STORE_LOCKED' });
  process.kill(owner.pid, 'SIGCONT');
  await owner.end('close');
});

t.test('of many who come at once over a dead one, exactly one gets it', async (t) => {
  for (let round = 0; round < 2; round++) {
    const folder = t.testdir();
    await (await take(t, folder)).end('SIGKILL');
    const takers = await Promise.all(Array.from({ length: 4 }, () => take(t, folder)));
    const owners = takers.filter(({ said }) => said === 'open');
    const refused = takers.filter(({ said }) => said.startsWith('CAUSEWAY_STORE_LOCKED'));
    t.same([owners.length, refused.length], [1, 3], takers.map(({ said }) => said).join(', '));
    await Promise.all(takers.map(({ end }) => end('close')));
    t.same(locks(folder), []);
  }
});

t.test('a refused opening touches no file', async (t) => {
  const folder = t.testdir();
  const log = await open(t, folder);
  const before = [segmentFiles(folder), log.size];
  await t.rejects(open(t, folder, { salvage: true }), { code: 'CAUSEWAY_STORE_LOCKED' });
  t.same([segmentFiles(folder), log.size], before);
});

t.test('a folder whose path is longer than a socket address', async (t) => {
  const folder = join(t.testdir(), 'long'.repeat(30));
  const log = await open(t, folder);
  await t.rejects(open(t, folder), { code: 'CAUSEWAY_STORE_LOCKED' });
  await log.close();
  t.same(locks(folder), []);
});

t.test('entries without sockets: pid and start time decide', async (t) => {
  const folder = t.testdir();
  const descriptor = openSync(folder, 'r');
  t.teardown(() => closeSync(descriptor));
  const events: unknown[] = [];
  const options = {
    folder,
    folderDescriptor: descriptor,
    withoutSockets: true,
    onEvent: (event: unknown) => void events.push(event),
  };
  const release: Release = await lockFolder(options);
  await t.rejects(lockFolder(options), { code: 'CAUSEWAY_STORE_LOCKED' });
  await t.rejects(lockFolder({ ...options, withoutSockets: false }), { code: 'CAUSEWAY_STORE_LOCKED' });
  await release();
  t.same(locks(folder), []);
  // This pid with another start time: a process of the past; and a pid that no process has.
  for (const pid of [process.pid, 2 ** 22 + 1]) writeFileSync(join(folder, `lock-0000000000001-${pid}-1-00000000`), '');
  const again = await lockFolder(options);
  t.match(events, [{ kind: 'lock taken over' }, { kind: 'lock taken over' }]);
  await again();
  t.same(locks(folder), []);
});
