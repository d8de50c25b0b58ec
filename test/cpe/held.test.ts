// Held answers: the ACS keeps the session open, until it has something, or until the CPE has had enough.
import t from 'tap';
import { manualClock } from './clock.ts';
import { startPair } from './pair.ts';
import { acsEnvelope, forEver, getValues, type AcsReply } from './scripted-acs.ts';

t.test('a session stays open while its answer is held, and its own events wait', async (t) => {
  const { acs, cpe } = await startPair(t);
  let release: (reply: AcsReply) => void = () => undefined;
  const held = new Promise<AcsReply>((resolve) => (release = resolve));
  acs.intercept(({ method }) => (method === '' && acs.posts.length === 2 ? held : undefined));
  const waiting = cpe.waitFor('waiting-for-acs');
  cpe.inform('1 BOOT');
  await waiting;
  t.ok(cpe.inSession);
  cpe.inform('2 PERIODIC');
  const answered = cpe.waitFor('rpc');
  const [parked, next] = [cpe.nextSession(), cpe.waitFor('session-started')];
  const body = acsEnvelope(getValues('Device.Time.Enable'), 'late');
  release({ status: 200, headers: { 'Content-Type': 'text/xml; charset="utf-8"' }, body });
  t.equal((await answered).answer, 'GetParameterValuesResponse');
  t.ok((await parked).ok);
  t.same((await next).events, [{ code: '2 PERIODIC', commandKey: '' }]);
});

t.test('it gives up after its own limit, and comes back', async (t) => {
  const clock = manualClock();
  const { acs, cpe } = await startPair(t, { clock, timings: { heldLimit: 40_000 } });
  const held = new Promise<void>((resolve) => {
    acs.intercept(({ method }) => {
      if (method !== '' || acs.posts.length > 2) return undefined;
      resolve();
      return forEver;
    });
  });
  cpe.inform('1 BOOT');
  await held;
  clock.advance(39_999);
  t.ok(cpe.inSession);
  const [gaveUp, failed, planned] = [cpe.waitFor('held-given-up'), cpe.nextSession(), cpe.waitFor('retry-planned')];
  clock.advance(1);
  t.equal((await gaveUp).heldFor, 40_000);
  t.match(await failed, { ok: false, reason: /held its answer too long/ });
  const { wait } = await planned;
  const done = cpe.nextSession();
  clock.advance(wait);
  t.match(await done, { ok: true, retryCount: 1, events: [{ code: '1 BOOT' }] });
});

t.test('switched off while it waits', async (t) => {
  const { acs, cpe } = await startPair(t);
  acs.intercept(({ method }) => (method === '' ? forEver : undefined));
  const waiting = cpe.waitFor('waiting-for-acs');
  cpe.inform('1 BOOT');
  await waiting;
  const ended = cpe.nextSession();
  await cpe.stop();
  t.match(await ended, { ok: false, reason: 'stopped' });
  t.notOk(cpe.inSession);
});
