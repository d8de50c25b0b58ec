import { execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { sendFile } from '../../proxy/cli/files/send-file.ts';
import { formatSize } from '../../proxy/cli/output/size.ts';
import { startHarness, temporaryFolder } from '../gateway/harness.ts';
import { causeway, gatewayOf, knownCpe } from './run-causeway.ts';

t.test('files on the command line', async (t) => {
  const harness = await startHarness(t, { 'files.max': '1MB' });
  const path = join(temporaryFolder(t), 'router-2.1.bin');
  const bytes = randomBytes(500_000);
  writeFileSync(path, bytes);
  await knownCpe(harness);
  let id = '';

  await t.test('before there is any', async (t) => {
    t.match(await causeway(harness, 'files', 'list'), { code: 0, out: '', err: /there is no file yet/ });
  });

  await t.test('add prints the id and nothing else', async (t) => {
    const type = '1 Firmware Upgrade Image';
    const added = await causeway(harness, 'files', 'add', path, '--type', type, '--version', '2.1');
    t.match(added, { code: 0, out: /^[A-Z2-7]{20}\n$/, err: 'stored: 500.0 kB\n' });
    id = added.out.trim();
    const listed = await causeway(harness, 'files', 'list');
    t.match(listed.out, new RegExp(`\n${id}  router-2\\.1\\.bin  ${type}  2\\.1 +500\\.0 kB  20`));
    const sum = createHash('sha256').update(bytes).digest('hex');
    t.match((await causeway(harness, 'files', 'list', '--json')).json, {
      files: [{ id, checksums: { 'SHA-256': sum } }],
    });
  });

  await t.test('url and upload-url print a URL and nothing else', async (t) => {
    const made = await causeway(harness, 'files', 'url', id, '--device', 'T0001', '--for', '2h', '--count', '2');
    t.match(made, { code: 0, out: /^http:\/\/\S+\/router-2\.1\.bin\n$/, err: /^good until \S+, 2 times\n$/ });
    t.ok(Buffer.from(await (await fetch(made.out.trim())).arrayBuffer()).equals(bytes));
    const upload = await causeway(
      harness,
      'files',
      'upload-url',
      'syslog.txt',
      '--device',
      'T0001',
      '--type',
      '2 Vendor Log File',
    );
    t.equal(upload.code, 0);
    t.equal((await fetch(upload.out.trim(), { method: 'PUT', body: 'a log' })).status, 201);
    t.match(
      (await causeway(harness, 'files', 'list')).out,
      /syslog\.txt +2 Vendor Log File +- +5 B +\S+ +02C0DE-Router-T0001/,
    );
  });

  await t.test('remove', async (t) => {
    t.match(await causeway(harness, 'files', 'remove', id), { code: 0, err: 'removed: router-2.1.bin\n' });
    t.match(await causeway(harness, 'files', 'remove', id), { code: 2, err: /no such file/ });
    t.match(await causeway(harness, 'files', 'url', id), { code: 2, err: /no such file/ });
  });

  await t.test('what is wrong is told', async (t) => {
    t.match(await causeway(harness, 'files', 'add', '/nothing/here'), { code: 2, err: /\/nothing\/here is no file/ });
    writeFileSync(path, Buffer.alloc(1_000_001));
    t.match(await causeway(harness, 'files', 'add', path), { code: 1, err: /setting files\.max/ });
    t.match(await causeway(harness, 'files', 'url', id, '--count', '0'), { code: 2, err: /--count/ });
    t.match(await causeway(harness, 'files', 'url', id, '--username', 'u'), { code: 2, err: /go together/ });
    t.match(await causeway(harness, 'files', 'url', id, '--device', 'nobody'), { code: 2, err: /no device is called/ });
  });
});

t.test('a long upload says how far it is', async (t) => {
  const harness = await startHarness(t);
  const path = join(temporaryFolder(t), 'long');
  // A pipe that gives its last bytes only when the progress was told.
  execFileSync('mkfifo', [path]);
  const writer = spawn('sh', ['-c', 'exec 3>"$1"; printf 12345 >&3; read go; printf 67890 >&3', 'sh', path], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  t.teardown(() => writer.kill());
  const told: string[] = [];
  const settings = { gateway: gatewayOf(harness), token: undefined, controller: '', json: false, timeoutMs: 20_000 };
  const answer = await sendFile(settings, '/files?name=long', { path, size: 10 }, (progress) => {
    told.push(progress);
    writer.stdin.write('go\n');
  });
  t.match(answer, { ok: true, value: { size: 10 } });
  t.equal(told[0], '5 B of 10 B (50 %)');
});

t.test('sizes', async (t) => {
  const sizes = [0, 999, 1000, 1500, 999_949, 999_950, 512_000_000, 10e9, 5e15].map(formatSize);
  t.same(sizes, ['0 B', '999 B', '1.0 kB', '1.5 kB', '999.9 kB', '1.0 MB', '512.0 MB', '10.0 GB', '5000.0 TB']);
});
