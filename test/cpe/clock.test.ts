import t from 'tap';
import { manualClock, systemClock } from './clock.ts';
import { randomHex, seededRandom } from './random.ts';

t.test('a clock moved by hand runs what falls due, in order', async (t) => {
  const clock = manualClock(0);
  const seen: string[] = [];
  clock.after(20, () => seen.push(`b at ${clock.now()}`));
  clock.after(10, () => {
    seen.push(`a at ${clock.now()}`);
    clock.after(5, () => seen.push(`nested at ${clock.now()}`));
  });
  const cancel = clock.after(15, () => seen.push('cancelled'));
  cancel();
  t.equal(clock.untilNext(), 10);
  clock.advance(19);
  t.same(seen, ['a at 10', 'nested at 15']);
  clock.advance(1);
  t.same(seen.at(-1), 'b at 20');
  t.equal(clock.now(), 20);
  t.equal(clock.untilNext(), undefined);
});

t.test('the system clock', async (t) => {
  const before = systemClock.now();
  systemClock.after(1, () => t.fail('a cancelled timer must not fire'))();
  await new Promise<void>((resolve) => systemClock.after(2, resolve));
  t.ok(systemClock.now() >= before);
  const cancel = systemClock.after(2 ** 40, () => t.fail('more than setTimeout can hold must not fire at once'));
  await new Promise<void>((resolve) => systemClock.after(2, resolve));
  cancel();
});

t.test('random numbers repeat with their seed', async (t) => {
  const numbers = (seed: number): number[] => Array.from({ length: 5 }, seededRandom(seed));
  t.same(numbers(1), numbers(1));
  t.not(numbers(1)[0], numbers(2)[0]);
  t.ok(numbers(3).every((number) => number >= 0 && number < 1));
  t.match(randomHex(seededRandom(1), 12), /^[0-9a-f]{12}$/);
});
