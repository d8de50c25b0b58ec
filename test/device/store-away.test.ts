import t from 'tap';
import { CausewayError } from '../../proxy/errors.ts';
import type { Store } from '../../proxy/store/store.ts';
import { answerNothing, done, openRoom, until } from './room-at-hand.ts';
import type { Change } from '../../proxy/device/access.ts';

const away = (): Promise<never> => Promise.reject(new CausewayError('CAUSEWAY_STORE_AWAY', 'it does not answer'));

/** A store whose steps fail while `isAway`. */
function fragile(): { isAway: boolean; readonly wrap: (store: Store) => Store } {
  const state = {
    isAway: false,
    wrap: (store: Store): Store => {
      const guard = <T extends object>(steps: T): T =>
        new Proxy(steps, {
          get(target, name) {
            const step: unknown = Reflect.get(target, name);
            if (typeof step !== 'function') return step;
            return (...args: unknown[]): unknown => (state.isAway ? away() : Reflect.apply(step, target, args));
          },
        });
      return { ...store, devices: guard(store.devices), mailbox: guard(store.mailbox), outbox: guard(store.outbox) };
    },
  };
  return state;
}

const reboot: Change<'Reboot'> = {
  method: 'Reboot',
  request: (CommandKey) => ({ CommandKey }),
  snapshot: { kind: 'none' },
};

t.test('a read that is under way is answered; its device is given up when the store is back', async (t) => {
  const store = fragile();
  const at = await openRoom(t, { store: store.wrap });
  at.runs(async (_entry, access) => {
    store.isAway = true;
    return done((await access.read('GetRPCMethods', {})).kind);
  });
  const { session, over } = await at.session();
  await until(() => session.idle, 'held');
  await at.submit();
  await until(() => at.told.length === 1, 'an answer');
  t.match(at.told, [{ answer: 'response' }]);
  await until(() => at.counted.includes('failure release'), 'the release failed');
  store.isAway = false;
  at.clock.advance(1000);
  await over;
  t.match(await at.record(), { owner: undefined, waiting: 0 });
  t.equal(at.told.length, 1, 'told once');
});

t.test('a changing step is not sent, and its request says why', async (t) => {
  const store = fragile();
  const at = await openRoom(t, { store: store.wrap });
  at.runs(async (_entry, access) => {
    store.isAway = true;
    await access.change(reboot);
    return done();
  });
  const { session, rpcs, over } = await at.session();
  await until(() => session.idle, 'held');
  await at.submit();
  await until(() => at.told.length === 1, 'an answer');
  t.match(at.told, [{ answer: /^failed: the store is away/ }]);
  t.notOk(rpcs.some(({ method }) => method === 'Reboot'));
  store.isAway = false;
  at.clock.advance(1000);
  await over;
  t.match(await at.record(), { owner: undefined, waiting: 0 }, 'it does not run later');
});

t.test('what was changed is told when its outcome could be stored', async (t) => {
  const store = fragile();
  const at = await openRoom(t, { store: store.wrap });
  at.runs(async (_entry, access) => {
    await access.change(reboot);
    store.isAway = true;
    return done('rebooted');
  });
  const { session, over } = await at.session((method, request) =>
    method === 'Reboot' ? { kind: 'response', value: {} } : answerNothing(method, request),
  );
  await until(() => session.idle, 'held');
  await at.submit();
  await until(() => at.counted.includes('failure release'), 'the release failed');
  t.same(at.told, []);
  store.isAway = false;
  at.clock.advance(1000);
  await over;
  t.match(at.told, [{ answer: 'rebooted' }]);
});

t.test('an Inform that cannot be saved is not accepted, and the next one is', async (t) => {
  const store = fragile();
  const at = await openRoom(t, { store: store.wrap });
  store.isAway = true;
  await t.rejects(at.introduce(), { code: 'CAUSEWAY_STORE_AWAY' });
  await t.rejects(at.submit(), { code: 'CAUSEWAY_STORE_AWAY' });
  store.isAway = false;
  await at.introduce();
  t.equal((await at.submit()).kind, 'queued');
});
