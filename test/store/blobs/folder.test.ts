// What is put is there, byte for byte, with its checksums, in this run and the next.
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import t from 'tap';
import { CHECKSUMS } from '../../../proxy/store/blobs/blobs.ts';
import { ABOUT, blobFolder, bodyOf, bytesOf, store } from './folder.ts';

t.test('a file in parts of any size', async (t) => {
  const folder = blobFolder(t);
  const blobs = await folder.open({ now: () => 1_700_000_000_000 });
  const parts = [0, 1, 65_536, 200_000, 17].map((size) => randomBytes(size));
  const whole = Buffer.concat(parts);
  const blob = await store(blobs, ...parts);
  t.match(blob, { ...ABOUT, id: /^[A-Z2-7]{20}$/, size: whole.length, storedAt: 1_700_000_000_000 });
  for (const name of CHECKSUMS) {
    t.equal(blob.checksums[name], createHash(name).update(whole).digest('hex'), name);
  }
  t.ok((await bytesOf(blobs, blob.id, 0, blob.size)).equals(whole));
  t.same(await blobs.list(), [blob]);
  await blobs.close();
  const again = await folder.open();
  t.same(await again.find(blob.id), blob);
  t.ok((await bytesOf(again, blob.id, 0, blob.size)).equals(whole));
  t.same(folder.events, []);
});

t.test('any range is the slice that it names', async (t) => {
  const blobs = await blobFolder(t).open();
  const whole = randomBytes(300_000);
  const { id } = await store(blobs, whole);
  const place = fc.integer({ min: 0, max: whole.length });
  await fc.assert(
    fc.asyncProperty(place, place, async (one, other) => {
      const [start, end] = one < other ? [one, other] : [other, one];
      return (await bytesOf(blobs, id, start, end)).equals(whole.subarray(start, end));
    }),
    { numRuns: 200 },
  );
});

t.test('a file of no bytes', async (t) => {
  const blobs = await blobFolder(t).open();
  const blob = await store(blobs);
  t.match(blob, { size: 0, checksums: { MD5: 'd41d8cd98f00b204e9800998ecf8427e' } });
  t.equal((await bytesOf(blobs, blob.id, 0, 0)).length, 0);
});

t.test('removed, it is gone; who reads it reads on', async (t) => {
  const folder = blobFolder(t);
  const blobs = await folder.open();
  const whole = randomBytes(200_000);
  const [first, second] = [await store(blobs, whole), await store(blobs, Buffer.from('b'))];
  const chunks: Buffer[] = [];
  for await (const chunk of (await blobs.read(first.id, 0, first.size)) ?? []) {
    if (chunks.length === 0) t.equal(await blobs.remove(first.id), true);
    chunks.push(Buffer.from(chunk));
  }
  t.ok(Buffer.concat(chunks).equals(whole));
  t.equal(await blobs.remove(first.id), false);
  t.equal(await blobs.read(first.id, 0, 1), undefined);
  t.same(await blobs.list(), [second]);
  t.same(
    readdirSync(folder.path)
      .filter((file) => !file.startsWith('lock-'))
      .sort(),
    [second.id, `${second.id}.json`],
  );
});

t.test('a file that is cut while it is read ends its reader, and nobody else', async (t) => {
  const folder = blobFolder(t);
  const blobs = await folder.open();
  const { id, size } = await store(blobs, randomBytes(300_000));
  const read = async (): Promise<void> => {
    let read = 0;
    for await (const chunk of (await blobs.read(id, 0, size)) ?? []) {
      read += chunk.length;
      if (read === chunk.length) truncateSync(join(folder.path, id), 1);
      // As long as a slow client takes: the next chunk has failed by then.
      await setImmediate();
      await setImmediate();
    }
  };
  await t.rejects(read(), { code: 'CAUSEWAY_STORE_CORRUPT' });
  await t.rejects(bytesOf(blobs, id, 0, size), { code: 'CAUSEWAY_STORE_CORRUPT' });
});

t.test('names never become paths', async (t) => {
  const folder = blobFolder(t);
  const blobs = await folder.open();
  const name = '../../../../tmp/evil\0.bin';
  const put = await blobs.put(bodyOf(Buffer.from('x')), { ...ABOUT, name });
  t.match(put, { kind: 'stored', blob: { name, id: /^[A-Z2-7]{20}$/ } });
  for (const id of ['../log', '..', '.', '', '/etc/passwd', 'x'.repeat(5000)]) {
    t.equal(await blobs.read(id, 0, 1), undefined);
    t.equal(await blobs.remove(id), false);
  }
});

t.test('a folder has one owner', async (t) => {
  const folder = blobFolder(t);
  await folder.open();
  await t.rejects(folder.open(), { code: 'CAUSEWAY_STORE_LOCKED' });
});
