import t from 'tap';
import { deferred } from '../../../proxy/operate/deferred.ts';
import { done, openRoom, until } from '../room-at-hand.ts';

t.test('what waits is run one at a time, in the order in which it came', async (t) => {
  const at = await openRoom(t);
  await at.introduce();
  const ids: string[] = [];
  for (let count = 0; count < 4; count += 1) {
    const submitted = await at.submit();
    if (submitted.kind === 'queued') ids.push(submitted.id);
  }
  const begun: string[] = [];
  let running = 0;
  at.runs(async ({ id }) => {
    begun.push(id);
    running += 1;
    t.equal(running, 1, 'alone on the link');
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    return done(id);
  });
  await at.session();
  await until(() => at.told.length === 4, 'four answers');
  t.same(begun, ids);
  t.same(
    at.told.map(({ answer }) => answer),
    ids,
  );
});

t.test('a full mailbox refuses with a reason, and takes again when there is room', async (t) => {
  const at = await openRoom(t);
  await at.introduce();
  for (let count = 0; count < 4; count += 1) t.equal((await at.submit()).kind, 'queued');
  t.same(await at.submit(), { kind: 'refused', reason: 'full' });
  t.ok(at.counted.includes('request_refused full'));
  await at.session();
  await until(() => at.told.length === 4, 'four answers');
  t.equal((await at.submit()).kind, 'queued');
});

t.test('of a device that is not known nothing is taken', async (t) => {
  const at = await openRoom(t);
  t.same(await at.submit(), { kind: 'refused', reason: 'unknown-device' });
});

t.test('a request to a held CPE starts at once, and one that comes meanwhile follows it', async (t) => {
  const at = await openRoom(t);
  const { session } = await at.session();
  await until(() => session.idle, 'held');
  const gate = deferred<undefined>();
  at.runs(async ({ payload }) => {
    if (payload === 'first') await gate.promise;
    return done(payload);
  });
  await at.submit({ payload: 'first' });
  await at.submit({ payload: 'second' });
  gate.resolve(undefined);
  await until(() => at.told.length === 2, 'both answers');
  t.same(
    at.told.map(({ answer }) => answer),
    ['first', 'second'],
  );
  t.equal(at.calls, 0, 'nobody was called');
});

t.test('a runner that throws fails its own request and nothing else', async (t) => {
  const at = await openRoom(t);
  await at.introduce();
  await at.submit({ payload: 'bad' });
  await at.submit({ payload: 'good' });
  at.runs(async ({ payload }) => {
    if (payload === 'bad') throw new TypeError('a bug');
    return done(payload);
  });
  await at.session();
  await until(() => at.told.length === 2, 'both answers');
  t.same(
    at.told.map(({ answer }) => answer),
    ['failed: internal error', 'good'],
  );
  t.ok(at.counted.includes('failure run'));
});

t.test('an entry of a kind that nobody knows is failed, not left', async (t) => {
  const at = await openRoom(t);
  await at.introduce();
  await at.submit({ kind: 'unknown' });
  await at.session();
  await until(() => at.counted.includes('request failed'), 'an outcome');
  t.equal((await at.record()).waiting, 0);
});
