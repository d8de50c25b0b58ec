import t from 'tap';
import type { CpeMethodName } from '../../proxy/rpc/methods.ts';
import { row } from '../store/contract/samples.ts';
import {
  type Answering,
  answerNothing,
  arrival,
  done,
  informedValues,
  KEY,
  openRoom,
  SETTINGS,
  until,
} from './room-at-hand.ts';

const count = (rpcs: readonly { readonly method: CpeMethodName }[], method: CpeMethodName): number =>
  rpcs.filter((rpc) => rpc.method === method).length;
const refusesNames: Answering = (method, request) =>
  method === 'GetParameterNames'
    ? { kind: 'fault', fault: { FaultCode: 9002, FaultString: '', SetParameterValuesFault: [] } }
    : answerNothing(method, request);

t.test('the tree is read from the root that the Inform named, never from the empty path', async (t) => {
  const at = await openRoom(t);
  const { session, rpcs } = await at.session();
  await until(() => session.idle, 'held');
  t.match(
    rpcs.filter(({ method }) => method === 'GetParameterNames'),
    [{ request: { ParameterPath: 'Device.', NextLevel: false } }],
  );
  t.match((await at.record()).tree, { SoftwareVersion: '1.0' });
});

t.test('it is read again with other software and by age, else not', async (t) => {
  const at = await openRoom(t, { behaviour: { park: 'never' } });
  const asked = async (software = '1.0'): Promise<number> => {
    const session = await at.session(answerNothing, { ParameterList: informedValues('', software) });
    await session.over;
    return count(session.rpcs, 'GetParameterNames');
  };
  t.equal(await asked(), 1);
  t.equal(await asked(), 0);
  t.equal(await asked('2.0'), 1);
  t.equal(await asked('2.0'), 0);
  at.clock.advance(86_400_000);
  t.equal(await asked('2.0'), 1);
});

t.test('a CPE that refuses to tell its tree is asked once a session, new software or not', async (t) => {
  const at = await openRoom(t, { behaviour: { park: 'never' } });
  await (
    await at.session()
  ).over;
  const session = await at.session(refusesNames, { ParameterList: informedValues('', '2.0') });
  await session.over;
  t.equal(count(session.rpcs, 'GetRPCMethods'), 1);
  t.equal(count(session.rpcs, 'GetParameterNames'), 2, 'the whole, and its first level');
});

t.test('CPEs of one model share one catalogue', async (t) => {
  const at = await openRoom(t, { behaviour: { park: 'never' } });
  await (
    await at.session()
  ).over;
  const first = (await at.record()).tree?.catalogue;
  const DeviceId = { Manufacturer: 'Example', OUI: '02C0DE', ProductClass: 'Router', SerialNumber: '2' };
  await (
    await at.session(answerNothing, { DeviceId })
  ).over;
  const second = await at.store.devices.readDevice({ ...KEY, device: '02C0DE-Router-2' });
  t.ok(first);
  t.equal(second?.tree?.catalogue, first);
});

t.test('a held CPE that hangs up and is soon back is held less long, at once', async (t) => {
  const at = await openRoom(t);
  const first = await at.session();
  await until(() => first.session.idle, 'held');
  const verdict = first.session;
  await verdict.ended({ reason: 'closed', heldMs: 12_000 });
  at.clock.advance(5000);
  const { session, rpcs } = await at.session();
  await until(() => session.idle, 'held');
  t.match(JSON.parse((await at.record()).parking), { learned: { holdMs: 10_000 } });
  const before = count(rpcs, 'GetParameterValues');
  at.clock.advance(9999);
  await new Promise((resolve) => setTimeout(resolve, 20));
  t.equal(count(rpcs, 'GetParameterValues'), before);
});

t.test('a CPE whose root is not known is held once, and asked nothing', async (t) => {
  const at = await openRoom(t);
  const { session, rpcs, over } = await at.session(answerNothing, { ParameterList: [] });
  await until(() => session.idle, 'held');
  at.clock.advance(SETTINGS.park.holdMs);
  await over;
  t.same(rpcs, []);
  t.ok(at.counted.includes('park_end nothing-to-ask'));
});

t.test('no more CPEs are held than the cap allows', async (t) => {
  const at = await openRoom(t, { settings: { parkCap: 1 } });
  const { session } = await at.session();
  await until(() => session.idle, 'held');
  t.equal(at.room.parked, 1);
  const DeviceId = { Manufacturer: 'Example', OUI: '02C0DE', ProductClass: 'Router', SerialNumber: '2' };
  await (
    await at.session(answerNothing, { DeviceId })
  ).over;
  t.ok(at.counted.includes('park_end cap'));
});

t.test('a stop lets held CPEs go at once, and begins nothing that waits', async (t) => {
  const at = await openRoom(t);
  const held = await at.session();
  await until(() => held.session.idle, 'held');
  const stopped = at.room.stop(5000);
  await held.over;
  at.clock.advance(20);
  await stopped;
  let ran = false;
  at.runs(async () => {
    ran = true;
    return done();
  });
  await at.submit();
  await (
    await at.session()
  ).over;
  t.equal(ran, false);
  t.equal((await at.record()).waiting, 1, 'left to the next run');
  t.equal(at.calls, 0);
});

t.test('of two Informs that cross, the later one is rung', async (t) => {
  const at = await openRoom(t);
  const [one, other] = await Promise.all([at.room.inform(arrival()), at.room.inform(arrival())]);
  if (one.kind !== 'accepted' || other.kind !== 'accepted') return;
  const [older, newer] = one.session.epoch < other.session.epoch ? [one, other] : [other, one];
  await older.session.ended({ reason: 'displaced', heldMs: undefined });
  t.equal((await at.record()).owner, 'NODE1', 'the older one gives nothing up');
  await newer.session.ended({ reason: 'done', heldMs: undefined });
  t.equal((await at.record()).owner, undefined);
});

t.test('events that could not be derived are due again, and derived without a session', async (t) => {
  let broken = true;
  const seen: number[] = [];
  const at = await openRoom(t, {
    derive: async ({ pendingEvents }) => {
      if (broken) throw new Error('a bug');
      seen.push(pendingEvents.length);
      return { rows: [], ledger: undefined, local: undefined, arm: 'no' };
    },
  });
  await at.introduce();
  t.ok(at.scheduled.some(({ kind }) => kind === 'events'));
  t.equal((await at.record()).pendingEvents.length, 1);
  broken = false;
  await at.room.deriveLeft(KEY);
  t.same(seen, [1]);
  t.equal((await at.record()).pendingEvents.length, 0);
});

t.test('of new Notifies the bell says whose they are: each Controller once', async (t) => {
  const at = await openRoom(t, {
    derive: async ({ lastEvent }) => ({
      rows: ['a', 'b', 'a'].map((controller, index) => row(lastEvent, { id: `${lastEvent}.1.${index}`, controller })),
      ledger: undefined,
      local: undefined,
      arm: 'no',
    }),
  });
  await at.introduce();
  t.same(at.rung, [[KEY.device, 'a', 'b']]);
});

t.test(
  'the last attachment goes while the session is busy: parking is decided on what is stored by then',
  async (t) => {
    let leave = async (): Promise<void> => undefined;
    const at = await openRoom(t, {
      behaviour: { park: 'attached' },
      store: (store) => ({
        ...store,
        devices: new Proxy(store.devices, {
          get(devices, name) {
            const step: unknown = Reflect.get(devices, name);
            if (typeof step !== 'function') return step;
            return async (...args: unknown[]): Promise<unknown> => {
              if (name === 'saveTree') await leave();
              return Reflect.apply(step, devices, args);
            };
          },
        }),
      }),
    });
    await at.introduce();
    await at.store.devices.attach(KEY, 'NODE1');
    leave = async () => {
      await at.store.devices.detach(KEY, 'NODE1');
      at.room.ring(KEY);
    };
    await (
      await at.session()
    ).over;
    t.ok(at.counted.includes('park_end unattached'));
  },
);
