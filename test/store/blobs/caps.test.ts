// What is too much is refused with its reason, and leaves nothing behind.
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import type { Blobs } from '../../../proxy/store/blobs/blobs.ts';
import { ABOUT, blobFolder, bodyOf, bytesOf, type Folder, store } from './folder.ts';

const KIB = Buffer.alloc(1024, 'k');
const put = (blobs: Blobs, ...parts: readonly (Uint8Array | Error)[]) => blobs.put(bodyOf(...parts), ABOUT);
const files = (folder: Folder): readonly string[] =>
  readdirSync(folder.path).filter((file) => !file.startsWith('lock-'));

t.test('one file', async (t) => {
  const folder = blobFolder(t);
  const blobs = await folder.open({ maxBytes: 2048, totalBytes: 10_000 });
  t.same(await put(blobs, KIB, KIB, Buffer.from('x')), { kind: 'refused', reason: 'file-too-large' });
  t.equal(await blobs.refusal(2049), 'file-too-large');
  t.equal(await blobs.refusal(2048), undefined);
  t.same(files(folder), []);
  t.match(await put(blobs, KIB, KIB), { kind: 'stored' });
});

t.test('all files, those on their way included', async (t) => {
  const folder = blobFolder(t);
  const blobs = await folder.open({ maxBytes: 2048, totalBytes: 3072 });
  const first = await store(blobs, KIB, KIB);
  t.equal(await blobs.refusal(1025), 'total-full');
  // Two at once, of which one has room.
  const both = await Promise.all([put(blobs, KIB), put(blobs, KIB)]);
  t.same(both.map(({ kind }) => kind).sort(), ['refused', 'stored']);
  t.match(await put(blobs, Buffer.from('x')), { kind: 'refused', reason: 'total-full' });
  t.equal(await blobs.remove(first.id), true);
  t.match(await put(blobs, KIB, KIB), { kind: 'stored' }, 'what was removed makes room');
  t.equal(files(folder).length, 4);
});

t.test('a body that breaks off takes no room', async (t) => {
  const folder = blobFolder(t);
  const blobs = await folder.open({ maxBytes: 2048, totalBytes: 2048 });
  for (let n = 0; n < 3; n += 1) t.same(await put(blobs, KIB, new Error('gone')), { kind: 'cut-off' });
  t.same(files(folder), []);
  t.match(await put(blobs, KIB, KIB), { kind: 'stored' });
});

t.test('a full disk is a refusal', async (t) => {
  const folder = blobFolder(t);
  const putter = fileURLToPath(new URL('./limited-putter.js', import.meta.url));
  // The limit on the size of a file stands for a disk that takes no more. What tap loads into its children would die of
  // the signal that comes with it.
  const run = ['-c', 'unset NODE_OPTIONS; ulimit -f 64; exec "$@"', 'bash', process.execPath, putter, folder.path];
  const told: unknown = JSON.parse(execFileSync('bash', run, { encoding: 'utf8' }));
  t.same(told, ['stored', 'disk-full', 'stored']);
  const blobs = await folder.open();
  t.same(
    (await blobs.list()).map(({ size }) => size),
    [60_000, 60_000],
  );
  t.equal(files(folder).length, 4);
  for (const { id, size } of await blobs.list()) t.equal((await bytesOf(blobs, id, 0, size)).length, size);
});

t.test('a folder that cannot be one', async (t) => {
  const folder = blobFolder(t);
  await t.rejects(folder.open({ folder: '/dev/null/blobs' }), { code: 'CAUSEWAY_STORE_WRITE_FAILED' });
});
