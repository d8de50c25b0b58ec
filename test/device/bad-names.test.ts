// Names that CPEs of a model do not have: they must not spoil what is read together with them, nor ever a true answer.
import t, { type Test } from 'tap';
import { readValues } from '../../proxy/device/read-values.ts';
import type { DeviceKey } from '../../proxy/store/store.ts';
import { type Answering, answerNothing, done, KEY, openRoom, type RoomAtHand, until } from './room-at-hand.ts';

const MODEL = '02C0DE\nRouter\n1.0';
const DAY_MS = 86_400_000;
const NAMES = Array.from({ length: 8 }, (_, index) => `Device.P${index}`);
/** Listed in the tree, and nowhere else: rows of a table. */
const ROW = 'Device.T.1.Bad';

interface Cpe {
  readonly answering: Answering;
  /** The names of each read that was asked since the last look. */
  take(): readonly (readonly string[])[];
}

/** A CPE that lists `listed` and refuses every read with a name in `bad`. */
function cpe(bad: ReadonlySet<string>, listed: readonly string[], refuses: 'fault' | 'silence' = 'fault'): Cpe {
  const asked: (readonly string[])[] = [];
  return {
    answering: (method, request) => {
      if (method === 'GetParameterNames') {
        return {
          kind: 'response',
          value: { ParameterList: listed.map((Name) => ({ Name, Writable: false })) },
        };
      }
      if (method !== 'GetParameterValues') return answerNothing(method, request);
      const names = (request as { readonly ParameterNames: readonly string[] }).ParameterNames;
      asked.push(names);
      if (refuses === 'fault' && names.some((name) => bad.has(name))) {
        return { kind: 'fault', fault: { FaultCode: 9005, FaultString: '', SetParameterValuesFault: [] } };
      }
      const there = names.filter((name) => !bad.has(name));
      return {
        kind: 'response',
        value: { ParameterList: there.map((Name) => ({ Name, Value: '1', Type: 'xsd:string' })) },
      };
    },
    take: () => asked.splice(0),
  };
}

const identity = (SerialNumber: string) => ({
  DeviceId: { Manufacturer: 'Example', OUI: '02C0DE', ProductClass: 'Router', SerialNumber },
});

/** Reads `names` on a device in a session of its own; resolves with the missing ones. */
async function read(at: RoomAtHand, device: string, { answering }: Cpe, names = NAMES): Promise<readonly string[]> {
  let missing: readonly string[] = [];
  at.runs(async (_entry, access) => {
    await access.tree();
    missing = [...(await readValues(access, names)).missing];
    return done();
  });
  const key: DeviceKey = { ...KEY, device: `02C0DE-Router-${device}` };
  if ((await at.store.devices.readDevice(key)) === undefined)
    await (
      await at.session(answering, identity(device))
    ).over;
  await at.room.submit(key, { kind: 'usp', payload: '', origin: undefined, returnPath: '' });
  await (
    await at.session(answering, identity(device))
  ).over;
  return missing;
}

const timesOf = async (at: RoomAtHand, general: string): Promise<number> =>
  (await at.store.catalogues.modelLessons(MODEL)).badNames.get(general)?.times ?? 0;
const room = (t: Test): Promise<RoomAtHand> => openRoom(t, { behaviour: { park: 'never' } });

/** Two devices have said that they do not have the name. */
async function taught(at: RoomAtHand, bad: string, listed: readonly string[], names = NAMES): Promise<void> {
  for (const [index, device] of ['1', '2'].entries()) {
    await read(at, device, cpe(new Set([bad]), listed), names);
    await until(async () => (await timesOf(at, bad.replace(/\.\d+\./g, '.{i}.'))) === index + 1, 'kept');
  }
}

for (const refuses of ['fault', 'silence'] as const) {
  t.test(
    `a name refused by ${refuses}: once it spoils the batch, then it is asked by itself, then not at all`,
    async (t) => {
      const at = await room(t);
      const one = cpe(new Set(['Device.P3']), NAMES, refuses);
      t.same(await read(at, '1', one), ['Device.P3']);
      await until(async () => (await timesOf(at, 'Device.P3')) === 1, 'kept');
      t.same(await read(at, '1', one), ['Device.P3'], 'once is not enough');
      await until(async () => (await timesOf(at, 'Device.P3')) === 2, 'kept');
      one.take();
      t.same(await read(at, '1', one), ['Device.P3']);
      const others = NAMES.filter((name) => name !== 'Device.P3');
      t.same(one.take(), [others], 'this very device has said so');
      const other = cpe(new Set(['Device.P3']), NAMES, refuses);
      t.same(await read(at, '2', other), ['Device.P3']);
      t.same(other.take(), [others, ['Device.P3']], 'another one has not, and is asked where it spoils nothing');
      t.same(await read(at, '2', other), ['Device.P3']);
      t.same(other.take(), [others]);
    },
  );
}

t.test('a device of the model that has the parameter is never told otherwise, and acquits it', async (t) => {
  const at = await room(t);
  await taught(at, 'Device.P3', NAMES);
  const able = cpe(new Set(), NAMES);
  t.same(await read(at, '3', able), []);
  t.same(able.take().at(-1), ['Device.P3']);
  await until(async () => (await timesOf(at, 'Device.P3')) === 0, 'acquitted');
  t.same(await read(at, '3', able), []);
  t.same(able.take(), [NAMES]);
});

t.test('what its own tree does not list is left out at once', async (t) => {
  const at = await room(t);
  const listed = NAMES.filter((name) => name !== 'Device.P3');
  await taught(at, 'Device.P3', NAMES);
  const without = cpe(new Set(['Device.P3']), listed);
  t.same(await read(at, '3', without), ['Device.P3']);
  t.same(without.take(), [listed]);
});

t.test('read alone a name is always asked', async (t) => {
  const at = await room(t);
  await taught(at, 'Device.P3', NAMES);
  const without = cpe(new Set(['Device.P3']), ['Device.P1']);
  t.same(await read(at, '3', without, ['Device.P3']), ['Device.P3']);
  t.same(without.take(), [['Device.P3']]);
  const able = cpe(new Set(), ['Device.P1']);
  t.same(await read(at, '4', able, ['Device.P3']), []);
});

t.test('after a day it is asked once more, by itself', async (t) => {
  const at = await room(t);
  await taught(at, 'Device.P3', NAMES);
  const one = cpe(new Set(['Device.P3']), NAMES);
  await read(at, '1', one);
  t.equal(one.take().length, 1);
  at.clock.advance(DAY_MS);
  const healed = cpe(new Set(), NAMES);
  t.same(await read(at, '1', healed), []);
  const others = NAMES.filter((name) => name !== 'Device.P3');
  t.same(
    healed.take().filter((names) => names.length > 0 && names[0]?.startsWith('Device.P') === true),
    [others, ['Device.P3']],
  );
});

t.test('a row of a table speaks for its like, but no device is denied its own row', async (t) => {
  const at = await room(t);
  const names = [...NAMES, ROW];
  await taught(at, ROW, names, names);
  const other = 'Device.T.7.Bad';
  const able = cpe(new Set(), [...NAMES, other]);
  t.same(await read(at, '3', able, [...NAMES, other]), []);
  t.same(able.take(), [NAMES, [other]]);
});

t.test('other software has other names', async (t) => {
  const at = await room(t);
  await taught(at, 'Device.P3', NAMES);
  t.equal((await at.store.catalogues.modelLessons('02C0DE\nRouter\n2.0')).badNames.size, 0);
});
