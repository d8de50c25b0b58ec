// An RPC that a CPE reboots over is not sent for ever.
import t, { type Test } from 'tap';
import { settingOf } from './changes.ts';
import {
  type Answering,
  answerNothing,
  done,
  informedValues,
  openRoom,
  type RoomAtHand,
  type SessionAtHand,
} from './room-at-hand.ts';

const BOOT = { Event: [{ EventCode: '1 BOOT', CommandKey: '' }] };
const DAY_MS = 86_400_000;
const DEADLY = { ParameterNames: ['Device.Deadly'] };
const isDeadly = (request: unknown): boolean => JSON.stringify(request).includes('Device.Deadly');

/** A CPE that loses its power over every RPC about one parameter, and answers others. */
const deadly: Answering = (method, request) =>
  isDeadly(request)
    ? { kind: 'lost', written: true, reason: 'closed' }
    : method === 'SetParameterValues'
      ? { kind: 'response', value: { Status: 0 } }
      : answerNothing(method, request);

const asked = ({ rpcs }: SessionAtHand): number => rpcs.filter(({ request }) => isDeadly(request)).length;

async function room(t: Test): Promise<RoomAtHand> {
  const at = await openRoom(t, { behaviour: { park: 'never' } });
  await (
    await at.session()
  ).over;
  at.runs(async (_entry, access) => done((await access.read('GetParameterValues', DEADLY)).kind));
  return at;
}
/** A session to its end; resolves with how often the deadly question was asked in it. */
async function session(at: RoomAtHand, answering: Answering, informing = {}): Promise<number> {
  const next = await at.session(answering, informing);
  await next.over;
  return asked(next);
}

t.test('a read that was in flight at two BOOTs is not put back a third time', async (t) => {
  const at = await room(t);
  await at.submit();
  t.equal(await session(at, deadly), 1);
  t.equal(await session(at, deadly, BOOT), 1);
  t.equal(at.told.length, 0);
  t.equal(await session(at, deadly, BOOT), 0);
  t.match(at.told, [{ answer: /^failed: reboot-loop: .*2 times.*GetParameterValues/ }]);
  t.equal((await at.record()).waiting, 0);
  t.ok(at.counted.includes('failure reboot-loop'));
  t.ok(at.counted.includes('request failed'));
});

t.test('nor is it sent for another request, until the software is another or a day is over', async (t) => {
  const at = await room(t);
  await at.submit();
  for (const informing of [{}, BOOT, BOOT]) await session(at, deadly, informing);
  await at.submit();
  t.equal(await session(at, deadly), 0);
  t.match(at.told[1], { answer: /^failed: reboot-loop/ });
  await at.submit();
  const ParameterList = informedValues('', '2.0');
  t.equal(await session(at, deadly, { ParameterList }), 1);
  for (const informing of [BOOT, BOOT]) await session(at, deadly, { ...informing, ParameterList });
  t.match(at.told[2], { answer: /^failed: reboot-loop/ });
  at.clock.advance(DAY_MS);
  await at.submit();
  t.equal(await session(at, answerNothing, { ParameterList }), 1);
  t.match(at.told[3], { answer: 'response' });
});

t.test('other requests are served meanwhile', async (t) => {
  const at = await room(t);
  await at.submit();
  for (const informing of [{}, BOOT, BOOT]) await session(at, deadly, informing);
  at.runs(async (_entry, access) => {
    const answer = await access.read('GetParameterValues', { ParameterNames: ['Device.Harmless'] });
    return done(answer.kind);
  });
  await at.submit();
  await session(at, deadly);
  t.match(at.told[1], { answer: 'response' });
});

t.test('a CPE that comes back without BOOT is asked again and again', async (t) => {
  const at = await room(t);
  await at.submit();
  for (let round = 0; round < 4; round += 1) t.equal(await session(at, deadly), 1);
  t.equal(at.told.length, 0);
});

t.test('two power cuts with an answer between them are no loop', async (t) => {
  const at = await room(t);
  for (let round = 0; round < 3; round += 1) {
    await at.submit();
    t.equal(await session(at, deadly), 1);
    t.equal(await session(at, answerNothing, BOOT), 1);
    t.match(at.told[round], { answer: 'response' });
  }
});

t.test('a BOOT that overtakes the loss of the link counts as well', async (t) => {
  const at = await room(t);
  await at.submit();
  const silent: Answering = (method, request) => (isDeadly(request) ? undefined : answerNothing(method, request));
  let before = await at.session(silent);
  for (const told of [0, 1]) {
    while (asked(before) === 0) await new Promise((resolve) => setImmediate(resolve));
    const next = await at.session(silent, BOOT);
    await before.hangUp('displaced');
    at.room.ring((await at.record()).key);
    if (told === 1) await next.over;
    t.equal(at.told.length, told);
    before = next;
  }
  t.match(at.told, [{ answer: /^failed: reboot-loop/ }]);
});

t.test('a request whose every RPC makes the CPE boot fails as well, whatever it asks', async (t) => {
  const at = await room(t);
  let round = 0;
  at.runs(async (_entry, access) => {
    round += 1;
    const answer = await access.read('GetParameterValues', { ParameterNames: [`Device.Deadly${round}`] });
    return done(answer.kind);
  });
  await at.submit();
  for (const informing of [{}, BOOT, BOOT]) await session(at, deadly, informing);
  t.equal(round, 2);
  t.match(at.told, [{ answer: /^failed: reboot-loop/ }]);
});

t.test(
  'a change that is refused for it is told to the runner as a fault, so that it can undo the others',
  async (t) => {
    const at = await room(t);
    at.runs(async (_entry, access) => {
      await access.change(settingOf('Device.Harmless', '1'));
      const answer = await access.change(settingOf('Device.Deadly', '1'));
      await access.change(settingOf('Device.Harmless', '0'));
      return { state: 'failed', error: answer.kind === 'fault' ? answer.fault.FaultString : answer.kind, answer: '' };
    });
    const reads: Answering = (method, request) =>
      method === 'GetParameterValues'
        ? {
            kind: 'response',
            value: { ParameterList: [{ Name: 'Device.Deadly', Value: '0', Type: 'xsd:string' }] },
          }
        : deadly(method, request);
    const submitted = await at.submit();
    for (const informing of [{}, BOOT]) await session(at, reads, informing);
    const last = await at.session(reads, BOOT);
    await last.over;
    t.equal(last.rpcs.filter(({ method, request }) => method === 'SetParameterValues' && isDeadly(request)).length, 0);
    if (submitted.kind !== 'queued') return;
    t.match(await at.store.mailbox.readRequest((await at.record()).key, submitted.id), {
      state: 'failed',
      outcome: { error: /^reboot-loop: .*SetParameterValues/ },
    });
  },
);

t.test('a CPE that reboots over its whole tree is walked', async (t) => {
  const at = await openRoom(t, { behaviour: { park: 'never' } });
  const fragile: Answering = (method, request) =>
    method === 'GetParameterNames' && !(request as { readonly NextLevel: boolean }).NextLevel
      ? { kind: 'lost', written: true, reason: 'closed' }
      : answerNothing(method, request);
  const namesAsked = async (informing = {}): Promise<readonly unknown[]> => {
    const { rpcs, over } = await at.session(fragile, informing);
    await over;
    return rpcs.filter(({ method }) => method === 'GetParameterNames').map(({ request }) => request);
  };
  const whole = { ParameterPath: 'Device.', NextLevel: false };
  t.same(await namesAsked(), [whole]);
  t.same(await namesAsked(BOOT), [whole]);
  t.equal((await at.record()).tree, undefined);
  t.same(await namesAsked(BOOT), [{ ParameterPath: 'Device.', NextLevel: true }]);
  t.match((await at.record()).tree, { SoftwareVersion: '1.0' });
});

t.test('a Reboot whose answer is lost is what was asked for', async (t) => {
  const at = await room(t);
  at.runs(async (_entry, access) => {
    await access.change({
      method: 'Reboot',
      request: (CommandKey) => ({ CommandKey }),
      snapshot: { kind: 'none' },
    });
    return done();
  });
  const reboots: Answering = (method, request) =>
    method === 'Reboot' ? { kind: 'lost', written: true, reason: 'closed' } : answerNothing(method, request);
  for (let round = 0; round < 3; round += 1) {
    await at.submit();
    const { rpcs, over } = await at.session(reboots);
    await over;
    t.ok(rpcs.some(({ method }) => method === 'Reboot'));
    await session(at, reboots, BOOT);
  }
  t.equal((await at.record()).trouble, undefined);
});
