// Nodes that keep images in one bucket, and nodes that have a folder each, over one Redis.
import t, { type Test } from 'tap';
import { sweepImages } from '../../../proxy/files/images/sweep.ts';
import { createLog } from '../../../proxy/operate/log.ts';
import { systemRandomness } from '../../../proxy/operate/clock.ts';
import { createMetrics } from '../../../proxy/operate/metrics.ts';
import type { Blobs } from '../../../proxy/store/blobs/blobs.ts';
import { openBlobFolder } from '../../../proxy/store/blobs/directory.ts';
import { temporaryFolder } from '../../gateway/harness.ts';
import { missingRedis, startRedis } from '../../redis-server.ts';
import { missingS3, startS3 } from '../../s3-server.ts';
import { openBucket } from '../../store/blobs/bucket-scene.ts';
import { openOn } from '../../store/redis/open.ts';
import { DEVICES, idOf, imagesAtHand, wanted } from './images-at-hand.ts';

const [one, two, three] = DEVICES;
const noRedis = missingRedis();
const HOUR = 3_600_000;

async function folder(t: Test, now: () => number): Promise<Blobs> {
  const limits = { maxBytes: 1 << 20, totalBytes: 1 << 20 };
  const blobs = await openBlobFolder({ folder: temporaryFolder(t), ...limits, now, randomness: systemRandomness });
  t.teardown(() => blobs.close());
  return blobs;
}

t.test(
  'one bucket: of two fetches at once one copy is left, and goes with the last',
  { skip: noRedis || missingS3() },
  async (t) => {
    const { origin, node } = await imagesAtHand(t);
    const [s3, redis] = [await startS3(t), await startRedis(t)];
    const nodes = [];
    for (let n = 0; n < 2; n += 1)
      nodes.push({ blobs: await openBucket(t, s3.address), store: await openOn(t, redis.url) });
    const [a, b] = nodes.map((own) => node(own));
    const [files] = nodes.map(({ blobs }) => blobs);
    if (a === undefined || b === undefined || files === undefined) throw new Error('two nodes');
    await Promise.all([a.get(one, wanted(origin.url)), b.get(two, wanted(origin.url))]);
    const third = await b.get(three, wanted(origin.url));
    t.equal(origin.requests.at(-1), '"1" /image.bin', 'what one node keeps the other need not fetch');
    const kept = (await files.list()).map(({ id }) => id);
    t.ok(kept.length <= 2 && kept.includes(idOf(third)), 'at worst two, for as long as a device has the second');
    for (const id of kept)
      for (const [images, key] of [
        [a, one],
        [b, two],
        [a, three],
      ] as const)
        await images.leave(key, id, 9);
    t.same(await files.list(), []);
  },
);

t.test('a folder each: each keeps its own, and finds what the other has given up', { skip: noRedis }, async (t) => {
  const { origin, node, clock } = await imagesAtHand(t);
  const { url } = await startRedis(t);
  const now = (): number => clock.now();
  const store = await openOn(t, url, { now });
  const [a, b] = [await folder(t, now), await folder(t, now)];
  const [onA, onB] = [node({ blobs: a, store }), node({ blobs: b, store })];
  const first = idOf(await onA.get(one, wanted(origin.url)));
  const second = idOf(await onB.get(two, wanted(origin.url)));
  t.not(second, first);
  t.equal(idOf(await onA.get(three, wanted(origin.url))), first, 'its own, by the tag that the other was given');
  t.same(origin.requests, ['GET /image.bin', 'GET /image.bin', '"1" /image.bin']);
  for (const key of [one, three]) await onB.leave(key, first, 9);
  t.match(await a.list(), [{ id: first }], 'the other node cannot remove it');
  clock.time += HOUR;
  const context = { clock, steps: store.images, log: createLog('silent'), metrics: createMetrics() };
  t.equal(await sweepImages({ ...context, blobs: a, needs: async () => true }), 1);
  t.equal(await sweepImages({ ...context, blobs: b, needs: async () => true }), 0);
  t.same([await a.list(), (await b.list()).map(({ id }) => id)], [[], [second]]);
});
