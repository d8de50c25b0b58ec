// What a boot wants read of the CPE: one GetParameterValues before anything is derived, and never at the price of the boot.
import t from 'tap';
import type { NamedValue } from '../../proxy/device/ledger.ts';
import { type Answering, answerNothing, arrival, KEY, openRoom, type RoomAtHand, until } from './room-at-hand.ts';
import type { Test } from 'tap';

const BOOT = { Event: [{ EventCode: '1 BOOT', CommandKey: '' }] };
const WANTED = ['Device.Time.NTPServer1', 'Device.WiFi.SSID.1.SSID'];
const READ: readonly NamedValue[] = [
  ['Device.Time.NTPServer1', 'ntp.example'],
  ['Device.WiFi.SSID.1.SSID', 'home'],
];

interface Scene {
  readonly at: RoomAtHand;
  /** What each derivation was given. */
  readonly derived: (readonly NamedValue[] | undefined)[];
}

async function scene(t: Test, names: readonly string[] = WANTED): Promise<Scene> {
  const derived: (readonly NamedValue[] | undefined)[] = [];
  const at = await openRoom(t, {
    behaviour: { park: 'never' },
    settings: { readBatch: 2 },
    bootReads: async ({ pendingEvents }) => (pendingEvents.some(({ boot }) => boot !== undefined) ? names : []),
    derive: async (_record, _template, read) => {
      derived.push(read);
      return { rows: [], ledger: undefined, local: undefined, arm: 'no' };
    },
  });
  return { at, derived };
}

const answers: Answering = (method, request) =>
  method === 'GetParameterValues'
    ? { kind: 'response', value: { ParameterList: READ.map(([Name, Value]) => ({ Name, Value, Type: 'xsd:string' })) } }
    : answerNothing(method, request);

t.test('it is read once, before all else, and given to the derivation', async (t) => {
  const { at, derived } = await scene(t, [...WANTED, 'Device.One.Too.Many']);
  const session = await at.session(answers, BOOT);
  await session.over;
  t.match(session.rpcs[0], { method: 'GetParameterValues', request: { ParameterNames: WANTED } });
  t.equal(session.rpcs.filter(({ method }) => method === 'GetParameterValues').length, 1);
  t.same(derived, [READ]);
  t.same((await at.record()).pendingEvents, []);
});

t.test('an Inform without a boot reads nothing', async (t) => {
  const { at, derived } = await scene(t);
  const session = await at.session(answers);
  await session.over;
  t.equal(session.rpcs.filter(({ method }) => method === 'GetParameterValues').length, 0);
  t.same(derived, [[]]);
});

t.test('what the CPE does not say is left out, and the boot is told', async (t) => {
  const fault: Answering = (method, request) =>
    method === 'GetParameterValues'
      ? { kind: 'fault', fault: { FaultCode: 9005, FaultString: '', SetParameterValuesFault: [] } }
      : answerNothing(method, request);
  const lost: Answering = () => ({ kind: 'lost', written: true, reason: 'closed' });
  for (const [name, answering] of [
    ['a fault', fault],
    ['a lost answer', lost],
  ] as const) {
    const { at, derived } = await scene(t);
    await (
      await at.session(answering, BOOT)
    ).over;
    t.same(derived, [[]], name);
    t.same((await at.record()).pendingEvents, [], name);
  }
});

t.test('a CPE that does not answer is waited for ten seconds', async (t) => {
  const { at, derived } = await scene(t);
  const session = await at.session(() => undefined, BOOT);
  await until(() => session.rpcs.length > 0, 'asked');
  at.clock.advance(9999);
  t.same(derived, []);
  at.clock.advance(1);
  await until(() => derived.length > 0, 'told');
  t.same(derived, [[]]);
  await session.hangUp();
});

t.test('a session that ends before it can be asked tells the boot', async (t) => {
  const { at, derived } = await scene(t);
  const verdict = await at.room.inform(arrival(BOOT));
  if (verdict.kind !== 'accepted') throw new Error(verdict.reason);
  await at.room.deriveLeft(KEY);
  t.same(derived, [], 'until then it waits for the CPE');
  await verdict.session.ended({ reason: 'closed', heldMs: undefined });
  t.same(derived, [[]]);
  t.same((await at.record()).pendingEvents, []);
});

t.test('a boot that announces a report waits for it', async (t) => {
  const { at, derived } = await scene(t, []);
  const Event = ['1 BOOT', '7 TRANSFER COMPLETE'].map((EventCode) => ({ EventCode, CommandKey: '' }));
  const verdict = await at.room.inform(arrival({ Event }));
  if (verdict.kind !== 'accepted') throw new Error(verdict.reason);
  const FaultStruct = { FaultCode: 0, FaultString: '' };
  const complete = { CommandKey: 'theirs', FaultStruct, StartTime: '', CompleteTime: '' };
  t.equal(await verdict.session.report('TransferComplete', complete), 'done');
  t.same(derived, [], 'acknowledged, and not told before the CPE has said all');
  t.equal((await at.record()).pendingEvents.length, 2);
  await verdict.session.ended({ reason: 'done', heldMs: undefined });
  t.same(derived, [[]], 'both together');
  t.same((await at.record()).pendingEvents, []);
});
