// What reading CPEs of a model teaches, and what a CPE fell over.
import type { Test } from 'tap';
import type { Lesson } from '../../../proxy/store/catalogue-steps.ts';
import type { LostRpc } from '../../../proxy/store/device-steps.ts';
import { claim, claimed, giveUp, KEY, read, START } from './samples.ts';
import type { OpenStore } from './subject.ts';

const MODEL = '02C0DE\nRouter {x}\n1.0 ü%';
const DAY_MS = 86_400_000;
const NOTHING: Lesson = { borne: 0, tooLarge: undefined, bad: [], good: [] };
const tooLarge = (failed: number): Lesson => ({ ...NOTHING, tooLarge: { failed, bore: failed >> 1 } });
const lost = (change: Partial<LostRpc> = {}): LostRpc => ({
  method: 'GetParameterValues',
  signature: 'signature-1',
  request: 'r1',
  names: 64,
  at: START,
  ...change,
});
const BOOT = { boot: true, endsQuiet: true, eventCodes: ['1 BOOT'] } as const;

export function lessonContract(t: Test, openStore: OpenStore): void {
  t.test('of batch sizes the smallest counts, for seven days', async (t) => {
    const { store, clock, reopen } = await openStore(t);
    const { catalogues } = store;
    t.same(await catalogues.modelLessons(MODEL), { borne: 0, readBatch: undefined, badNames: new Map() });
    t.match(await catalogues.learn(MODEL, tooLarge(64)), { readBatch: 32 });
    t.match(await catalogues.learn(MODEL, tooLarge(20)), { readBatch: 10 });
    clock.now = START + 5 * DAY_MS;
    t.match(await catalogues.learn(MODEL, tooLarge(64)), { readBatch: 10 }, 'a larger one renews nothing');
    t.match(await catalogues.learn(MODEL, tooLarge(3)), { readBatch: 1 });
    t.match(await catalogues.modelLessons('other'), { readBatch: undefined });
    clock.now = START + 12 * DAY_MS - 1;
    const again = await reopen();
    t.match(await again.catalogues.modelLessons(MODEL), { readBatch: 1 });
    clock.now += 1;
    t.match(await again.catalogues.modelLessons(MODEL), { readBatch: undefined });
  });

  t.test('what was borne is not too large', async (t) => {
    const { store, clock } = await openStore(t);
    const { catalogues } = store;
    t.match(await catalogues.learn(MODEL, { ...NOTHING, borne: 40 }), { borne: 40 });
    t.match(await catalogues.learn(MODEL, { ...NOTHING, borne: 10 }), { borne: 40 });
    t.match(await catalogues.learn(MODEL, tooLarge(40)), { readBatch: undefined });
    t.match(await catalogues.learn(MODEL, tooLarge(41)), { readBatch: 20 });
    clock.now = START + 7 * DAY_MS;
    t.match(await catalogues.learn(MODEL, tooLarge(40)), { borne: 0, readBatch: 20 }, 'and that is forgotten too');
  });

  t.test('bad names are counted, acquitted, and forgotten, each by itself', async (t) => {
    const { store, clock, reopen } = await openStore(t);
    const { catalogues } = store;
    await catalogues.learn(MODEL, { ...NOTHING, bad: ['Device.A', 'Device.{i}.ü'] });
    clock.now = START + DAY_MS;
    const both = await catalogues.learn(MODEL, { ...NOTHING, bad: ['Device.A'] });
    t.same(
      [...both.badNames],
      [
        ['Device.{i}.ü', { times: 1, at: START }],
        ['Device.A', { times: 2, at: START + DAY_MS }],
      ],
    );
    clock.now = START + 7 * DAY_MS;
    const again = await reopen();
    t.same([...(await again.catalogues.modelLessons(MODEL)).badNames.keys()], ['Device.A']);
    t.same((await again.catalogues.learn(MODEL, { ...NOTHING, good: ['Device.A'] })).badNames, new Map());
  });

  t.test('256 bad names are kept, the ones told last', async (t) => {
    const { store } = await openStore(t);
    const bad = Array.from({ length: 300 }, (_, n) => `Device.P${n}`);
    const { badNames } = await store.catalogues.learn(MODEL, { ...NOTHING, bad: [...bad, 'x'.repeat(257)] });
    t.same([badNames.size, badNames.has('Device.P43'), badNames.has('Device.P44')], [256, false, true]);
  });

  t.test('lessons learnt at once are all learnt', async (t) => {
    const { store } = await openStore(t);
    const names = ['a', 'b', 'c', 'd'];
    await Promise.all(names.map((name) => store.catalogues.learn(MODEL, { ...tooLarge(64), bad: [name] })));
    const { badNames, readBatch } = await store.catalogues.modelLessons(MODEL);
    t.same([[...badNames.keys()].sort(), readBatch], [names, 32]);
  });

  t.test(
    'an RPC in flight at a BOOT is counted by what it asks and for whom; at another Inform it is not',
    async (t) => {
      const { store, reopen } = await openStore(t);
      t.equal((await claim(store)).trouble, undefined);
      const first = await claimed(store);
      t.equal(await store.devices.saveLostRpc(KEY, first, lost()), 'done');
      t.same((await read(store)).trouble, { lost: lost(), loops: [], lostRead: { names: 64, at: START } });
      await store.devices.release(KEY, first, giveUp({ force: true }));
      const again = await reopen();
      const booted = await claim(again, { ...BOOT, at: START + 7 });
      t.same(booted.trouble?.loops, [
        { subject: 'signature-1', method: 'GetParameterValues', boots: 1, at: START + 7 },
        { subject: 'r1', method: 'GetParameterValues', boots: 1, at: START + 7 },
      ]);
      t.same(booted.trouble?.lost, undefined);
      await again.devices.saveLostRpc(KEY, booted.epoch, lost({ request: undefined, names: 0 }));
      const came = await claim(again, { at: START + 8 });
      t.match(came.trouble, { lost: undefined, loops: [{ boots: 1 }, { boots: 1 }] });
      await again.devices.saveLostRpc(KEY, came.epoch, lost({ request: undefined, names: 0 }));
      const second = await claim(again, { ...BOOT, digest: 'd2', at: START + 9 });
      t.same(
        second.trouble?.loops.map(({ subject, boots }) => [subject, boots]),
        [
          ['r1', 1],
          ['signature-1', 2],
        ],
      );
      t.same(second.trouble?.lostRead, { names: 64, at: START });
      t.equal(await again.devices.endLoop(KEY, second.epoch, 'signature-1'), 'done');
      t.same(
        (await read(again)).trouble?.loops.map(({ subject }) => subject),
        ['r1'],
      );
      t.equal(await again.devices.endLoop(KEY, first, 'r1'), 'stale');
    },
  );

  t.test('a BOOT that comes before the loss is noticed counts at once; later ones do not', async (t) => {
    const { store } = await openStore(t);
    const first = await claimed(store);
    const booted = await claim(store, { ...BOOT, at: START + 5 });
    t.equal(await store.devices.saveLostRpc(KEY, first, lost()), 'counted');
    const { trouble, version } = await read(store);
    t.match(trouble, { lost: undefined, loops: [{ boots: 1, at: START + 5 }, { boots: 1 }] });
    t.ok(version > booted.version, 'its owner reads it again');
    await claim(store, { at: START + 6 });
    t.equal(await store.devices.saveLostRpc(KEY, first, lost()), 'stale');
    t.equal(await store.devices.saveLostRpc(KEY, booted.epoch, lost({ signature: 's2' })), 'counted');
    t.equal((await read(store)).trouble?.loops.length, 2, 'the next Inform told no BOOT');
  });

  t.test('a BOOT that is retried is the same boot', async (t) => {
    const { store } = await openStore(t);
    const booted = await claim(store, { ...BOOT });
    await store.devices.saveLostRpc(KEY, booted.epoch, lost());
    const retried = await claim(store, { ...BOOT, digest: 'd2', retryCount: 1, at: START + 7 });
    t.same(retried.trouble?.loops, []);
  });

  t.test('with other software, and after a day, it begins anew; eight are kept', async (t) => {
    const { store } = await openStore(t);
    let { epoch } = await claim(store);
    let at = START;
    const boots = async (signature: string): Promise<readonly (readonly [string, number])[]> => {
      await store.devices.saveLostRpc(KEY, epoch, lost({ signature, request: undefined, at }));
      at += 1;
      const record = await claim(store, { ...BOOT, digest: String(at), at });
      ({ epoch } = record);
      return record.trouble?.loops.map((loop) => [loop.subject, loop.boots] as const) ?? [];
    };
    t.same(await boots('a'), [['a', 1]]);
    at += DAY_MS;
    t.same(await boots('a'), [['a', 1]]);
    for (const other of 'bcdefghi') await boots(other);
    t.same(
      (await read(store)).trouble?.loops.map(({ subject }) => subject),
      Array.from('bcdefghi'),
    );
    const { facts } = await read(store);
    const updated = await claim(store, { at: at + 1, facts: { ...facts, SoftwareVersion: '2.0' } });
    t.equal(updated.trouble, undefined);
  });
}
