import t from 'tap';
import { Turns } from '../../../proxy/store/redis/turns.ts';

t.test('runs under one name follow each other, however they end; others do not wait', async (t) => {
  const turns = new Turns();
  const order: string[] = [];
  const run = (name: string, what: string, fails = false): Promise<void> =>
    turns.take(name, async () => {
      order.push(`${what} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(`${what} ends`);
      if (fails) throw new Error(what);
    });
  const results = await Promise.allSettled([run('a', 'a1', true), run('a', 'a2'), run('b', 'b1'), run('a', 'a3')]);
  t.same(
    results.map(({ status }) => status),
    ['rejected', 'fulfilled', 'fulfilled', 'fulfilled'],
  );
  t.same(
    order.filter((one) => one.startsWith('a')),
    ['a1 begins', 'a1 ends', 'a2 begins', 'a2 ends', 'a3 begins', 'a3 ends'],
  );
  t.ok(order.indexOf('b1 begins') < order.indexOf('a1 ends'));
  await run('a', 'a4');
  t.equal(order.at(-1), 'a4 ends', 'and again when all is over');
});
