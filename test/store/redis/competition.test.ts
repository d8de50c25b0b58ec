// Two nodes on one device at once: each step has one winner, and nothing of either is lost.
import t, { type Test } from 'tap';
import type { Store } from '../../../proxy/store/store.ts';
import { emptyDatabase, missingRedis, startRedis } from '../../redis-server.ts';
import {
  CAPS,
  claim,
  claimed,
  entry,
  event,
  giveUp,
  inform,
  KEY,
  keyOf,
  outcome,
  read,
  step,
} from '../contract/samples.ts';
import { openOn } from './open.ts';

const ROUNDS = 20;
const missing = missingRedis();

t.test('two nodes', { skip: missing }, async (t) => {
  const server = await startRedis(t);
  const two = async (t: Test): Promise<readonly [Store, Store]> => {
    const url = await emptyDatabase(server, 0);
    return [await openOn(t, url), await openOn(t, url)];
  };

  t.test('of Informs at both, each takes over from the one before', async (t) => {
    const [one, other] = await two(t);
    const stores = Array.from({ length: ROUNDS }, (_, n) => (n % 2 === 0 ? one : other));
    const records = await Promise.all(stores.map((store, n) => claim(store, { incarnation: `n${n % 2}` })));
    t.equal(new Set(records.map(({ epoch }) => epoch)).size, ROUNDS, 'no epoch twice');
    t.equal((await read(one)).pendingEvents.length, ROUNDS, 'no event lost');
    const newest = Math.max(...records.map(({ epoch }) => epoch));
    t.equal((await read(other)).epoch, newest);
    for (const { epoch } of records) {
      const expected = epoch === newest ? 'done' : 'stale';
      t.equal(await one.devices.clearDoubt(KEY, epoch), expected, 'only the newest may go on');
    }
  });

  t.test('a step of a displaced owner is refused, however recently it was one', async (t) => {
    const [one, other] = await two(t);
    for (let n = 0; n < ROUNDS; n += 1) {
      const epoch = await claimed(one, { incarnation: 'n1' });
      await one.mailbox.enqueue(KEY, entry(`r${n}`), CAPS, epoch);
      const [recorded, taken] = await Promise.all([
        one.mailbox.recordStep(KEY, epoch, `r${n}`, step(1), {}),
        claim(other, { incarnation: 'n2' }),
      ]);
      const { steps = [] } = (await other.mailbox.readRequest(KEY, `r${n}`)) ?? {};
      t.equal(steps.length, recorded === 'done' ? 1 : 0, 'sent is recorded, and the other way round');
      t.equal(await one.mailbox.recordStep(KEY, epoch, `r${n}`, step(2), {}), 'stale');
      await other.mailbox.settle(KEY, undefined, `r${n}`, { outcome: outcome('unknown') });
      await other.devices.release(KEY, taken.epoch, giveUp({ force: true }));
    }
  });

  t.test('of outcomes the first wins, and only it is told', async (t) => {
    const [one, other] = await two(t);
    const epoch = await claimed(one);
    for (let n = 0; n < ROUNDS; n += 1) {
      const id = `r${n}`;
      await one.mailbox.enqueue(KEY, entry(id), CAPS, epoch);
      const settled = await Promise.all([
        one.mailbox.settle(KEY, epoch, id, { outcome: outcome() }),
        other.mailbox.settle(KEY, undefined, id, { outcome: outcome('cancelled') }),
      ]);
      t.same(settled.map(({ kind }) => kind).sort(), ['already', 'first']);
      const state = settled[0].kind === 'first' ? 'succeeded' : 'cancelled';
      t.equal((await one.mailbox.readRequest(KEY, id))?.state, state);
      t.equal((await other.mailbox.readRequest(KEY, id))?.state, state);
    }
  });

  t.test('requests that both enqueue are all there, within the cap, and each is taken once', async (t) => {
    const [one, other] = await two(t);
    const epoch = await claimed(one);
    const both = Array.from({ length: 40 }, (_, n) => ({ store: n % 2 === 0 ? one : other, id: `r${n}` }));
    const kinds = await Promise.all(
      both.map(async ({ store, id }) => (await store.mailbox.enqueue(KEY, entry(id), { entries: 30 })).kind),
    );
    t.equal(kinds.filter((kind) => kind === 'queued').length, 30);
    t.equal(kinds.filter((kind) => kind === 'full').length, 10);
    const takes = await Promise.all([one, other, one, other].map((store) => store.mailbox.take(KEY, epoch)));
    t.equal(takes.filter(({ kind }) => kind === 'entry').length, 1);
  });

  t.test('one of all is to send the Connection Request', async (t) => {
    const [one, other] = await two(t);
    await claim(one);
    const begun = await Promise.all(
      [one, other, one, other].map((store, n) => store.devices.beginWake(KEY, `n${n}`, 1, 1000)),
    );
    t.equal(begun.filter(Boolean).length, 1);
  });

  t.test('first contacts at both stop at the cap', async (t) => {
    const [one, other] = await two(t);
    const saved = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        (n % 2 === 0 ? one : other).devices.saveInform(inform({ key: keyOf(`S${n}`), registryCap: 12 })),
      ),
    );
    t.equal(saved.filter(({ kind }) => kind === 'saved').length, 12);
    t.equal((await other.devices.listDevices('default', '', 100)).length, 12);
  });

  t.test('what one node has changed the other sees in its next step', async (t) => {
    const [one, other] = await two(t);
    const epoch = await claimed(one);
    for (let n = 1; n <= ROUNDS; n += 1) {
      t.equal(await one.devices.raiseEvents(KEY, epoch, [event(`{"n":${n}}`)]), 'done');
      t.equal((await read(other)).pendingEvents.at(-1)?.body, `{"n":${n}}`);
    }
  });
});
