// What a periodic session with nothing to do (saveInform, release) costs on each store, against the round trips to Redis
// that it cannot do without, in one run:
//   npm run -s build && node dist/test/bench/store.js
// Needs redis-server. Alone: one session after the other, the median. At once: 64 devices, sessions a second. Cold: each
// session on a device that this node does not know yet.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { systemRandomness } from '../../proxy/operate/clock.ts';
import { createEmbeddedStore } from '../../proxy/store/embedded/embedded.ts';
import { openLog } from '../../proxy/store/log/log.ts';
import { openRedisStore } from '../../proxy/store/redis/redis.ts';
import type { DeviceKey, Store } from '../../proxy/store/store.ts';
import { missingRedis, startRedis } from '../redis-server.ts';
import { giveUp, inform, keyOf } from '../store/contract/samples.ts';
import { median, table } from './measure.ts';

const ALONE = 2000;
const AT_ONCE = 64;
const EACH = 100;
const ROUNDS = 5;

interface Figures {
  /** Microseconds for one session, nothing else going on. */
  readonly alone: number;
  /** Sessions a second, of many devices at once. */
  readonly atOnce: number;
}

const keys = Array.from({ length: AT_ONCE }, (_, n) => keyOf(`bench-${n}`));

async function measure(session: (key: DeviceKey) => Promise<void>): Promise<Figures> {
  for (const key of keys) await session(key);
  const alone: number[] = [];
  for (let n = 0; n < ALONE; n += 1) {
    const began = performance.now();
    await session(keys[n % AT_ONCE] ?? keyOf());
    alone.push((performance.now() - began) * 1000);
  }
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const began = performance.now();
    await Promise.all(
      keys.map(async (key) => {
        for (let n = 0; n < EACH; n += 1) await session(key);
      }),
    );
    rates.push((AT_ONCE * EACH * 1000) / (performance.now() - began));
  }
  return { alone: median(alone), atOnce: median(rates) };
}

const sessionOn =
  (store: Store) =>
  async (key: DeviceKey): Promise<void> => {
    const saved = await store.devices.saveInform(inform({ key, at: Date.now() }));
    if (saved.kind !== 'saved') throw new Error(saved.kind);
    await store.devices.release(key, saved.record.epoch, giveUp({ eventsDone: Number.MAX_SAFE_INTEGER }));
  };

const ends: (() => unknown)[] = [];
const after = { teardown: (run: () => unknown) => void ends.unshift(run) };
const missing = missingRedis();
if (missing !== false) {
  console.error(missing);
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'causeway-bench-'));
after.teardown(() => rmSync(folder, { recursive: true, force: true }));
const embedded = createEmbeddedStore(await openLog({ folder, sync: 'none', clock: Date.now }), Date.now);
after.teardown(() => embedded.close());
const { url } = await startRedis(after);
const openRedis = async (): Promise<Store> => {
  const options = { url, timeoutMs: 10_000, now: Date.now, randomness: systemRandomness, onEvent: () => undefined };
  const store = await openRedisStore(options);
  after.teardown(() => store.close());
  return store;
};
const bare = new Redis(url, { protocol: 2 });
after.teardown(() => bare.quit());
const [one, other] = [sessionOn(await openRedis()), sessionOn(await openRedis())];

const floor = await measure(async () => {
  await bare.ping();
  await bare.ping();
});
const figures = {
  'two PINGs (floor)': floor,
  'Redis, warm': await measure(one),
  'Redis, cold (one session there, one here)': await measure(async (key) => {
    await other(key);
    await one(key);
  }),
  'embedded, on disk': await measure(sessionOn(embedded)),
};
table(
  ['', 'alone', '× floor', 'at once', '× floor'],
  Object.entries(figures).map(([name, { alone, atOnce }]) => {
    const sessions = name.includes('cold') ? 2 : 1;
    return [
      name,
      `${(alone / sessions).toFixed(0)} us`,
      (alone / sessions / floor.alone).toFixed(2),
      `${(atOnce * sessions).toFixed(0)}/s`,
      ((atOnce * sessions) / floor.atOnce).toFixed(2),
    ];
  }),
);
for (const end of ends) await end();
