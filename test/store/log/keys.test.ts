import fc from 'fast-check';
import t from 'tap';
import { open } from './fixture.ts';

t.test('listing pages in byte order', async (t) => {
  const log = await open(t, t.testdir());
  const put = (...keys: string[]): void => log.commit(keys.map((key) => ({ key, value: 'v' })));
  put('b/2', 'a', 'b/10', 'b', 'b/1', 'c', 'b0', 'B');
  t.same(log.keys(''), ['B', 'a', 'b', 'b/1', 'b/10', 'b/2', 'b0', 'c']);
  t.same(log.keys('b/'), ['b/1', 'b/10', 'b/2']);
  t.same(log.keys('b/', 'b/1'), ['b/10', 'b/2'], 'after is left out');
  t.same(log.keys('b/', 'b/11'), ['b/2'], 'after need not be there');
  t.same(log.keys('b/', 'a'), ['b/1', 'b/10', 'b/2'], 'after may lie before the prefix');
  t.same(log.keys('b/', 'c'), [], 'or behind it');
  t.same(log.keys('b/', undefined, 2), ['b/1', 'b/10']);
  t.same(log.keys('b/', undefined, 0), []);
  t.same(log.keys('x'), []);
  put('b/15');
  log.commit([{ key: 'b/1', value: undefined }]);
  t.same(log.keys('b/'), ['b/10', 'b/15', 'b/2'], 'and follows what changes');
});

t.test('order and completeness hold under any insertions and removals', async (t) => {
  const log = await open(t, t.testdir());
  const key = fc.stringMatching(/^[a-c\u00e9\uffee]{1,6}$/);
  const expected = new Set<string>();
  log.keys('');
  const utf8 = (keys: Iterable<string>): string[] =>
    [...keys].sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
  fc.assert(
    fc.property(fc.array(fc.tuple(key, fc.boolean()), { maxLength: 200 }), key, (changes, prefix) => {
      for (const [key, adds] of changes) {
        log.commit([{ key, value: adds ? 'v' : undefined }]);
        if (adds) expected.add(key);
        else expected.delete(key);
      }
      t.strictSame(log.keys(''), utf8(expected));
      t.strictSame(log.keys(prefix), utf8([...expected].filter((key) => key.startsWith(prefix))));
    }),
    { numRuns: 30 },
  );
});

t.test('thousands of keys, added one by one and removed again', async (t) => {
  const log = await open(t, t.testdir());
  t.same(log.keys(''), []);
  const names = Array.from({ length: 5000 }, (_, i) => `k${((i * 7919) % 5000).toString().padStart(4, '0')}`);
  for (const key of names) log.commit([{ key, value: 'v' }]);
  const sorted = [...names].sort();
  t.strictSame(log.keys(''), sorted);
  const paged: string[] = [];
  for (let page = log.keys('k', undefined, 700); page.length > 0; page = log.keys('k', page.at(-1), 700)) {
    paged.push(...page);
  }
  t.strictSame(paged, sorted);
  for (const key of names) log.commit([{ key, value: undefined }]);
  t.same(log.keys(''), []);
});
