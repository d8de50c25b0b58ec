import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import t from 'tap';
import { temporaryFolder } from '../gateway/harness.ts';
import { startGatewayProcess } from './gateway-process.ts';
import { until } from './scene.ts';

t.test('killed in the middle of an upload: nothing of it is left, and the URL is good for another', async (t) => {
  const data = join(temporaryFolder(t), 'data');
  const before = await startGatewayProcess({ 'data.dir': data });
  const files = `http://${before.addresses.http}/api/v1/files`;
  await fetch(`${files}?name=whole`, { method: 'POST', body: 'whole' });
  const made = await fetch(`${files}/uploads`, { method: 'POST' });
  const { pathname } = new URL(((await made.json()) as { url: string }).url);
  const [host = '', port = ''] = before.addresses.files.split(':');
  const socket = connect({ host, port: Number(port) });
  socket.on('error', () => undefined).write(`PUT ${pathname} HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n`);
  socket.write(Buffer.alloc(500_000));
  const halves = (): readonly string[] => readdirSync(join(data, 'blobs')).filter((file) => file.endsWith('.part'));
  await until(async () => (halves().length > 0 ? true : undefined), 'the upload has begun');
  // Not `once` of node:events, which fails on the reset that the kill may bring.
  const gone = new Promise((resolve) => socket.once('close', resolve));
  await before.kill();
  await gone;
  t.equal(halves().length, 1, 'a half was there');

  const after = await startGatewayProcess({ 'data.dir': data });
  t.teardown(() => after.stop());
  t.same(halves(), []);
  const list = async (): Promise<unknown> => (await fetch(`http://${after.addresses.http}/api/v1/files`)).json();
  t.match(await list(), { files: [{ name: 'whole', size: 5 }] });
  const again = await fetch(`http://${after.addresses.files}${pathname}`, { method: 'PUT', body: 'all of it' });
  t.equal(again.status, 201);
  t.match(await list(), { files: [{ name: 'whole' }, { name: 'upload', size: 9 }] });
});

t.test('killed after a download: it stays used up', async (t) => {
  const data = join(temporaryFolder(t), 'data');
  const before = await startGatewayProcess({ 'data.dir': data });
  const added = await fetch(`http://${before.addresses.http}/api/v1/files?name=x`, { method: 'POST', body: 'content' });
  const { id } = (await added.json()) as { readonly id: string };
  const made = await fetch(`http://${before.addresses.http}/api/v1/files/${id}/grants`, { method: 'POST' });
  const { url } = (await made.json()) as { readonly url: string };
  t.equal(await (await fetch(url)).text(), 'content');
  t.equal((await fetch(url)).status, 410);
  await before.kill();
  const after = await startGatewayProcess({ 'data.dir': data });
  t.teardown(() => after.stop());
  t.equal((await fetch(url.replace(before.addresses.files, after.addresses.files))).status, 410);
});
