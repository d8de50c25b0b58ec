// A disk that takes no more: the file size limit of a real process stands for it.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { open, text } from './fixture.ts';

const COMMITTER = fileURLToPath(new URL('./limited-committer.js', import.meta.url));

for (const sync of ['none', 'batch']) {
  t.test(`a failed write is told to all and never acknowledged (${sync})`, async (t) => {
    const folder = t.testdir();
    const script = 'ulimit -f 64; exec "$@"';
    const printed = execFileSync('bash', ['-c', script, 'bash', process.execPath, COMMITTER, folder, sync], {
      encoding: 'utf8',
    });
    const failed = 'CAUSEWAY_STORE_WRITE_FAILED';
    const told = JSON.parse(printed) as { acknowledged: number };
    t.match(told, {
      waiting: [failed, failed],
      commit: failed,
      flushed: failed,
      known: { first: 1000, late: false },
      events: ['write failed'],
    });
    t.ok(told.acknowledged > 30);
    const log = await open(t, folder);
    t.match(log.events, [{ kind: 'tail cut' }], 'the part that was written is cut');
    t.equal(log.size.keys, told.acknowledged);
    log.commit([{ key: 'late', value: 'v' }]);
    await log.flushed();
    t.equal(text(log, 'late'), 'v', 'opened again, it goes on');
  });
}

t.test('a roll-over that fails', async (t) => {
  const folder = t.testdir();
  const log = await open(t, folder, { segmentBytes: 4096 });
  // Where the next segment would be.
  mkdirSync(join(folder, '00000002.log'));
  log.commit([{ key: 'k', value: 'v'.repeat(5000) }]);
  await log.flushed();
  log.commit([{ key: 'l', value: 'v' }]);
  await t.rejects(log.flushed(), { code: 'CAUSEWAY_STORE_WRITE_FAILED' });
  await log.close();
  rmSync(join(folder, '00000002.log'), { recursive: true });
  const again = await open(t, folder);
  t.same(again.keys(''), ['k']);
});

t.test('a folder that cannot be one', async (t) => {
  const folder = join(t.testdir(), 'file');
  writeFileSync(folder, '');
  await t.rejects(open(t, folder), { code: 'CAUSEWAY_STORE_WRITE_FAILED', message: /cannot be opened: EEXIST/ });
});
