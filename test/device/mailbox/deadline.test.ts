import t from 'tap';
import type { Change } from '../../../proxy/device/access.ts';
import { answerNothing, done, KEY, openRoom, until } from '../room-at-hand.ts';

const VALUE = { Name: 'Device.Time.NTPServer1', Value: 'new', Type: 'xsd:string' };
export const change: Change<'SetParameterValues'> = {
  method: 'SetParameterValues',
  request: (ParameterKey) => ({ ParameterList: [VALUE], ParameterKey }),
  snapshot: { kind: 'values', before: [[VALUE.Name, 'old']], set: [[VALUE.Name, 'new']] },
};

t.test('a request that nobody could serve expires at its deadline, with the reason, and never runs', async (t) => {
  const at = await openRoom(t);
  await at.introduce();
  const submitted = await at.submit();
  at.clock.advance(29_999);
  t.ok(await at.room.expire(KEY), 'to be looked at again');
  t.same(at.told, []);
  at.clock.advance(1);
  t.equal(await at.room.expire(KEY), undefined, 'nothing is left to look at');
  t.match(at.told, [
    { returnPath: 'path', answer: 'expired: the device did not come (a Connection Request is still under way)' },
  ]);
  let ran = false;
  at.runs(async () => {
    ran = true;
    return done();
  });
  const { session } = await at.session();
  await until(() => session.idle, 'held with nothing to do');
  t.equal(ran, false);
  if (submitted.kind !== 'queued') return;
  t.match(await at.store.mailbox.readRequest(KEY, submitted.id), { state: 'expired' });
});

t.test('a read that is not answered by the deadline ends expired; what follows waits for the link', async (t) => {
  const at = await openRoom(t);
  await at.introduce();
  at.runs(async (_entry, access) => {
    await access.read('GetParameterValues', { ParameterNames: ['Device.X'] });
    return done();
  });
  await at.submit();
  const { rpcs } = await at.session((method, request) =>
    method === 'GetParameterValues' ? undefined : answerNothing(method, request),
  );
  await until(() => rpcs.length === 1, 'the read is out');
  at.clock.advance(30_000);
  await until(() => at.told.length === 1, 'an answer');
  t.match(at.told, [{ answer: 'expired: the CPE did not answer in time' }]);
  t.equal((await at.record()).waiting, 0);
});

t.test('no changing step begins after the deadline', async (t) => {
  const at = await openRoom(t);
  await at.introduce();
  at.runs(async (_entry, access) => {
    at.clock.advance(30_000);
    await access.change(change);
    return done();
  });
  await at.submit();
  const { rpcs } = await at.session();
  await until(() => at.told.length === 1, 'an answer');
  t.match(at.told, [{ answer: /^expired/ }]);
  t.notOk(rpcs.some(({ method }) => method === 'SetParameterValues'));
});

t.test('once it changes something it has request.max, and past that no step is sent: unknown', async (t) => {
  const at = await openRoom(t);
  await at.introduce();
  at.runs(async (_entry, access) => {
    await access.change(change);
    at.clock.advance(60_000);
    await access.change(change);
    at.clock.advance(60_000);
    await access.change(change);
    return done();
  });
  await at.submit();
  const { rpcs } = await at.session((method, request) =>
    method === 'SetParameterValues' ? { kind: 'response', value: { Status: 0 } } : answerNothing(method, request),
  );
  await until(() => at.told.length === 1, 'an answer');
  t.match(at.told, [{ answer: /^unknown/ }]);
  t.equal(
    rpcs.filter(({ method }) => method === 'SetParameterValues').length,
    2,
    'past the deadline, not past the max',
  );
});

t.test('more steps than a key can name end the request, and the mailbox goes on', async (t) => {
  const at = await openRoom(t);
  await at.introduce();
  at.runs(async ({ payload }, access) => {
    if (payload === 'many') for (;;) await access.change(change);
    return done(payload);
  });
  await at.submit({ payload: 'many' });
  await at.submit({ payload: 'next' });
  await at.session((method, request) =>
    method === 'SetParameterValues' ? { kind: 'response', value: { Status: 0 } } : answerNothing(method, request),
  );
  await until(() => at.told.length === 2, 'both answers');
  t.match(at.told, [{ answer: 'unknown: more than 99 changing steps' }, { answer: 'next' }]);
});
