// The log against a Map, under any sequence of commits, reads, listings, expiry, compaction, reopening and crashes.
import fc from 'fast-check';
import { join } from 'node:path';
import t from 'tap';
import { type Change, type Log, openLog } from '../../../proxy/store/log/log.ts';
import { crashCopy } from './fixture.ts';

interface Model {
  readonly values: Map<string, { readonly value: string; readonly expiresAt: number }>;
  readonly time: Time;
}
interface Real {
  readonly base: string;
  readonly time: Time;
  crashes: number;
  folder: string;
  log: Log;
}
interface Time {
  now: number;
}
type Step = fc.AsyncCommand<Model, Real>;

const alive = ({ values, time }: Model): Map<string, string> =>
  new Map([...values].filter(([, { expiresAt }]) => expiresAt > time.now).map(([key, { value }]) => [key, value]));

const openReal = (folder: string, time: Time): Promise<Log> =>
  openLog({ folder, sync: 'none', clock: () => time.now, segmentBytes: 4096, cacheBytes: 20_000 });

function mustEqual(actual: unknown, expected: unknown): void {
  const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (left !== right) throw new Error(`${left} instead of ${right}`);
}

function mustMatch(model: Model, log: Log): void {
  const expected = alive(model);
  mustEqual(log.keys(''), [...expected.keys()].sort());
  for (const [key, value] of expected) mustEqual(log.get(key)?.toString(), value);
}

const step = (name: string, run: (model: Model, real: Real) => Promise<void> | void): Step => ({
  check: () => true,
  run: async (model, real) => {
    await run(model, real);
    mustMatch(model, real.log);
  },
  toString: () => name,
});

const key = fc.constantFrom(...Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? `a/${i}` : `ü/${i}`)));
const value = fc
  .tuple(fc.string({ maxLength: 8 }), fc.nat({ max: 900 }))
  .map(([seed, length]) => seed.padEnd(length, seed));
const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ key, value }) },
  { weight: 2, arbitrary: fc.record({ key, value: fc.constant(undefined) }) },
  { weight: 2, arbitrary: fc.record({ key, value, expiresAt: fc.integer({ min: 1, max: 400 }) }) },
);

const commit = fc.tuple(fc.array(change, { maxLength: 6 }), fc.boolean()).map(([batch, flushes]) =>
  step(`commit ${JSON.stringify(batch)}${flushes ? ' and flush' : ''}`, async (model, real) => {
    real.log.commit(batch);
    for (const { key, value, ...rest } of batch) {
      if (value === undefined) model.values.delete(key);
      else
        model.values.set(key, { value: String(value), expiresAt: ('expiresAt' in rest && rest.expiresAt) || Infinity });
    }
    if (flushes) await real.log.flushed();
  }),
);
const read = key.map((key) =>
  step(`read ${key}`, (model, { log }) => {
    mustEqual(log.get(key)?.toString(), alive(model).get(key));
    mustEqual(log.has(key), alive(model).has(key));
  }),
);
const list = fc
  .tuple(fc.constantFrom('', 'a', 'a/', 'ü'), fc.option(key), fc.nat({ max: 5 }))
  .map(([prefix, after, limit]) =>
    step(`list ${prefix} after ${after} limit ${limit}`, (model, { log }) => {
      const keys = [...alive(model).keys()].sort().filter((key) => key.startsWith(prefix) && key > (after ?? ''));
      mustEqual(log.keys(prefix, after ?? undefined, limit), keys.slice(0, limit));
    }),
  );
const wait = fc.integer({ min: 1, max: 60 }).map((passes) =>
  step(`wait ${passes}`, ({ time }) => {
    time.now += passes;
  }),
);
const compact = fc.boolean().map((waits) =>
  step(`compact${waits ? '' : ' meanwhile'}`, async (_, { log }) => {
    const compacted = log.compact();
    if (waits) await compacted;
    else compacted.catch(() => undefined);
  }),
);
const reopen = fc.constant(
  step('reopen', async (_, real) => {
    await real.log.close();
    real.log = await openReal(real.folder, real.time);
  }),
);
const crash = fc.constant(
  step('crash', async (_, real) => {
    await real.log.flushed();
    const folder = crashCopy(real.folder, join(real.base, `${real.crashes++}`));
    await real.log.close();
    real.folder = folder;
    real.log = await openReal(folder, real.time);
  }),
);

t.test('behaves like a Map', async (t) => {
  const folder = t.testdir();
  let runs = 0;
  const steps = fc.commands([commit, commit, commit, commit, read, list, wait, compact, reopen, crash], {
    maxCommands: 60,
  });
  const behaves = fc.asyncProperty(steps, async (commands) => {
    const base = join(folder, `run-${runs++}`);
    const time = { now: 1 };
    const first = join(base, 'first');
    const real: Real = { base, time, crashes: 0, folder: first, log: await openReal(first, time) };
    try {
      await fc.asyncModelRun(() => ({ model: { values: new Map(), time }, real }), commands);
    } finally {
      await real.log.close();
    }
  });
  await fc.assert(behaves, { numRuns: 150, interruptAfterTimeLimit: 2500 });
  t.ok(runs > 0, `${runs} runs`);
});
