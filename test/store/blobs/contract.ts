// What holds for files wherever they are kept.
import { createHash, randomBytes } from 'node:crypto';
import type { Test } from 'tap';
import { type Blobs, CHECKSUMS } from '../../../proxy/store/blobs/blobs.ts';
import type { RoomLimits } from '../../../proxy/store/blobs/room.ts';
import { ABOUT, bodyOf, bytesOf, store } from './folder.ts';

/** Opens what the last call left; whoever calls closes it before it opens again. */
export type OpenBlobs = (t: Test, limits: RoomLimits) => Promise<Blobs>;

const LIMITS: RoomLimits = { maxBytes: 1 << 20, totalBytes: 4 << 20 };
const KIB = Buffer.alloc(1024, 'k');

export async function blobsContract(t: Test, fresh: (t: Test) => Promise<OpenBlobs> | OpenBlobs): Promise<void> {
  await t.test('what is put is there, byte for byte, in this run and the next', async (t) => {
    const open = await fresh(t);
    const blobs = await open(t, LIMITS);
    const parts = [0, 1, 65_536, 200_000, 17].map((size) => randomBytes(size));
    const whole = Buffer.concat(parts);
    const blob = await store(blobs, ...parts);
    t.match(blob, { ...ABOUT, id: /^[A-Z2-7]{20}$/, size: whole.length });
    for (const name of CHECKSUMS) t.equal(blob.checksums[name], createHash(name).update(whole).digest('hex'), name);
    t.same(await blobs.list(), [blob]);
    t.ok((await bytesOf(blobs, blob.id, 0, blob.size)).equals(whole));
    await blobs.close();
    const again = await open(t, LIMITS);
    t.same(await again.find(blob.id), blob);
    t.same(await again.list(), [blob]);
    for (const [start, end] of [
      [0, 1],
      [0, whole.length],
      [65_535, 65_537],
      [whole.length - 1, whole.length],
      [7, 7],
    ] as const)
      t.ok((await bytesOf(again, blob.id, start, end)).equals(whole.subarray(start, end)), `${start}-${end}`);
  });

  await t.test('a file that devices share says so, to this run and the next', async (t) => {
    const open = await fresh(t);
    const blobs = await open(t, LIMITS);
    const put = await blobs.put(bodyOf(KIB), { ...ABOUT, shared: true });
    t.match(put, { kind: 'stored', blob: { shared: true } });
    await blobs.close();
    t.match(await (await open(t, LIMITS)).list(), [{ shared: true }]);
  });

  await t.test('a file of no bytes', async (t) => {
    const blobs = await (await fresh(t))(t, LIMITS);
    const blob = await store(blobs);
    t.match(blob, { size: 0, checksums: { MD5: 'd41d8cd98f00b204e9800998ecf8427e' } });
    t.equal((await bytesOf(blobs, blob.id, 0, 0)).length, 0);
  });

  await t.test('the oldest is listed first, and what is removed is gone', async (t) => {
    const open = await fresh(t);
    const blobs = await open(t, LIMITS);
    const files = [];
    for (const text of ['a', 'b', 'c']) files.push(await store(blobs, Buffer.from(text)));
    const [first, second, third] = files;
    t.same(
      (await blobs.list()).map(({ checksums }) => checksums.MD5).sort(),
      files.map(({ checksums }) => checksums.MD5).sort(),
    );
    t.equal(await blobs.remove(second?.id ?? ''), true);
    t.equal(await blobs.remove(second?.id ?? ''), false);
    t.equal(await blobs.find(second?.id ?? ''), undefined);
    t.equal(await blobs.read(second?.id ?? '', 0, 1), undefined);
    await blobs.close();
    const left = (await (await open(t, LIMITS)).list()).map(({ id }) => id);
    t.same(left.toSorted(), [first?.id, third?.id].sort());
  });

  await t.test('names are text, and never keys', async (t) => {
    const blobs = await (await fresh(t))(t, LIMITS);
    const name = '../../../../tmp/evil\0&<ü>.bin';
    const put = await blobs.put(bodyOf(KIB), { ...ABOUT, name });
    t.match(put, { kind: 'stored', blob: { name, id: /^[A-Z2-7]{20}$/ } });
    t.equal((await blobs.list())[0]?.name, name);
    for (const id of ['../log', '..', '.', '', '/etc/passwd', '?acl', 'x'.repeat(5000)]) {
      t.equal(await blobs.find(id), undefined);
      t.equal(await blobs.read(id, 0, 1), undefined);
      t.equal(await blobs.remove(id), false);
    }
  });

  await t.test('what is too much is refused, and what breaks off leaves nothing', async (t) => {
    const blobs = await (await fresh(t))(t, { maxBytes: 2048, totalBytes: 3072 });
    t.same(await blobs.put(bodyOf(KIB, KIB, Buffer.from('x')), ABOUT), { kind: 'refused', reason: 'file-too-large' });
    for (let n = 0; n < 3; n += 1) t.same(await blobs.put(bodyOf(KIB, new Error('gone')), ABOUT), { kind: 'cut-off' });
    t.same(await blobs.list(), []);
    t.equal(await blobs.refusal(2049), 'file-too-large');
    const first = await store(blobs, KIB, KIB);
    t.equal(await blobs.refusal(1025), 'total-full');
    const both = await Promise.all([blobs.put(bodyOf(KIB), ABOUT), blobs.put(bodyOf(KIB), ABOUT)]);
    t.same(both.map(({ kind }) => kind).sort(), ['refused', 'stored']);
    t.equal(await blobs.remove(first.id), true);
    t.match(await blobs.put(bodyOf(KIB, KIB), ABOUT), { kind: 'stored' }, 'what was removed makes room');
    t.equal((await blobs.list()).length, 2);
  });
}
