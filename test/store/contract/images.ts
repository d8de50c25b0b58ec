// Images that devices share: who uses one, that one which was given up cannot be used again, and where one came from.
import type { Test } from 'tap';
import type { ImageKey, ImageUse } from '../../../proxy/store/image-steps.ts';
import type { Store } from '../../../proxy/store/store.ts';
import { START, TENANT } from './samples.ts';
import type { OpenStore } from './subject.ts';

const IMAGE: ImageKey = { tenant: TENANT, blob: 'AAAAAAAAAAAAAAAAAAAA' };
const use = (device: string, by = 1, at = START): ImageUse => ({ device, by, at });

async function usesOf({ images }: Store, image = IMAGE): Promise<readonly ImageUse[]> {
  const uses: ImageUse[] = [];
  for await (const one of images.listUses(image)) uses.push(one);
  return uses.sort((one, other) => (one.device < other.device ? -1 : 1));
}

export function imageContract(t: Test, openStore: OpenStore): void {
  t.test('an image is used until the last device leaves it, and never again', async (t) => {
    const { store, reopen } = await openStore(t);
    t.same(await usesOf(store), []);
    for (const device of ['a', 'b', 'a']) t.equal(await store.images.useImage(IMAGE, use(device)), 'used');
    const again = await reopen();
    t.same(await usesOf(again), [use('a'), use('b')]);
    t.equal(await again.images.countUses(IMAGE), 2);
    t.equal(await again.images.leaveImage(IMAGE, use('a')), 'used');
    t.equal(await again.images.leaveImage(IMAGE, use('c')), 'used', 'who never used it ends nothing');
    t.equal(await again.images.giveUpImage(IMAGE, START), 'used');
    t.equal(await again.images.leaveImage(IMAGE, use('b')), 'given-up');
    const later = await reopen();
    t.equal(await later.images.useImage(IMAGE, use('c')), 'given-up');
    t.equal(await later.images.leaveImage(IMAGE, use('b')), 'given-up', 'said again');
    t.same([await usesOf(later), await later.images.countUses(IMAGE)], [[], 0]);
  });

  t.test('a fetch does not end the use by a later one', async (t) => {
    const { store } = await openStore(t);
    await store.images.useImage(IMAGE, use('a', 10, START));
    await store.images.useImage(IMAGE, use('a', 9, START + 5));
    t.same(await usesOf(store), [use('a', 10, START + 5)]);
    t.equal(await store.images.leaveImage(IMAGE, use('a', 9)), 'used');
    t.equal(await store.images.leaveImage(IMAGE, use('a', 11)), 'given-up');
  });

  t.test('one that nobody uses is given up; each tenant and each file by itself', async (t) => {
    const { store } = await openStore(t);
    const [other, elsewhere] = [
      { ...IMAGE, blob: 'BBBBBBBBBBBBBBBBBBBB' },
      { ...IMAGE, tenant: 'tenant-2' },
    ];
    await store.images.useImage(other, use('a'));
    await store.images.useImage(elsewhere, use('a'));
    t.equal(await store.images.giveUpImage(IMAGE, START), 'given-up');
    t.equal(await store.images.giveUpImage(other, START), 'used');
    t.equal(await store.images.useImage(IMAGE, use('a')), 'given-up');
    t.equal(await store.images.useImage(elsewhere, use('b')), 'used');
  });

  t.test('of a use and the last one’s end at once either comes first', async (t) => {
    const { store } = await openStore(t);
    for (let n = 0; n < 20; n += 1) {
      const image = { ...IMAGE, blob: String(n) };
      await store.images.useImage(image, use('a'));
      const uses = (): Promise<string> => store.images.useImage(image, use('b'));
      const leaves = (): Promise<string> => store.images.leaveImage(image, use('a'));
      const [one, other] = await Promise.all(n % 2 === 0 ? [uses(), leaves()] : [leaves(), uses()]);
      t.equal(one, other, 'both find it used, or both given up');
    }
  });

  t.test('many uses are all listed', async (t) => {
    const { store } = await openStore(t);
    const devices = Array.from({ length: 1100 }, (_, index) => `device-${index}`);
    await Promise.all(devices.map((device) => store.images.useImage(IMAGE, use(device))));
    t.same(new Set((await usesOf(store)).map(({ device }) => device)), new Set(devices));
    t.equal(await store.images.countUses(IMAGE), 1100);
  });

  t.test('where an image came from is known until it is too long ago', async (t) => {
    const { store, clock, reopen } = await openStore(t);
    const origin = {
      ...{ sha256: 'ab', blob: IMAGE.blob, etag: '"1"', at: 'digest', provenAt: START },
    };
    t.equal(await store.images.readOrigin(TENANT, 'd1'), undefined);
    await store.images.saveOrigin(TENANT, 'd1', origin, clock.now + 600_000);
    const again = await reopen();
    t.same(await again.images.readOrigin(TENANT, 'd1'), origin);
    t.equal(await again.images.readOrigin('tenant-2', 'd1'), undefined);
    await again.images.saveOrigin(TENANT, 'd1', { ...origin, provenAt: 0 }, clock.now + 600_000);
    t.match(await again.images.readOrigin(TENANT, 'd1'), { provenAt: 0 });
    clock.now += 600_001;
    t.equal(await again.images.readOrigin(TENANT, 'd1'), undefined);
  });
}
