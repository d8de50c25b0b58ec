// What it costs an Inform that there are several tenants: nothing, but for a device that this node has to find first.
import t from 'tap';
import type { Store } from '../../proxy/store/store.ts';
import { START } from '../store/contract/samples.ts';
import { arrival, KEY, openRoom, type RoomAtHand } from './room-at-hand.ts';

/** A store that notes the names of its steps. */
function noting(): { readonly steps: string[]; readonly wrap: (store: Store) => Store } {
  const steps: string[] = [];
  const note = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(of, name) {
        const step: unknown = Reflect.get(of, name);
        if (typeof step !== 'function') return step;
        return (...args: unknown[]): unknown => {
          steps.push(String(name));
          return Reflect.apply(step, of, args);
        };
      },
    });
  return { steps, wrap: (store) => ({ ...store, devices: note(store.devices), tenants: note(store.tenants) }) };
}

const PERIODIC = ['saveInform', 'readTemplate', 'release'];

t.test('steps of an Inform', async (t) => {
  const { steps, wrap } = noting();
  const at = await openRoom(t, { tenants: ['default', 'acme'], store: wrap });
  const informs = async (): Promise<readonly string[]> => {
    steps.length = 0;
    await at.introduce();
    return [...steps];
  };
  t.test('of a device of the common tenant', async (t) => {
    t.same(await informs(), PERIODIC);
    t.same(await informs(), PERIODIC);
    t.equal(await at.store.devices.tenantOf(KEY.device), 'default');
  });
});

t.test('of a device that is enrolled in another tenant', async (t) => {
  const { steps, wrap } = noting();
  const at = await openRoom(t, { tenants: ['default', 'acme'], store: wrap });
  await at.store.enrolments.enrol({ ...KEY, tenant: 'acme' }, START, true);
  await at.introduce();
  t.same(steps, ['saveInform', 'readTemplate', ...PERIODIC], 'once where one would think, then where it is');
  steps.length = 0;
  await at.introduce();
  t.same(steps, PERIODIC, 'and it is remembered');
  t.equal(await at.store.devices.readDevice(KEY), undefined);
});

t.test('at a listener of one tenant', async (t) => {
  const at = await openRoom(t, { tenants: ['default', 'acme', 'beta'] });
  const comesTo = (room: RoomAtHand, tenant: string) => room.room.inform({ ...arrival(), tenant });
  t.match(await comesTo(at, 'acme'), { kind: 'accepted' });
  t.same(await comesTo(at, 'beta'), { kind: 'refused', reason: 'other-tenant' });
  t.ok(at.logged.some((line) => line.includes(KEY.device) && line.includes('"tenant":"acme"')));
  t.match(await at.room.inform(arrival()), { kind: 'accepted' }, 'at one of all tenants it goes to its own');
});

t.test('of a tenant that is none any more', async (t) => {
  const at = await openRoom(t, { tenants: ['default', 'acme'] });
  await at.store.enrolments.enrol({ ...KEY, tenant: 'gone' }, START, true);
  t.same(await at.room.inform(arrival()), { kind: 'refused', reason: 'other-tenant' });
});
