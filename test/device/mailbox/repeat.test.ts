import t from 'tap';
import { done, openRoom, until } from '../room-at-hand.ts';

const origin = { from_id: 'proto::c1', to_id: 'ops::02C0DE-Router-1', msg_id: 'm1' };

t.test('a repeat of an unanswered request is not run, and takes over the return path', async (t) => {
  const at = await openRoom(t);
  await at.introduce();
  const first = await at.submit({ origin, returnPath: 'old socket' });
  const repeat = await at.submit({ origin, returnPath: 'new socket' });
  t.equal(repeat.kind, 'joined');
  if (first.kind !== 'queued' || repeat.kind !== 'joined') return;
  t.equal(repeat.id, first.id);
  let runs = 0;
  at.runs(async () => {
    runs += 1;
    return done();
  });
  const { session } = await at.session();
  await until(() => at.told.length === 1 && session.idle, 'one answer');
  t.same(at.told, [{ id: first.id, returnPath: 'new socket', answer: 'done' }]);
  t.equal(runs, 1);
});

t.test('another Controller, Agent or msg_id is another request', async (t) => {
  const at = await openRoom(t);
  await at.introduce();
  await at.submit({ origin });
  t.equal((await at.submit({ origin: { ...origin, from_id: 'proto::c2' } })).kind, 'queued');
  t.equal((await at.submit({ origin: { ...origin, msg_id: 'm2' } })).kind, 'queued');
});

t.test('after the answer the same msg_id is a new request', async (t) => {
  const at = await openRoom(t);
  const { session } = await at.session();
  await until(() => session.idle, 'held');
  await at.submit({ origin });
  await until(() => at.told.length === 1, 'the first answer');
  t.equal((await at.submit({ origin })).kind, 'queued');
  await until(() => at.told.length === 2, 'the second answer');
});
