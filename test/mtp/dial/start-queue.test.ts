// Whose turn it is to dial: no storm on one place, no place in the way of another.
import t from 'tap';
import { StartQueue } from '../../../proxy/mtp/dial/start-queue.ts';
import { handClock } from './hand-clock.ts';

/** So many dials to a place, all wanted at once; what has begun is over at once. */
function scene(handshakes = 1_000_000) {
  const clock = handClock();
  const queue = new StartQueue(clock, { handshakes });
  const begun: { readonly place: string; readonly at: number; readonly end: () => void }[] = [];
  const dial = (place: string, count: number, endsAtOnce = true): void => {
    const dials = Array.from({ length: count }, () => ({}));
    dials.forEach(() => queue.join(place));
    for (const who of dials) {
      queue.enter(place, who, () => {
        const end = (): void => queue.done(place, who);
        begun.push({ place, at: clock.now(), end });
        if (endsAtOnce) end();
      });
    }
  };
  return { clock, queue, begun, dial };
}

/** The most in any second, begun whenever. */
function mostInASecond(times: readonly number[]): number {
  return Math.max(...times.map((start) => times.filter((time) => time >= start && time < start + 1000).length));
}

t.test('of 5,000 dials no second has more than 5 %, and the last is not late', async (t) => {
  const { clock, begun, dial } = scene();
  dial('controller.example:443', 5000);
  clock.advance(40_000);
  const times = begun.map(({ at }) => at);
  t.equal(times.length, 5000);
  t.ok(mostInASecond(times) <= 250, `${mostInASecond(times)} in one second`);
  t.ok((times.at(-1) ?? Infinity) <= 34_000, `the last after ${times.at(-1)} ms`);
});

t.test('a timer that comes late does not let all go that it has missed', async (t) => {
  const { clock, begun, dial } = scene();
  dial('controller.example:443', 5000);
  clock.advance(1000);
  const before = begun.length;
  // The process stood still for five seconds.
  clock.jump(5000);
  clock.advance(0);
  t.ok(begun.length - before <= 25, `${begun.length - before} at once`);
});

t.test('a few begin at once, and do not wait for many elsewhere', async (t) => {
  const { clock, begun, dial } = scene();
  dial('large.example:443', 5000);
  dial('small.example:443', 5);
  clock.advance(500);
  t.equal(begun.filter(({ place }) => place === 'small.example:443').length, 5);
});

t.test('a place that answers nobody holds a quarter of the handshakes', async (t) => {
  const { clock, begun, dial } = scene(8);
  dial('silent.example:443', 100, false);
  clock.advance(5000);
  t.equal(begun.length, 2);
  dial('good.example:443', 10);
  clock.advance(5000);
  t.equal(begun.filter(({ place }) => place === 'good.example:443').length, 10);
  begun[0]?.end();
  clock.advance(1000);
  t.equal(begun.filter(({ place }) => place === 'silent.example:443').length, 3, 'its end lets the next begin');
});

t.test('who leaves the queue does not begin', async (t) => {
  const { clock, queue, begun } = scene();
  const stays: string[] = [];
  for (const who of [{ name: 'a' }, { name: 'b' }, { name: 'c' }, { name: 'd' }]) {
    queue.join('x:1');
    queue.enter('x:1', who, () => void stays.push(who.name));
    if (who.name === 'd') queue.done('x:1', who);
  }
  clock.advance(5000);
  t.same(stays, ['a', 'b', 'c']);
  t.same(begun, []);
});
