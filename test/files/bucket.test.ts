// Two gateways with one bucket and one Redis: a file that came by one of them is loaded from the other.
import { randomBytes } from 'node:crypto';
import t from 'tap';
import { missingRedis, startRedis } from '../redis-server.ts';
import { missingS3, startS3 } from '../s3-server.ts';
import { startFiles } from './file-gateway.ts';

const noS3 = missingS3();

t.test('a file of one gateway is loaded from the other', { skip: noS3 || missingRedis() }, async (t) => {
  const [s3, redis] = [await startS3(t), await startRedis(t)];
  const settings = { ...s3.settings, 'redis.url': redis.url };
  const [one, other] = [await startFiles(t, settings), await startFiles(t, settings)];
  const bytes = randomBytes(9_000_000);
  const id = await one.add(bytes);
  t.match(await other.list(), [{ id, size: bytes.length }]);
  /** As a load balancer before both would send it. */
  const elsewhere = (url: string): string => {
    const moved = new URL(url);
    moved.host = other.gateway.addresses.files;
    return moved.href;
  };
  const url = await one.url(id);
  const part = await fetch(elsewhere(url), { headers: { Range: 'bytes=100-199' } });
  t.equal(part.status, 206);
  t.ok(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(100, 200)));
  const loaded = await fetch(elsewhere(url));
  t.equal(loaded.status, 200);
  t.ok(Buffer.from(await loaded.arrayBuffer()).equals(bytes));

  const brought = await fetch(elsewhere(await one.uploadUrl({ name: 'log.txt' })), { method: 'PUT', body: 'a log' });
  t.equal(brought.status, 201);
  const log = (await one.list()).find(({ name }) => name === 'log.txt');
  t.equal(await (await fetch(await one.url(log?.id ?? ''))).text(), 'a log');

  t.equal((await fetch(`${other.apiUrl}/files/${id}`, { method: 'DELETE' })).status, 200);
  t.equal((await one.list()).length, 1);
});

t.test('while the bucket is away CPEs are told to come again', { skip: noS3 }, async (t) => {
  const s3 = await startS3(t);
  const gateway = await startFiles(t, s3.settings);
  const id = await gateway.add(Buffer.from('firmware'));
  const [url, uploadUrl] = [await gateway.url(id), await gateway.uploadUrl()];
  await s3.kill();
  for (const refused of [await fetch(url), await fetch(uploadUrl, { method: 'PUT', body: 'a log' })]) {
    t.equal(refused.status, 503);
    t.equal(await refused.text(), 'store-away\n');
    t.match(refused.headers.get('retry-after'), /^\d+$/);
  }
  const metrics = await (await fetch(`${gateway.operateUrl}/metrics`)).text();
  t.match(metrics, /files_refused\S*store-away\S* 2/);
  await s3.restart();
  t.equal(await (await fetch(url)).text(), 'firmware', 'and find it again');
  t.equal((await fetch(uploadUrl, { method: 'PUT', body: 'a log' })).status, 201);
});

t.test('settings that cannot be used end the start', async (t) => {
  const good = { 'files.accessKey': 'key', 'files.secretKey': 'very-secret' };
  const start = (settings: Readonly<Record<string, string>>): Promise<unknown> =>
    startFiles(t, settings).catch((error: unknown) => error);
  const cases: readonly (readonly [string, Readonly<Record<string, string>>, RegExp])[] = [
    ['https://s3.example/files', {}, /set files\.accessKey and files\.secretKey/],
    ['https://s3.example/', good, /wants https:/],
    ['https://s3.example/files/a b', good, /wants https:/],
    ['https://s3.example/files/../x', good, /wants https:/],
    ['https://s3.example/files?x=1', good, /wants https:/],
    ['ftp://s3.example/files', good, /wants https:/],
    ['https://key:very-secret@s3.example/files', good, /credentials in it/],
  ];
  for (const [bucket, settings, message] of cases) {
    const refused = await start({ ...settings, 'files.bucket': bucket });
    t.match(refused, { code: 'CAUSEWAY_CONFIG_INVALID', message }, bucket);
    t.notMatch(String(refused), /very-secret/);
  }
  const exposed = await start({ ...good, 'files.bucket': 'http://s3.example/files' });
  t.match(exposed, { code: 'CAUSEWAY_CONFIG_INSECURE', message: /files\.bucket .*TLS/ });
});
