import t from 'tap';
import { targetOf } from '../../proxy/mtp/target.ts';

t.test('what a request target names', async (t) => {
  const agent = 'ops::02C0DE-Set%20Top-A%2D7';
  t.same(targetOf('/usp'), { agent: undefined, query: '' });
  t.same(targetOf('/usp/?eid=a%2Fb'), { agent: undefined, query: 'eid=a%2Fb' }, 'the query is not decoded');
  const names = [
    agent,
    'ops::02C0DE-Set%2520Top-A%252D7',
    encodeURIComponent(agent),
    '02C0DE-Set%20Top-A%2D7',
    '02C0DE-Set%2520Top-A%252D7',
  ];
  for (const name of names) t.same(targetOf(`/usp/${name}?q?r`), { agent, query: 'q?r' }, name);
  const uuid = 'uuid::374258e6-b054-4b2d-af6f-cdea6356c2f6';
  t.equal(targetOf(`/usp/${uuid}`)?.agent, uuid);
  for (const other of [
    '',
    '/',
    '/usp2',
    '/USP',
    '//usp',
    '/usp/a/b',
    '/usp/%zz',
    '/usp/a b',
    `/usp/${'x'.repeat(51)}`,
  ]) {
    t.equal(targetOf(other), undefined, other);
  }
});
