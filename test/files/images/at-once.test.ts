// Devices that want an image at the same moment: one fetch for all of them, and what becomes of it when some leave.
import { once } from 'node:events';
import t from 'tap';
import { deferred } from '../../../proxy/operate/deferred.ts';
import { DEVICES, idOf, imagesAtHand, type Origin, wanted } from './images-at-hand.ts';

const [first, ...later] = DEVICES;
const GET = 'GET /image.bin';

/** Answers wait at the stage until they are let go; `come` when one has come there. */
function hold(
  origin: Origin,
  stage: 'headers' | 'body',
): { readonly come: Promise<unknown>; readonly letGo: () => void } {
  const [come, gate] = [deferred<undefined>(), deferred<undefined>()];
  origin.gate = async (at) => {
    if (at !== stage) return;
    come.resolve(undefined);
    await gate.promise;
  };
  return { come: come.promise, letGo: () => gate.resolve(undefined) };
}

t.test('until the server answers all share one fetch', async (t) => {
  const { origin, node, kept, store } = await imagesAtHand(t);
  const { come, letGo } = hold(origin, 'headers');
  const images = node();
  const got = DEVICES.map((key) => images.get(key, wanted(origin.url)));
  await come;
  letGo();
  const ids = (await Promise.all(got)).map(idOf);
  t.same([origin.requests, await kept()], [[GET], [ids[0]]]);
  t.equal(new Set(ids).size, 1);
  t.equal(await store.images.countUses({ tenant: 'default', blob: ids[0] ?? '' }), DEVICES.length);
});

t.test('who comes later asks whether it is the same still: once for all of them', async (t) => {
  const { origin, node, kept, events } = await imagesAtHand(t);
  const { letGo } = hold(origin, 'body');
  const images = node();
  const answered = once(events, 'answered');
  const got = [images.get(first, wanted(origin.url))];
  await answered;
  got.push(...later.map((key) => images.get(key, wanted(origin.url))));
  // It is replaced while the one before is on its way.
  const { content } = origin;
  origin.etag = '"2"';
  letGo();
  const ids = (await Promise.all(got)).map(idOf);
  t.same(origin.requests, [GET, '"1" /image.bin']);
  t.equal(new Set(ids).size, 1, `it is "${content}" still, sent again`);
  t.equal((await kept()).length, 1);
});

t.test('with a CheckSum nobody asks again, nor where the image is another by now', async (t) => {
  const { origin, node, events } = await imagesAtHand(t);
  const { letGo } = hold(origin, 'body');
  const images = node();
  const checksum = { algorithm: 'SHA-1', value: 'A3B5' } as const;
  const answered = once(events, 'answered');
  const got = [images.get(first, wanted(origin.url, { checksum }))];
  await answered;
  got.push(...later.map((key) => images.get(key, wanted(origin.url, { checksum }))));
  letGo();
  t.same(
    (await Promise.all(got)).map(idOf),
    DEVICES.map(() => 'wrong-checksum'),
  );
  t.same(origin.requests, [GET]);
});

t.test('one that leaves does not take it from the others; when all have left it is broken off', async (t) => {
  const { origin, node, kept } = await imagesAtHand(t);
  const images = node();
  const leaving = new AbortController();
  const { signal } = leaving;
  const held = hold(origin, 'headers');
  const [one, other] = [images.get(first, wanted(origin.url, { signal })), images.get(later[0], wanted(origin.url))];
  await held.come;
  leaving.abort();
  t.equal(idOf(await one), 'cut-off');
  held.letGo();
  const id = idOf(await other);
  t.same([await kept(), origin.requests], [[id], [GET]]);

  const broken = deferred<undefined>();
  origin.gate = async (_stage, request) => {
    await new Promise((letGo) => request.once('close', letGo));
    broken.resolve(undefined);
  };
  const alone = new AbortController();
  const third = images.get(later[1], wanted(`${origin.url}?2`, { signal: alone.signal }));
  while (origin.requests.length < 2) await new Promise((resolve) => setImmediate(resolve));
  alone.abort();
  t.equal(idOf(await third), 'cut-off');
  await broken.promise;
  origin.gate = () => Promise.resolve();
  t.equal(idOf(await images.get(later[1], wanted(`${origin.url}?2`))), id, 'nobody joins what was broken off');
});

t.test('two nodes that fetch at the same moment keep two copies at worst, and no third', async (t) => {
  const { origin, node, kept, store } = await imagesAtHand(t);
  const { letGo } = hold(origin, 'body');
  const nodes = [node(), node()];
  const got = nodes.map((one, index) => one.get(DEVICES[index] ?? first, wanted(origin.url)));
  while (origin.requests.length < 2) await new Promise((resolve) => setImmediate(resolve));
  letGo();
  const ids = new Set((await Promise.all(got)).map(idOf));
  t.same(new Set(await kept()), ids, 'whatever one of them has is there, and nothing else');
  for (const one of nodes) t.ok(ids.has(idOf(await one.get(later[1], wanted(origin.url)))));
  t.same(new Set(await kept()), ids);
  let uses = 0;
  for (const blob of ids) uses += await store.images.countUses({ tenant: 'default', blob });
  t.ok(uses >= 3);
});
