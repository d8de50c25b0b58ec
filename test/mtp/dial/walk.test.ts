// The walk over all devices: what no bell has told is found by it, and a change of the template at once.
import t, { type Test } from 'tap';
import { TargetWalk } from '../../../proxy/mtp/dial/walk.ts';
import { createLog } from '../../../proxy/operate/log.ts';
import { createMetrics } from '../../../proxy/operate/metrics.ts';
import { createEmbeddedStore } from '../../../proxy/store/embedded/embedded.ts';
import { openLog } from '../../../proxy/store/log/log.ts';
import type { Store } from '../../../proxy/store/store.ts';
import { TENANT } from '../../store/contract/samples.ts';
import { seedDevices } from './fleet.ts';
import { type HandClock, handClock } from './hand-clock.ts';

interface Scene {
  readonly store: Store;
  readonly clock: HandClock;
  readonly walk: TargetWalk;
  /** Template version and device of each that was seen, since the last time it was asked. */
  readonly take: () => readonly string[];
}

async function setScene(t: Test, devices: number, change: (store: Store) => Store = (store) => store): Promise<Scene> {
  const clock = handClock();
  const log = await openLog({ folder: t.testdir(), sync: 'none', clock: Date.now });
  const store = createEmbeddedStore(log, Date.now);
  await seedDevices(store, devices);
  let seen: string[] = [];
  const walk = new TargetWalk({
    store: change(store),
    clock,
    log: createLog('error', { write: () => undefined }),
    metrics: createMetrics(),
    tenants: [TENANT],
    seen: ({ key }, { version }) => void seen.push(`${version} ${key.device}`),
  });
  t.teardown(async () => {
    await walk.stop();
    await store.close();
  });
  return {
    store,
    clock,
    walk,
    take() {
      const taken = seen;
      seen = [];
      return taken;
    },
  };
}

/** Whatever the store and the walk have to do at this moment. */
async function settle(): Promise<void> {
  for (let turns = 0; turns < 50; turns += 1) await new Promise((resolve) => setImmediate(resolve));
}

t.test('page by page, each device once; and again after a rest', async (t) => {
  const { clock, walk, take } = await setScene(t, 1100);
  walk.start();
  await settle();
  t.equal(take().length, 500, 'a page');
  clock.advance(20);
  await settle();
  t.equal(take().length, 500);
  clock.advance(20);
  await settle();
  t.equal(take().length, 100);
  for (let looks = 0; looks < 59; looks += 1) {
    clock.advance(5000);
    await settle();
  }
  t.equal(take().length, 0, 'nothing has happened');
  clock.advance(5000);
  await settle();
  t.equal(take().length, 500, 'the slow walk begins');
  clock.advance(20);
  await settle();
  t.equal(take().length, 0, 'and takes its time');
  clock.advance(980);
  await settle();
  t.equal(take().length, 500);
});

t.test('a changed template, and a bell, are reasons to walk at once', async (t) => {
  const { store, clock, walk, take } = await setScene(t, 2);
  walk.start();
  await settle();
  t.equal(take().length, 2);
  const { version } = await store.tenants.readTemplate(TENANT);
  await store.tenants.changeTemplate(TENANT, version, 'other');
  clock.advance(5000);
  await settle();
  t.match(take(), [new RegExp(`^${version + 1} `), new RegExp(`^${version + 1} `)]);
  walk.again();
  await settle();
  t.equal(take().length, 2);
});

t.test('while the store is away nothing is seen, and all when it is back', async (t) => {
  let away = true;
  const { clock, walk, take } = await setScene(t, 2, (store) => ({
    ...store,
    devices: new Proxy(store.devices, {
      get: (steps, name: keyof Store['devices']) =>
        name === 'listDevices' && away ? () => Promise.reject(new Error('away')) : steps[name].bind(steps),
    }),
  }));
  walk.start();
  await settle();
  t.equal(take().length, 0);
  away = false;
  clock.advance(5000);
  await settle();
  t.equal(take().length, 2);
});
