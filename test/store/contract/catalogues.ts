// Catalogues of models, and what all CPEs of a model teach about holds.
import type { Test } from 'tap';
import { START } from './samples.ts';
import type { OpenStore } from './subject.ts';

const MODEL = '02C0DE\nRouter {x}\n1.0 ü%';
const DAY_MS = 86_400_000;

export function catalogueContract(t: Test, openStore: OpenStore): void {
  t.test('a catalogue is found under its hash, and never changes', async (t) => {
    const { store, reopen } = await openStore(t);
    const { catalogues } = store;
    t.equal(await catalogues.readCatalogue('h1'), undefined);
    await catalogues.saveCatalogue('h1', 'names\nand types ü');
    await catalogues.saveCatalogue('h1', 'something else');
    await catalogues.saveCatalogue('h2', '');
    const again = await reopen();
    t.equal(await again.catalogues.readCatalogue('h1'), 'names\nand types ü');
    t.equal(await again.catalogues.readCatalogue('h2'), '');
  });

  t.test('a model’s newest catalogue is compared and set', async (t) => {
    const { store, reopen } = await openStore(t);
    const { catalogues } = store;
    t.equal(await catalogues.currentCatalogue(MODEL), undefined);
    t.equal(await catalogues.setCurrentCatalogue(MODEL, 'h0', 'h1'), 'conflict');
    t.equal(await catalogues.setCurrentCatalogue(MODEL, undefined, 'h1'), 'changed');
    t.equal(await catalogues.setCurrentCatalogue(MODEL, undefined, 'h2'), 'conflict');
    t.equal(await catalogues.setCurrentCatalogue(MODEL, 'h1', 'h2'), 'changed');
    t.equal(await catalogues.currentCatalogue(MODEL), 'h2');
    t.equal(await catalogues.currentCatalogue(`${MODEL}.1`), undefined);
    const both = await Promise.all(['a', 'b'].map((hash) => catalogues.setCurrentCatalogue(MODEL, 'h2', hash)));
    t.same([...both].sort(), ['changed', 'conflict']);
    t.match(await (await reopen()).catalogues.currentCatalogue(MODEL), /^[ab]$/);
  });

  t.test('holds are counted by model and day', async (t) => {
    const { store, reopen } = await openStore(t);
    const { catalogues } = store;
    const day = '2023-11-14';
    t.same(await catalogues.countHolds(MODEL, day, 0, []), { holds: 0, hangUps: {}, devices: [] });
    t.same(await catalogues.countHolds(MODEL, day, 3, []), { holds: 3, hangUps: {}, devices: [] });
    const hangUps = [
      { device: 'a', heldMs: 12_400 },
      { device: 'b', heldMs: 11_500 },
      { device: 'a', heldMs: 20_000 },
    ];
    const counted = { holds: 6, hangUps: { '12': 2, '20': 1 }, devices: ['a', 'b'] };
    t.same(await catalogues.countHolds(MODEL, day, 3, hangUps), counted);
    t.same(await catalogues.countHolds(MODEL, '2023-11-15', 0, []), { holds: 0, hangUps: {}, devices: [] });
    t.same(await catalogues.countHolds('other', day, 0, []), { holds: 0, hangUps: {}, devices: [] });
    t.same(await (await reopen()).catalogues.countHolds(MODEL, day, 0, []), counted);
  });

  t.test('sixteen devices are told apart; more hang-ups are still counted', async (t) => {
    const { store } = await openStore(t);
    const hangUps = Array.from({ length: 20 }, (_, n) => ({ device: `d${n}`, heldMs: 1000 }));
    const counts = await store.catalogues.countHolds(MODEL, '2023-11-14', 20, hangUps);
    t.same([counts.devices.length, counts.devices[0], counts.hangUps['1']], [16, 'd0', 20]);
  });

  t.test('counts are forgotten seven days after the last one', async (t) => {
    const { store, clock } = await openStore(t);
    const count = (holds: number): Promise<number> =>
      store.catalogues.countHolds(MODEL, '2023-11-14', holds, []).then((counts) => counts.holds);
    await count(1);
    clock.now = START + 6 * DAY_MS;
    t.equal(await count(1), 2);
    clock.now = START + 13 * DAY_MS - 1;
    t.equal(await count(0), 2, 'reading does not renew');
    clock.now += 1;
    t.equal(await count(0), 0);
    t.equal(await count(5), 5);
  });

  t.test('of a model’s hold the shortest counts, for seven days after it was saved', async (t) => {
    const { store, clock, reopen } = await openStore(t);
    const { catalogues } = store;
    t.equal(await catalogues.modelHold(MODEL), undefined);
    t.equal(await catalogues.saveModelHold(MODEL, 20_000), 20_000);
    t.equal(await catalogues.saveModelHold(MODEL, 10_000), 10_000);
    clock.now = START + 5 * DAY_MS;
    t.equal(await catalogues.saveModelHold(MODEL, 15_000), 10_000);
    t.equal(await catalogues.modelHold('other'), undefined);
    clock.now = START + 12 * DAY_MS - 1;
    const again = await reopen();
    t.equal(await again.catalogues.modelHold(MODEL), 10_000);
    clock.now += 1;
    t.equal(await again.catalogues.modelHold(MODEL), undefined);
    t.equal(await again.catalogues.saveModelHold(MODEL, 15_000), 15_000, 'then a longer one can be learnt');
  });

  t.test('of two holds saved at once the shorter stays', async (t) => {
    const { store } = await openStore(t);
    await Promise.all([10_000, 20_000].map((holdMs) => store.catalogues.saveModelHold(MODEL, holdMs)));
    t.equal(await store.catalogues.modelHold(MODEL), 10_000);
  });
}
