// Files in a bucket of a real S3 server.
import { createHash, randomBytes } from 'node:crypto';
import t from 'tap';
import { missingS3, startS3 } from '../../s3-server.ts';
import { openBucket } from './bucket-scene.ts';
import { blobsContract } from './contract.ts';
import { ABOUT, bodyOf, bytesOf, store } from './folder.ts';

const skip = missingS3();

t.test('what holds for files wherever they are kept', { skip }, async (t) => {
  const { address } = await startS3(t);
  let folders = 0;
  await blobsContract(t, () => {
    folders += 1;
    const prefix = `${folders}/`;
    return (t, limits) => openBucket(t, { ...address, prefix }, limits);
  });
});

t.test('a file of many parts', { skip }, async (t) => {
  const { address } = await startS3(t);
  const blobs = await openBucket(t, address);
  const whole = randomBytes(40_000_000);
  const parts = Array.from({ length: 400 }, (_, at) => whole.subarray(at * 100_000, (at + 1) * 100_000));
  const blob = await store(blobs, ...parts);
  t.equal(blob.checksums['SHA-256'], createHash('sha256').update(whole).digest('hex'));
  t.ok((await bytesOf(blobs, blob.id, 0, blob.size)).equals(whole));
  const edge = 8 << 20;
  t.ok((await bytesOf(blobs, blob.id, edge - 3, edge + 3)).equals(whole.subarray(edge - 3, edge + 3)));

  await t.test('one of exactly one part, and one of exactly two', async (t) => {
    for (const size of [edge, 2 * edge]) {
      const bytes = whole.subarray(0, size);
      const { id } = await store(blobs, bytes);
      t.ok((await bytesOf(blobs, id, 0, size)).equals(bytes), String(size));
    }
  });

  await t.test('broken off between two parts it leaves nothing that is listed', async (t) => {
    const before = await blobs.list();
    t.same(await blobs.put(bodyOf(whole.subarray(0, 2 * edge + 1), new Error('gone')), ABOUT), { kind: 'cut-off' });
    t.same(await blobs.list(), before);
  });
});

t.test('two nodes have the same files', { skip }, async (t) => {
  const { address } = await startS3(t);
  const [one, other] = [await openBucket(t, address), await openBucket(t, address)];
  const blob = await store(one, Buffer.from('shared'));
  t.same(await other.find(blob.id), blob);
  t.same(await other.list(), [blob]);
  t.equal((await bytesOf(other, blob.id, 1, 4)).toString(), 'har');
  t.equal(await one.remove(blob.id), true);
  t.equal(await other.read(blob.id, 0, 1), undefined, 'though it is known there still');
  t.same(await other.list(), []);
});

t.test('more than a page of them', { skip }, async (t) => {
  const { address } = await startS3(t);
  const blobs = await openBucket(t, address);
  const files = 520;
  for (let at = 0; at < files; at += 20) {
    await Promise.all(Array.from({ length: 20 }, () => store(blobs, Buffer.from('x'))));
  }
  t.equal((await blobs.list()).length, files);
  const other = await openBucket(t, address);
  t.equal((await other.list()).length, files, 'each is read once');
});

t.test('a bucket that cannot be used ends the start, and the settings are named', async (t) => {
  const nobody = { endpoint: 'http://127.0.0.1:1', bucket: 'files', prefix: '', region: 'us-east-1' };
  const keys = { accessKeyId: 'key', secretAccessKey: 'very-secret' };
  const away: unknown = await openBucket(t, { ...nobody, ...keys }).catch((error: unknown) => error);
  t.match(away, { code: 'CAUSEWAY_STORE_AWAY', message: /files\.bucket: http:\/\/127\.0\.0\.1:1\/files: / });

  await t.test('by its server', { skip }, async (t) => {
    const { address } = await startS3(t);
    await t.rejects(openBucket(t, { ...address, bucket: 'missing' }), {
      code: 'CAUSEWAY_CONFIG_INVALID',
      message: /NoSuchBucket: check files\.bucket/,
    });
    // s3rver looks at the name of the key only.
    await t.rejects(openBucket(t, { ...address, accessKeyId: 'nobody' }), {
      code: 'CAUSEWAY_CONFIG_INVALID',
      message: /InvalidAccessKeyId: check files\.accessKey, files\.secretKey/,
    });
  });
});

t.test('the server away in the middle, and back', { skip }, async (t) => {
  const server = await startS3(t);
  const blobs = await openBucket(t, server.address);
  const whole = randomBytes(30 << 20);
  const blob = await store(blobs, whole);
  const read = async (): Promise<void> => {
    let first = true;
    for await (const chunk of (await blobs.read(blob.id, 0, blob.size)) ?? []) {
      t.ok(chunk.length > 0);
      if (first) await server.kill();
      first = false;
    }
  };
  await t.rejects(read(), { code: 'CAUSEWAY_STORE_AWAY' });
  await t.rejects(blobs.list(), { code: 'CAUSEWAY_STORE_AWAY' });
  await t.rejects(blobs.put(bodyOf(Buffer.from('x')), ABOUT), { code: 'CAUSEWAY_STORE_AWAY' });
  await t.rejects(blobs.read(blob.id, 0, 1), { code: 'CAUSEWAY_STORE_AWAY' });
  await server.restart();
  t.ok((await bytesOf(blobs, blob.id, 0, blob.size)).equals(whole));
  t.same(
    (await blobs.list()).map(({ id }) => id),
    [blob.id],
  );
  const partly = async function* (): AsyncGenerator<Uint8Array, void> {
    yield whole.subarray(0, 9 << 20);
    await server.kill();
    yield whole.subarray(9 << 20);
  };
  await t.rejects(blobs.put(partly(), ABOUT), { code: 'CAUSEWAY_STORE_AWAY' });
  await server.restart();
  t.equal((await blobs.list()).length, 1, 'of half a file nothing is listed');
});
