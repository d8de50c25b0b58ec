import t from 'tap';
import { deferred } from '../../../proxy/operate/deferred.ts';
import { done, KEY, openRoom, until } from '../room-at-hand.ts';

t.test('the first outcome wins, and only it is told', async (t) => {
  const at = await openRoom(t);
  const { session } = await at.session();
  await until(() => session.idle, 'held');
  const gate = deferred<undefined>();
  const begun = deferred<string>();
  at.runs(async ({ id }) => {
    begun.resolve(id);
    await gate.promise;
    return done('too late');
  });
  await at.submit();
  const id = await begun.promise;
  const outcome = { state: 'cancelled', at: at.clock.now(), error: 'by its Controller', answer: '' } as const;
  t.match(await at.store.mailbox.settle(KEY, undefined, id, { outcome }), { kind: 'first' });
  gate.resolve(undefined);
  await until(() => session.idle, 'the run is over');
  t.same(at.told, [], 'the runner came second');
  t.match(await at.store.mailbox.readRequest(KEY, id), { state: 'cancelled', outcome: { error: 'by its Controller' } });
});

t.test('what a live owner runs is not ended by due work', async (t) => {
  const at = await openRoom(t);
  const { session } = await at.session();
  await until(() => session.idle, 'held');
  const gate = deferred<undefined>();
  const begun = deferred<string>();
  at.runs(async ({ id }) => {
    begun.resolve(id);
    await gate.promise;
    return done('in the end');
  });
  await at.submit();
  await begun.promise;
  at.clock.advance(31_000);
  t.ok(await at.room.expire(KEY), 'it is looked at again');
  t.same(at.told, []);
  gate.resolve(undefined);
  await until(() => at.told.length === 1, 'an answer');
  t.match(at.told, [{ answer: 'in the end' }]);
});

t.test(
  'a request that only reads goes back to the mailbox when the CPE hangs up, and is answered by the next session',
  async (t) => {
    const at = await openRoom(t);
    await at.introduce();
    at.runs(async (_entry, access) => {
      const answer = await access.read('GetRPCMethods', {});
      return done(answer.kind);
    });
    await at.submit();
    const first = await at.session(() => undefined);
    await until(() => first.rpcs.length === 1, 'asked');
    await first.hangUp();
    t.same(at.told, []);
    t.equal((await at.record()).waiting, 1);
    await at.session(() => ({ kind: 'response', value: { MethodList: [] } }));
    await until(() => at.told.length === 1, 'an answer');
    t.match(at.told, [{ answer: 'response' }]);
  },
);
