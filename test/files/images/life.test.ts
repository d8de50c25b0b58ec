// A shared image lives as long as a device has it, though nodes die in between.
import t from 'tap';
import { sweepImages } from '../../../proxy/files/images/sweep.ts';
import { createLog } from '../../../proxy/operate/log.ts';
import { createMetrics } from '../../../proxy/operate/metrics.ts';
import { ABOUT, bodyOf } from '../../store/blobs/folder.ts';
import { DEVICES, idOf, type ImagesAtHand, imagesAtHand, wanted } from './images-at-hand.ts';

const [one, two] = DEVICES;
const HOUR = 3_600_000;

const sweep = ({ blobs, store, clock }: ImagesAtHand, having: readonly string[]): Promise<number> =>
  sweepImages({
    ...{ blobs, clock, steps: store.images, log: createLog('silent'), metrics: createMetrics() },
    needs: async ({ device }) => having.includes(device),
  });

t.test('it goes with the last device that leaves it', async (t) => {
  const { origin, node, kept } = await imagesAtHand(t);
  const images = node();
  const id = idOf(await images.get(one, wanted(origin.url, { by: 1 })));
  await images.get(two, wanted(origin.url, { by: 1 }));
  await images.leave(one, id, 3);
  t.same(await kept(), [id]);
  await images.leave(two, id, 0);
  t.same(await kept(), [id], 'what an earlier fetch says does not count');
  await images.leave(two, id, 1);
  t.same(await kept(), []);
  await images.leave(two, id, 1);
  t.not(idOf(await images.get(two, wanted(origin.url))), id, 'and is fetched anew');
});

t.test('one that was kept for a device alone, before there was sharing, goes with that one', async (t) => {
  const { node, blobs, kept } = await imagesAtHand(t);
  const put = await blobs.put(bodyOf(Buffer.from('old')), { ...ABOUT, device: one.device });
  const id = put.kind === 'stored' ? put.blob.id : '';
  await node().leave(two, id, 9);
  await node().leave({ ...one, tenant: 'acme' }, id, 9);
  t.same(await kept(), [id]);
  await node().leave(one, id, 9);
  t.same(await kept(), []);
});

t.test('a node that died between: whoever does not have it is found, and the image that nobody has', async (t) => {
  const at = await imagesAtHand(t);
  const id = idOf(await at.node().get(one, wanted(at.origin.url)));
  await at.node().get(two, wanted(at.origin.url));
  t.equal(await sweep(at, []), 0, 'the devices may not have said so yet');
  at.clock.time += HOUR;
  t.equal(await sweep(at, [two.device]), 0);
  t.equal(await at.store.images.countUses({ tenant: 'default', blob: id }), 1);
  t.equal(await sweep(at, []), 1);
  t.same(await at.kept(), []);
  await at.blobs.put(bodyOf(Buffer.from('new')), { ...ABOUT, shared: true });
  await at.blobs.put(bodyOf(Buffer.from('an operator’s')), ABOUT);
  at.clock.time += HOUR;
  t.equal(await sweep(at, []), 1, 'stored, and its node died before any device had it');
  t.equal((await at.kept()).length, 1, 'what operators bring is not touched');
});

t.test('one that was given up, and whose node died before it was removed', async (t) => {
  const { origin, node, store, clock, kept } = await imagesAtHand(t);
  const id = idOf(await node().get(one, wanted(origin.url)));
  await store.images.leaveImage({ tenant: 'default', blob: id }, { device: one.device, by: 1, at: clock.now() });
  const other = idOf(await node().get(two, wanted(origin.url)));
  t.not(other, id);
  t.same(await kept(), [other]);
});
