// The first part of a Download(): the gateway fetches, keeps or refuses, though nodes die in between.
import t from 'tap';
import { FirmwareAtHand, NOW_AND_LONG } from './firmware-at-hand.ts';
import { KEY, START } from '../../store/contract/samples.ts';

const stored = { kind: 'stored', blob: 'b1' } as const;

t.test('an image that came is kept, and that is the end', async (t) => {
  const at = await FirmwareAtHand.open(t);
  await at.begin({ CheckSumAlgorithm: 'SHA-256', CheckSum: 'ab' });
  await at.node().look(KEY);
  t.equal(await at.bank(), '1 runs, Downloading');
  t.match(at.fetches[0]?.order, {
    ...{ URL: 'http://images.example/image-2', Username: 'user', Password: 'secret', name: 'image-2', size: 7 },
    checksum: { algorithm: 'SHA-256', value: 'ab' },
  });
  at.fetches[0]?.come(stored);
  await at.until(async () => (await at.ended()).length > 0);
  t.same([await at.bank(), await at.ended(), at.left], ['1 runs, Available b1', ['done'], []]);
});

t.test('with AutoActivate it goes on to the CPE, its credentials forgotten', async (t) => {
  const at = await FirmwareAtHand.open(t);
  await at.begin({ windows: NOW_AND_LONG });
  const node = at.node();
  await node.look(KEY);
  at.fetches[0]?.come(stored);
  await at.until(() => at.rung > 0);
  t.match(await at.store.operations.readOperation(KEY, 1), { input: '' });
  await node.look(KEY);
  t.match(JSON.parse((await at.transfer())?.order ?? ''), { URL: 'http://ours.example/b1', FileSize: 7 });
});

t.test('one that is not what was promised, and one that does not come', async (t) => {
  for (const [kind, status] of [
    ['invalid', 'ValidationFailed'],
    ['failed', 'DownloadFailed'],
  ] as const) {
    const at = await FirmwareAtHand.open(t);
    await at.begin();
    await at.node().look(KEY);
    at.fetches[0]?.come({ kind, why: 'because' });
    await at.until(async () => (await at.ended()).length > 0);
    t.same([await at.bank(), await at.ended()], [`1 runs, ${status}`, ['7022 the image was not taken: because']]);
  }
});

t.test('what was in the bank before goes', async (t) => {
  const at = await FirmwareAtHand.open(t);
  for (const blob of ['b1', 'b2']) {
    await at.begin();
    await at.node().look(KEY);
    at.fetches.at(-1)?.come({ kind: 'stored', blob });
    await at.until(async () => (await at.bank()).endsWith(blob));
  }
  t.same(at.left, ['b1']);
});

t.test('nobody begins what another node fetches; one that is gone for long is replaced', async (t) => {
  const at = await FirmwareAtHand.open(t);
  await at.begin();
  await at.node().look(KEY);
  await at.node().look(KEY);
  t.equal(at.fetches.length, 1);
  at.now = START + 20_000;
  at.timers[0]?.();
  await at.until(async () => ((await at.record()).operations[0]?.dueAt ?? 0) > START + 30_000);
  at.now = START + 40_000;
  await at.node().look(KEY);
  t.equal(at.fetches.length, 1, 'it has said that it lives');
  at.now = START + 51_000;
  await at.node().look(KEY);
  t.equal(at.fetches.length, 2);
  at.fetches[0]?.come({ kind: 'stored', blob: 'late' });
  await at.until(() => at.left.includes('late'));
  at.fetches[1]?.come(stored);
  await at.until(async () => (await at.ended()).length > 0);
  t.equal(await at.bank(), '1 runs, Available b1');
});

t.test('after three nodes that died it is given up', async (t) => {
  const at = await FirmwareAtHand.open(t);
  await at.begin();
  for (let tries = 0; tries < 4; tries += 1) {
    await at.node().look(KEY);
    at.now += 31_000;
  }
  t.equal(at.fetches.length, 3);
  t.match(await at.ended(), [/^7022 .*3 times/]);
  t.equal(await at.bank(), '1 runs, DownloadFailed');
});

t.test('a node that fetches as many as it may is asked again', async (t) => {
  const at = await FirmwareAtHand.open(t);
  await at.begin();
  const node = at.node();
  for (let times = 1; times <= 5; times += 1) {
    await node.look(KEY);
    at.fetches.at(-1)?.come({ kind: 'busy' });
    await at.until(async () => (await at.record()).operations[0]?.detail.includes('"tries":0') === true);
    at.now += 5000;
  }
  t.same([at.fetches.length, await at.ended()], [5, []]);
});

t.test('cancelled: it is broken off, and nothing is left', async (t) => {
  const at = await FirmwareAtHand.open(t);
  await at.begin();
  const node = at.node();
  await node.look(KEY);
  const [operation] = (await at.record()).operations;
  if (operation === undefined) throw new Error('nothing runs');
  await node.cancel(KEY, operation);
  t.ok(at.fetches[0]?.order.signal.aborted);
  t.same([await at.bank(), await at.ended()], ['1 runs, NoImage', ['7023 the command was cancelled']]);
});
