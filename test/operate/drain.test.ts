import t from 'tap';
import { drain } from '../../proxy/operate/drain.ts';
import { createLog } from '../../proxy/operate/log.ts';

const silent = createLog('silent');
const BUDGET = 10_000;
const hangs = (): Promise<void> => new Promise(() => undefined);

t.test('steps run in order, each after the one before', async (t) => {
  const ran: string[] = [];
  const step = (name: string) => ({ name, limitMs: 1000, run: async () => void ran.push(name) });
  t.same(await drain([step('a'), step('b'), step('c')], BUDGET, silent), []);
  t.same(ran, ['a', 'b', 'c']);
});

t.test('a step that hangs or fails is named and left behind: the stop is bounded', async (t) => {
  const ran: string[] = [];
  const steps = [
    { name: 'hangs', limitMs: 20, run: hangs },
    { name: 'fails', limitMs: 1000, run: () => Promise.reject(new Error('no')) },
    {
      name: 'late failure',
      limitMs: 1,
      run: () => new Promise<void>((_, reject) => setTimeout(() => reject(new Error('late')), 20)),
    },
    { name: 'last', limitMs: 1000, run: async () => void ran.push('last') },
  ];
  t.same(await drain(steps, BUDGET, silent), ['hangs', 'fails', 'late failure']);
  t.same(ran, ['last']);
});

t.test('however many steps hang, the stop keeps to its budget, and each has its share of it', async (t) => {
  const given: number[] = [];
  const limits = (run: () => Promise<void>) => (limitMs: number) => {
    given.push(limitMs);
    return run();
  };
  const began = performance.now();
  const unfinished = await drain(
    [
      { name: 'quick', limitMs: 1000, run: limits(async () => undefined) },
      { name: 'hangs', limitMs: 1000, run: limits(hangs) },
      { name: 'hangs too', limitMs: 1000, run: limits(hangs) },
      { name: 'little', limitMs: 5, run: limits(hangs) },
      { name: 'last', limitMs: 1000, run: limits(async () => undefined) },
    ],
    400,
    silent,
  );
  t.same(unfinished, ['hangs', 'hangs too', 'little']);
  t.ok(performance.now() - began < 1000);
  const [quick = 0, first = 0, , little, last = 0] = given;
  t.equal(quick, 80, 'a fifth');
  t.ok(first > 80 && first <= 100, 'what a quick step leaves goes to the others');
  t.equal(little, 5, 'its own limit is the smaller one');
  t.ok(last > 0 && last < 400, 'none is left out');
});
