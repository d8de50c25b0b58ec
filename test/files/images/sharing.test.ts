// Devices that are given the same image share one file, where it is proven to be the same and that they may have it.
import { createHash } from 'node:crypto';
import t from 'tap';
import { keyOf } from '../../store/contract/samples.ts';
import { DEVICES, idOf, imagesAtHand, wanted } from './images-at-hand.ts';

const [one, two, three] = DEVICES;
const sumOf = (content: string) =>
  ({ algorithm: 'SHA-256', value: createHash('sha256').update(content).digest('hex') }) as const;
const GET = 'GET /image.bin';
const DAY = 86_400_000;

t.test('a server that says it is the same is asked for nothing more', async (t) => {
  const { origin, node, kept } = await imagesAtHand(t);
  const first = idOf(await node().get(one, wanted(origin.url)));
  t.equal(idOf(await node().get(two, wanted(origin.url))), first);
  t.same([origin.requests, await kept()], [['GET /image.bin', '"1" /image.bin'], [first]]);
  origin.content = 'another image';
  origin.etag = '"2"';
  const second = idOf(await node().get(three, wanted(origin.url)));
  t.not(second, first, 'what a URL leads to may have changed');
  t.same(await kept(), [first, second]);
});

t.test('a server that cannot say so sends it again, and one copy is kept', async (t) => {
  const { origin, node, kept } = await imagesAtHand(t);
  for (const etag of ['', 'W/"weak"']) {
    origin.etag = etag;
    const ids = [idOf(await node().get(one, wanted(origin.url))), idOf(await node().get(two, wanted(origin.url)))];
    t.equal(ids[0], ids[1]);
  }
  t.same([origin.requests, (await kept()).length], [[GET, GET, GET, GET], 1]);
});

t.test('with a CheckSum nothing is asked for a day, where it is the one that is kept', async (t) => {
  const { origin, node, clock } = await imagesAtHand(t);
  const checksum = sumOf(origin.content);
  const first = idOf(await node().get(one, wanted(origin.url)));
  t.equal(idOf(await node().get(two, wanted(origin.url, { checksum, size: 8 }))), first);
  t.same(origin.requests, [GET]);
  clock.time += DAY + 1;
  t.equal(idOf(await node().get(two, wanted(origin.url, { checksum }))), first);
  t.same(origin.requests, [GET, '"1" /image.bin'], 'then the server is to say whether it gives it still');
  t.equal(idOf(await node().get(three, wanted(origin.url, { checksum: sumOf('other') }))), 'wrong-checksum');
  t.equal(idOf(await node().get(three, wanted(origin.url, { size: 7 }))), 'wrong-size');
});

t.test('credentials that the server does not take give nothing, whatever is kept', async (t) => {
  const { origin, node } = await imagesAtHand(t);
  origin.credentials = 'user:right';
  const checksum = sumOf(origin.content);
  const right = wanted(origin.url, { username: 'user', password: 'right', checksum });
  const first = idOf(await node().get(one, right));
  for (const password of ['wrong', ''])
    t.equal(idOf(await node().get(two, { ...right, password })), 'status', 'a CheckSum is no credential');
  t.equal(idOf(await node().get(two, right)), first);
  origin.credentials = 'user:new';
  t.equal(idOf(await node().get(three, { ...right, checksum: undefined })), 'status');
  t.equal(idOf(await node().get(three, right)), 'status', 'those that it has refused are asked for');
  t.equal(
    idOf(await node().get(three, { ...right, password: 'new' })),
    first,
    'and what it gives to others is one file',
  );
});

t.test('a host that is allowed no more gives nothing, though nothing would be asked of it', async (t) => {
  const { origin, node, hosts } = await imagesAtHand(t);
  const checksum = sumOf(origin.content);
  await node().get(one, wanted(origin.url, { checksum }));
  hosts.allowed = false;
  t.equal(idOf(await node().get(two, wanted(origin.url, { checksum }))), 'host-not-allowed');
});

t.test('another tenant never shares', async (t) => {
  const { origin, node, blobs } = await imagesAtHand(t);
  const checksum = sumOf(origin.content);
  const first = idOf(await node().get(one, wanted(origin.url, { checksum })));
  const second = idOf(await node().get(keyOf('1', 'acme'), wanted(origin.url, { checksum })));
  t.not(second, first);
  t.same(origin.requests, [GET, GET]);
  t.match(await blobs.list(), [{ tenant: undefined }, { tenant: 'acme' }]);
});

t.test('an entity tag is of one URL: it is not shown to another that leads there', async (t) => {
  const { origin, node } = await imagesAtHand(t);
  const to = (path: string): string => new URL(path, origin.url).href;
  origin.leadsTo = '/one';
  const first = idOf(await node().get(one, wanted(origin.url)));
  t.equal(idOf(await node().get(two, wanted(origin.url))), first);
  t.same(origin.requests, ['GET /image.bin', 'GET /one', 'GET /image.bin', '"1" /one']);
  origin.leadsTo = '/two';
  // As servers name files of the same age and size.
  origin.content = 'AN IMAGE';
  t.not(idOf(await node().get(two, wanted(origin.url))), first);
  t.same(origin.requests.slice(4), ['GET /image.bin', 'GET /two']);
  t.ok(await node().get(two, wanted(to('/two'))));
  t.equal(origin.requests.at(-1), 'GET /two', 'nor is it that of another URL');
});

t.test('a file that somebody has removed is fetched again', async (t) => {
  const { origin, node, blobs } = await imagesAtHand(t);
  const first = idOf(await node().get(one, wanted(origin.url)));
  await blobs.remove(first);
  t.not(idOf(await node().get(two, wanted(origin.url))), first);
  t.same(origin.requests, [GET, GET]);
});
