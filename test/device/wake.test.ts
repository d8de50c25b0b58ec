import t from 'tap';
import type { WakeOutcome } from '../../proxy/device/settings.ts';
import { deferred } from '../../proxy/operate/deferred.ts';
import { answerNothing, done, KEY, openRoom, refusedCall, until } from './room-at-hand.ts';

const accepted: WakeOutcome = { accepted: true, retryable: true, outcome: 'accepted', detail: 'it comes', trace: [] };
const busy: WakeOutcome = { accepted: false, retryable: true, outcome: 'busy', detail: 'it says 503', trace: [] };

t.test('however many wait, one call is under way', async (t) => {
  const at = await openRoom(t);
  await at.introduce();
  await Promise.all([at.submit(), at.submit(), at.submit()]);
  await until(() => at.calls === 1, 'a call');
  await at.submit();
  await at.room.wakeIfWaiting(KEY);
  t.equal(at.calls, 1);
});

t.test('a reason that trying again cannot cure ends all that waits, with that reason', async (t) => {
  const at = await openRoom(t, { wake: () => Promise.resolve(refusedCall) });
  await at.introduce();
  await at.submit();
  await until(() => at.told.length === 1, 'an answer');
  t.match(at.told, [{ answer: 'failed: no-url: the CPE has never told where it listens' }]);
  t.match((await at.record()).wake, { outcome: 'no-url' });
});

t.test('a reason that may pass is tried again, with longer and longer pauses, while somebody waits', async (t) => {
  const at = await openRoom(t, { wake: () => Promise.resolve(busy) });
  await at.introduce();
  await at.submit();
  const kept = async (): Promise<boolean> => (await at.record()).wake?.at === at.clock.now();
  for (const [index, pause] of [2000, 4000, 8000, 15_000].entries()) {
    await until(async () => at.calls === index + 1 && (await kept()), `call ${index + 1}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
    at.clock.advance(pause - 1);
    t.equal(at.calls, index + 1, 'not before its time');
    at.clock.advance(1);
  }
  await until(() => at.calls === 5, 'the fifth call');
  at.clock.advance(1000);
  await at.room.expire(KEY);
  t.match(at.told, [{ answer: 'expired: the device did not come (busy: it says 503)' }]);
});

t.test('a CPE that comes by itself is not called again', async (t) => {
  const at = await openRoom(t, { wake: () => Promise.resolve(busy) });
  await at.introduce();
  await at.submit();
  await until(() => at.calls === 1, 'a call');
  await at.session();
  await until(() => at.told.length === 1, 'an answer');
  at.clock.advance(20_000);
  t.equal(at.calls, 1);
});

t.test('no lease is left by a call that was not made: the next request calls at once', async (t) => {
  const gate = deferred<WakeOutcome>();
  const at = await openRoom(t, { wake: () => gate.promise, behaviour: { park: 'never' } });
  await at.introduce();
  // The CPE comes while it is about to be called.
  const submitted = at.submit();
  const session = await at.session();
  await submitted;
  await session.over;
  gate.resolve(accepted);
  await until(() => at.told.length === 1, 'an answer');
  const before = at.calls;
  await at.submit();
  await until(() => at.calls > before, 'called for the next');
  t.equal(at.calls, before + 1);
});

t.test('a quiet CPE is not called: it is due when the quiet is over', async (t) => {
  const at = await openRoom(t);
  await at.introduce();
  const until0 = at.clock.now() + 90_000;
  at.runs(async (_entry, access) => {
    const method = 'Reboot';
    await access.change({
      method,
      request: (CommandKey) => ({ CommandKey }),
      snapshot: { kind: 'none' },
      quiet: { reason: 'reboot', until: until0 },
    });
    return done();
  });
  await at.submit();
  const session = await at.session((method, request) =>
    method === 'Reboot' ? { kind: 'response', value: {} } : answerNothing(method, request),
  );
  await session.over;
  const called = at.calls;
  await at.submit();
  t.equal(at.calls, called);
  t.ok(at.scheduled.some(({ kind, at: due }) => kind === 'wake' && due === until0));
  at.clock.advance(30_000);
  await at.room.expire(KEY);
  t.match(at.told.at(-1), { answer: /the device is rebooting and is not called before 2026-/ });
});

t.test('a diagnostic keeps the CPE from being held and called, until it reports', async (t) => {
  const at = await openRoom(t);
  await at.introduce();
  const ParameterList = [{ Name: 'Device.IP.Diagnostics.IPPing.DiagnosticsState', Value: 'Requested', Type: '' }];
  at.runs(async (_entry, access) => {
    await access.change({
      method: 'SetParameterValues',
      request: (ParameterKey) => ({ ParameterList, ParameterKey }),
      snapshot: { kind: 'none' },
    });
    return done();
  });
  await at.submit();
  const test = await at.session((method, request) =>
    method === 'SetParameterValues' ? { kind: 'response', value: { Status: 0 } } : answerNothing(method, request),
  );
  await test.over;
  t.match((await at.record()).quiet, { reason: 'diagnostic' });
  t.ok(at.counted.includes('park_end closing'));
  const called = at.calls;
  await (
    await at.session()
  ).over;
  t.ok(at.counted.includes('park_end quiet'), 'a periodic session meanwhile is not held');
  at.runs(async () => done());
  await at.submit();
  t.equal(at.calls, called, 'not called in vain');
  const Event = [{ EventCode: '8 DIAGNOSTICS COMPLETE', CommandKey: '' }];
  const { session } = await at.session(answerNothing, { Event });
  await until(() => session.idle, 'held again');
  t.equal((await at.record()).quiet, undefined);
});
