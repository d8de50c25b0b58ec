import t from 'tap';
import type { Change } from '../../../proxy/device/access.ts';
import { keyOfStep } from '../../../proxy/device/journal/keys.ts';
import type { CpeMethodName } from '../../../proxy/rpc/methods.ts';
import {
  type Answering,
  answerNothing,
  arrival,
  done,
  informedValues,
  openRoom,
  type RoomAtHand,
  until,
} from '../room-at-hand.ts';

const change = (value: string, before: string): Change<'SetParameterValues'> => ({
  method: 'SetParameterValues',
  request: (ParameterKey) => ({
    ParameterList: [{ Name: 'Device.A', Value: value, Type: 'xsd:string' }],
    ParameterKey,
  }),
  snapshot: { kind: 'values', before: [['Device.A', before]], set: [['Device.A', value]] },
});

/** A CPE that answers sets, loses the answer of the second, and has the value that a test says. */
const cpe =
  (value: () => string, lose: (count: number) => boolean): Answering =>
  (method, request) => {
    if (method === 'SetParameterValues') {
      sets += 1;
      return lose(sets)
        ? { kind: 'lost', written: true, reason: 'closed' }
        : { kind: 'response', value: { Status: 0 } };
    }
    if (method === 'GetParameterValues') {
      const ParameterList = [{ Name: 'Device.A', Value: value(), Type: 'xsd:string' }];
      return { kind: 'response', value: { ParameterList } };
    }
    return answerNothing(method, request);
  };
let sets = 0;

/** A request of two steps whose second answer was lost; resolves with its id. */
async function cutOff(at: RoomAtHand, informing = {}): Promise<string> {
  sets = 0;
  await at.introduce(informing);
  at.runs(async (_entry, access) => {
    const first = await access.change(change('1', '0'));
    const second = await access.change(change('2', '1'));
    return done(`${first.kind} ${second.kind}`);
  });
  const submitted = await at.submit();
  const session = await at.session(
    cpe(
      () => '1',
      (count) => count === 2,
    ),
    informing,
  );
  await session.over;
  t.same(at.told, [], 'nothing is told while it is not known');
  return submitted.kind === 'queued' ? submitted.id : '';
}

const sent = (rpcs: readonly { readonly method: CpeMethodName }[]): number =>
  rpcs.filter(({ method }) => method === 'SetParameterValues').length;

t.test('the key of the lost step in the next Inform: its request ends well, and no step is sent again', async (t) => {
  const at = await openRoom(t);
  const id = await cutOff(at);
  const session = await at.session(
    cpe(
      () => '2',
      () => false,
    ),
    { ParameterList: informedValues(keyOfStep(id, 2)) },
  );
  await until(() => at.told.length === 1, 'an answer');
  t.match(at.told, [{ answer: 'response response' }]);
  t.equal(sent(session.rpcs), 0);
});

t.test('the key of before, on a CPE that reports our keys: only the lost step is sent again', async (t) => {
  const at = await openRoom(t);
  const before = { ParameterList: informedValues(keyOfStep('ABCDEFGHIJKLMNOPQRST', 1)) };
  await cutOff(at, before);
  const session = await at.session(
    cpe(
      () => '1',
      () => false,
    ),
    before,
  );
  await until(() => at.told.length === 1, 'an answer');
  t.match(at.told, [{ answer: 'response response' }]);
  t.equal(sent(session.rpcs), 1);
});

t.test('no key to go by: the values prove that it was executed', async (t) => {
  const at = await openRoom(t);
  await cutOff(at);
  const session = await at.session(
    cpe(
      () => '2',
      () => false,
    ),
  );
  await until(() => at.told.length === 1, 'an answer');
  t.match(at.told, [{ answer: 'response response' }]);
  t.equal(sent(session.rpcs), 0);
});

t.test('no proof at all: the outcome is unknown, and nothing is sent again', async (t) => {
  const at = await openRoom(t);
  await cutOff(at);
  const session = await at.session(
    cpe(
      () => 'of somebody else',
      () => false,
    ),
  );
  await until(() => at.told.length === 1, 'an answer');
  t.match(at.told, [{ answer: /^unknown: / }]);
  t.equal(sent(session.rpcs), 0);
});

t.test('an outcome unknown by request.max is settled by the next session for the model only', async (t) => {
  const at = await openRoom(t);
  await cutOff(at);
  at.clock.advance(120_001);
  await at.room.expire((await at.record()).key);
  t.match(at.told, [{ answer: /^unknown: / }]);
  t.ok((await at.record()).inDoubt, 'the step is in doubt');
  const session = await at.session(
    cpe(
      () => '2',
      () => false,
    ),
  );
  await until(async () => (await at.record()).inDoubt === undefined, 'settled');
  t.equal(sent(session.rpcs), 0);
  t.equal(at.told.length, 1, 'the outcome stands');
});

t.test('a request that has become another one is not continued', async (t) => {
  const at = await openRoom(t);
  await cutOff(at);
  at.runs(async (_entry, access) => {
    await access.change(change('something else', '0'));
    return done();
  });
  const session = await at.session(
    cpe(
      () => '1',
      () => false,
    ),
  );
  await until(() => at.told.length === 1, 'an answer');
  t.match(at.told, [{ answer: /^unknown: the device has changed/ }]);
  t.equal(sent(session.rpcs), 0);
});

t.test('watched values that a resumed step changed are raised, though their answer was lost', async (t) => {
  const at = await openRoom(t);
  const id = await cutOff(at);
  const verdict = await at.room.inform(arrival({ ParameterList: informedValues(keyOfStep(id, 2)) }));
  if (verdict.kind !== 'accepted') return;
  const watch = { 'Device.A': { value: '0', notification: 0, before: 0, subscriptions: [1] } };
  const { key, epoch } = verdict.session;
  await at.store.devices.saveLedger(key, epoch, JSON.stringify({ v: 1, watch }));
  await verdict.session.ended({ reason: 'done', heldMs: undefined });
  await at.session(
    cpe(
      () => '2',
      () => false,
    ),
    { ParameterList: informedValues(keyOfStep(id, 2)) },
  );
  await until(() => at.told.length === 1, 'an answer');
  const values = (await at.record()).pendingEvents.filter(({ kind }) => kind === 'values').map(({ body }) => body);
  t.match(values, [/"Device\.A","2"/]);
});

t.test('the key of the step before it, in the same request: it was not executed, and is sent again', async (t) => {
  const at = await openRoom(t);
  const ours = { ParameterList: informedValues(keyOfStep('ABCDEFGHIJKLMNOPQRST', 1)) };
  const id = await cutOff(at, ours);
  const session = await at.session(
    cpe(
      () => 'of somebody else',
      () => false,
    ),
    { ParameterList: informedValues(keyOfStep(id, 1)) },
  );
  await until(() => at.told.length === 1, 'an answer');
  t.match(at.told, [{ answer: 'response response' }], 'the key tells, whatever the value looks like');
  t.equal(sent(session.rpcs), 1);
});

t.test('an Inform without a ParameterKey proves nothing', async (t) => {
  const at = await openRoom(t);
  const ours = { ParameterList: informedValues(keyOfStep('ABCDEFGHIJKLMNOPQRST', 1)) };
  await cutOff(at, ours);
  const session = await at.session(
    cpe(
      () => '2',
      () => false,
    ),
    { ParameterList: ours.ParameterList.filter(({ Name }) => !Name.endsWith('ParameterKey')) },
  );
  await until(() => at.told.length === 1, 'an answer');
  t.match(at.told, [{ answer: 'response response' }]);
  t.equal(sent(session.rpcs), 0, 'its value shows that it was executed');
});

t.test('a CPE that was reset meanwhile: nothing of the request goes on', async (t) => {
  const at = await openRoom(t);
  await cutOff(at, { ParameterList: informedValues(keyOfStep('ABCDEFGHIJKLMNOPQRST', 1)) });
  const session = await at.session(
    cpe(
      () => '1',
      () => false,
    ),
    { ParameterList: informedValues(''), Event: [{ EventCode: '0 BOOTSTRAP', CommandKey: '' }] },
  );
  await until(() => at.told.length === 1, 'an answer');
  t.match(at.told, [{ answer: /^unknown: the device was reset/ }]);
  t.equal(sent(session.rpcs), 0);
});
