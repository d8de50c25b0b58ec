// How many parameters a CPE is asked for at once: what it cannot bear is asked in halves, and its whole model remembers.
import t, { type Test } from 'tap';
import { readValues } from '../../proxy/device/read-values.ts';
import type { CallOutcome } from '../../proxy/device/link.ts';
import type { CpeMethodName } from '../../proxy/rpc/methods.ts';
import {
  type Answering,
  answerNothing,
  done,
  informedValues,
  openRoom,
  type RoomAtHand,
  type SessionAtHand,
  until,
} from './room-at-hand.ts';

const MODEL = '02C0DE\nRouter\n1.0';
const DAY_MS = 86_400_000;
const NAMES = Array.from({ length: 64 }, (_, index) => `Device.P${index}`);
const namesOf = (request: unknown): readonly string[] =>
  (request as { readonly ParameterNames?: readonly string[] }).ParameterNames ?? [];
const values = (names: readonly string[]): CallOutcome<CpeMethodName> => ({
  kind: 'response',
  value: { ParameterList: names.map((Name) => ({ Name, Value: '1', Type: 'xsd:string' })) },
});
const fault = (FaultCode: number): CallOutcome<CpeMethodName> => ({
  kind: 'fault',
  fault: { FaultCode, FaultString: '', SetParameterValuesFault: [] },
});

/** A CPE that reads up to `most` names, and else does what `over` says. */
const bears =
  (most: number, over: (names: readonly string[]) => CallOutcome<CpeMethodName>): Answering =>
  (method, request) => {
    if (method !== 'GetParameterValues') return answerNothing(method, request);
    const names = namesOf(request);
    return names.length > most ? over(names) : values(names);
  };

const sizes = ({ rpcs }: SessionAtHand): readonly number[] =>
  rpcs.filter(({ method }) => method === 'GetParameterValues').map(({ request }) => namesOf(request).length);

async function room(t: Test): Promise<RoomAtHand> {
  const at = await openRoom(t, { behaviour: { park: 'never' } });
  await (
    await at.session()
  ).over;
  at.runs(async (_entry, access) => done(String((await readValues(access, NAMES)).values.size)));
  return at;
}

/** A request of 64 names in a session of its own; resolves with the sizes of the reads that were sent. */
async function read(at: RoomAtHand, answering: Answering, informing = {}): Promise<readonly number[]> {
  await at.submit();
  const session = await at.session(answering, informing);
  await session.over;
  return sizes(session);
}

for (const code of [9002, 9004]) {
  t.test(`a batch refused with ${code} is read in halves; the next CPE of the model is asked so at once`, async (t) => {
    const at = await room(t);
    const small = bears(20, () => fault(code));
    t.same(await read(at, small), [64, 32, 16, 16, 32, 16, 16]);
    t.match(at.told, [{ answer: '64' }]);
    await until(async () => (await at.store.catalogues.modelLessons(MODEL)).readBatch === 16, 'learnt');
    const DeviceId = { Manufacturer: 'Example', OUI: '02C0DE', ProductClass: 'Router', SerialNumber: '2' };
    await at.introduce({ DeviceId });
    await at.room.submit(
      { tenant: 'default', device: '02C0DE-Router-2' },
      { kind: 'usp', payload: '', origin: undefined, returnPath: '' },
    );
    const other = await at.session(small, { DeviceId });
    await other.over;
    t.same(sizes(other), [16, 16, 16, 16]);
  });
}

t.test('it is forgotten after seven days, and with other software', async (t) => {
  const at = await room(t);
  await read(
    at,
    bears(32, () => fault(9004)),
  );
  await until(async () => (await at.store.catalogues.modelLessons(MODEL)).readBatch === 32, 'learnt');
  const able = bears(64, () => fault(9004));
  t.same(await read(at, able), [32, 32]);
  t.same(await read(at, able, { ParameterList: informedValues('', '2.0') }), [64]);
  at.clock.advance(7 * DAY_MS);
  await read(at, able);
  t.same(await read(at, able), [64], 'once this node has asked again');
});

t.test('one parameter that fails for itself teaches nothing about size', async (t) => {
  const at = await room(t);
  const answering: Answering = (method, request) =>
    method === 'GetParameterValues' && namesOf(request).includes('Device.P5')
      ? fault(9002)
      : bears(64, () => fault(9004))(method, request);
  await read(at, answering);
  t.match(at.told, [{ answer: '63' }]);
  await until(async () => (await at.store.catalogues.modelLessons(MODEL)).borne === 32, 'kept');
  t.equal((await at.store.catalogues.modelLessons(MODEL)).readBatch, undefined);
});

t.test('what CPEs of the model bore is not too large for it because one of them failed once', async (t) => {
  const at = await room(t);
  await read(
    at,
    bears(64, () => fault(9004)),
  );
  await until(async () => (await at.store.catalogues.modelLessons(MODEL)).borne === 64, 'kept');
  t.same(
    await read(
      at,
      bears(32, () => fault(9004)),
    ),
    [64, 32, 32],
  );
  t.equal((await at.store.catalogues.modelLessons(MODEL)).readBatch, undefined);
});

t.test('within one read nothing as large is tried again', async (t) => {
  const at = await room(t);
  at.runs(async (_entry, access) => {
    const names = [...NAMES, ...NAMES.map((name) => `${name}x`)];
    return done(String((await readValues(access, names)).values.size));
  });
  t.same(
    await read(
      at,
      bears(32, () => fault(9004)),
    ),
    [64, 32, 32, 32, 32],
  );
  t.match(at.told, [{ answer: '128' }]);
});

for (const reason of ['closed', 'timeout', 'displaced'] as const) {
  t.test(`a read lost with its link (${reason}) goes back, and is made with half by the next session`, async (t) => {
    const at = await room(t);
    const answering = bears(40, () => ({ kind: 'lost', written: true, reason }));
    t.same(await read(at, answering), [64]);
    t.equal((await at.record()).waiting, 1);
    const next = await at.session(answering);
    await next.over;
    t.same(sizes(next), [32, 32]);
    t.match(at.told, [{ answer: '64' }]);
    await until(async () => (await at.store.catalogues.modelLessons(MODEL)).readBatch === 32, 'the model remembers');
  });
}

t.test('a read lost twice is quartered, and never less than one name is asked', async (t) => {
  const at = await room(t);
  await at.submit();
  const seen: number[] = [];
  for (let session = 0; session < 9; session += 1) {
    const next = await at.session(bears(0, () => ({ kind: 'lost', written: true, reason: 'closed' })));
    await next.over;
    seen.push(...sizes(next));
  }
  t.same(seen, [64, 32, 16, 8, 4, 2, 1, 1, 1]);
});

t.test('what was broken off by us, or was never written, teaches nothing', async (t) => {
  const at = await room(t);
  for (const lost of [
    { kind: 'lost', written: true, reason: 'cap' },
    { kind: 'lost', written: false, reason: 'closed' },
  ] as const) {
    const before = at.told.length;
    t.same(
      await read(
        at,
        bears(40, () => lost),
      ),
      [64],
    );
    const next = await at.session(bears(64, () => fault(9004)));
    await next.over;
    t.same(sizes(next), [64]);
    t.equal(at.told.length, before + 1);
  }
});

t.test('with the store away a read is made all the same', async (t) => {
  const away = async (): Promise<never> => Promise.reject(new Error('away'));
  const at = await openRoom(t, {
    behaviour: { park: 'never' },
    store: (store) => ({
      ...store,
      catalogues: new Proxy(store.catalogues, {
        get: (catalogues, name) =>
          name === 'modelLessons' || name === 'learn' ? away : (Reflect.get(catalogues, name) as unknown),
      }),
    }),
  });
  at.runs(async (_entry, access) => done(String((await readValues(access, NAMES)).values.size)));
  await at.introduce();
  t.same(
    await read(
      at,
      bears(32, () => fault(9004)),
    ),
    [64, 32, 32],
  );
  t.match(at.told, [{ answer: '64' }]);
  t.ok(at.counted.includes('failure model-lessons'));
});

t.test('what a model taught costs a store step a minute where it is read, and none where it is not', async (t) => {
  let asked = 0;
  const at = await openRoom(t, {
    behaviour: { park: 'always' },
    store: (store) => ({
      ...store,
      catalogues: new Proxy(store.catalogues, {
        get: (catalogues, name) => {
          if (name === 'modelLessons') asked += 1;
          const step: unknown = Reflect.get(catalogues, name);
          return typeof step === 'function' ? (step.bind(catalogues) as unknown) : step;
        },
      }),
    }),
  });
  at.runs(async (_entry, access) => done(String((await readValues(access, ['Device.P0', 'Device.P1'])).values.size)));
  const { session } = await at.session(bears(64, () => fault(9004)));
  await until(() => session.idle, 'held');
  t.equal(asked, 0, 'a session with nothing to do');
  const get = async (): Promise<void> => {
    const before = at.told.length;
    await at.submit();
    await until(() => at.told.length > before && session.idle, 'answered');
  };
  for (let count = 0; count < 5; count += 1) await get();
  t.equal(asked, 1);
  // Short of the hold's end, so that nothing but the read goes on.
  for (let seconds = 0; seconds < 60; seconds += 20) {
    at.clock.advance(20_000);
    await get();
  }
  t.equal(asked, 2);
});
