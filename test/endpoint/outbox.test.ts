// Notifies on their way to a Controller: once while it answers, again by the retry formula or when it is back, in order.
import t from 'tap';
import { claim, CONTROLLER, KEY, keyOf, START } from '../store/contract/samples.ts';
import { AGENT, ALL, fakeConnection, kindsOf, msgIdsOf, OWN } from './fake-connection.ts';
import { outboxAtHand, until } from './outbox-at-hand.ts';

const ring = ['default', CONTROLLER] as const;

t.test('what waits is written when the Controller comes, oldest first, after the Agent’s Connect Record', async (t) => {
  const { outbox, connections, derive, stored, counted } = await outboxAtHand(t);
  await derive(['a', 'b']);
  await derive(['c'], { subscription: 2 });
  outbox.ring(...ring);
  const all = fakeConnection(ALL);
  connections.add(all);
  outbox.ring(...ring);
  await until(() => counted.get('notify written') === 3);
  t.same(msgIdsOf(all), ['a', 'b', 'c']);
  t.equal(kindsOf(all)[0], `websocket_connect ${AGENT}`);
  t.same(await stored(), ['a', 'b', 'c'], 'kept until they are answered');
});

t.test('NotifRetry: the same bytes by the retry formula, until the NotifyResp', async (t) => {
  const { outbox, connections, derive, stored, clock, counted, scheduled } = await outboxAtHand(t);
  const all = fakeConnection(ALL);
  connections.add(all);
  await derive(['a']);
  outbox.ring(...ring);
  await until(() => counted.get('notify written') === 1);
  t.same(scheduled, [START + 5000], 'the least of the first range');
  t.equal(await outbox.look(KEY), START + 5000, 'not due yet');
  clock.now = START + 5000;
  await outbox.look(KEY);
  await until(() => counted.get('notify written') === 2);
  t.same(msgIdsOf(all), ['a', 'a']);
  t.same(all.sent[1], all.sent[2], 'the identical Record');
  t.same(scheduled, [START + 5000, START + 15_000], 'the range has doubled');
  await outbox.answered(KEY, 'proto::other', 'a');
  t.same(await stored(), ['a'], 'another Controller’s answer is not this one’s');
  await outbox.answered(KEY, CONTROLLER, 'a');
  t.same(await stored(), []);
  await outbox.answered(KEY, CONTROLLER, 'a');
  t.match(Object.fromEntries(counted), { 'notify answered': 1, 'notify answer-unknown': 2 });
});

t.test('a Controller that is back gets again what it has not answered, and once only', async (t) => {
  const { outbox, connections, derive, counted } = await outboxAtHand(t);
  const first = fakeConnection(ALL);
  connections.add(first);
  await derive(['a', 'b']);
  outbox.ring(...ring);
  await until(() => counted.get('notify written') === 2);
  await outbox.answered(KEY, CONTROLLER, 'a');
  const second = fakeConnection(ALL);
  connections.add(second);
  outbox.ring(...ring);
  await derive(['c']);
  outbox.ring(...ring);
  outbox.ring(...ring);
  await until(() => msgIdsOf(second).includes('c'));
  t.same(msgIdsOf(second), ['b', 'c']);
  t.same(msgIdsOf(first), ['a', 'b'], 'nothing more where it was');
});

t.test('what waits for an answer elsewhere is not written on a new socket that is not its way', async (t) => {
  const { outbox, connections, derive, counted, store } = await outboxAtHand(t);
  const other = keyOf('B2');
  await claim(store, { key: other });
  const own = fakeConnection(OWN);
  connections.add(own);
  await derive(['a']);
  outbox.ring(...ring);
  await until(() => counted.get('notify written') === 1);
  const all = fakeConnection(ALL);
  connections.add(all);
  await derive(['b'], {}, other);
  outbox.ring(...ring);
  await until(() => msgIdsOf(all).includes('b'));
  t.same(msgIdsOf(all), ['b'], 'a waits for its NotifyResp on the Agent’s own socket');
  t.same(msgIdsOf(own), ['a']);
});

t.test('without NotifRetry a Notify waits for a transport, and is gone once written', async (t) => {
  const { outbox, connections, derive, stored, counted, scheduled } = await outboxAtHand(t);
  await derive(['a'], { retry: false });
  outbox.ring(...ring);
  t.same(await stored(), ['a']);
  connections.add(fakeConnection(ALL));
  outbox.ring(...ring);
  await until(() => counted.get('notify written') === 1);
  t.same(await stored(), []);
  t.same(scheduled, []);
});

t.test('what is over is dropped and counted; due work comes back for it', async (t) => {
  const { outbox, derive, stored, clock, counted } = await outboxAtHand(t);
  await derive(['short'], { expiresAt: START + 10_000 });
  await derive(['long'], { expiresAt: START + 90_000 });
  t.equal(await outbox.look(KEY), START + 10_000, 'though nobody is there to write to');
  clock.now = START + 10_000;
  t.equal(await outbox.look(KEY), START + 90_000);
  t.same(await stored(), ['long']);
  clock.now = START + 90_000;
  t.equal(await outbox.look(KEY), undefined);
  t.equal(counted.get('notify expired'), 2);
});

t.test('a Notify whose time is over is not written, though nobody has dropped it yet', async (t) => {
  const { outbox, connections, derive, clock } = await outboxAtHand(t);
  const all = fakeConnection(ALL);
  await derive(['old'], { expiresAt: START + 10_000 });
  await derive(['new']);
  clock.now = START + 10_000;
  connections.add(all);
  outbox.ring(...ring);
  await until(() => msgIdsOf(all).length > 0);
  t.same(msgIdsOf(all), ['new']);
});

t.test('beyond the cap of a Subscription the oldest are gone', async (t) => {
  const { outbox, connections, derive, counted } = await outboxAtHand(t);
  for (const msg_id of ['1', '2', '3', '4']) await derive([msg_id], {}, KEY, 2);
  await derive(['other'], { subscription: 2 }, KEY, 2);
  const all = fakeConnection(ALL);
  connections.add(all);
  outbox.ring(...ring);
  await until(() => counted.get('notify written') === 3);
  t.same(msgIdsOf(all), ['3', '4', 'other']);
});

t.test('a peer that reads slowly is waited for, not drowned', async (t) => {
  const { outbox, connections, derive, counted } = await outboxAtHand(t);
  const all = fakeConnection(ALL);
  all.congested = true;
  connections.add(all);
  await derive(['a', 'b', 'c']);
  outbox.ring(...ring);
  await until(() => counted.get('notify written') === 1);
  t.same(msgIdsOf(all), ['a']);
  outbox.ring(...ring);
  all.drain();
  await until(() => counted.get('notify written') === 3);
  t.same(msgIdsOf(all), ['a', 'b', 'c']);
});

t.test('more devices than are looked up in one go', async (t) => {
  const { outbox, connections, derive, counted, store } = await outboxAtHand(t);
  for (let number = 0; number < 520; number += 1) {
    const key = keyOf(`N${number}`);
    await claim(store, { key });
    await derive([`m${number}`], { retry: false }, key);
  }
  const all = fakeConnection(ALL);
  connections.add(all);
  outbox.ring(...ring);
  await until(() => counted.get('notify written') === 520);
  t.equal(new Set(msgIdsOf(all)).size, 520);
});

t.test('a bell for one device looks at that one alone', async (t) => {
  const { outbox, connections, store, derive, counted, stored } = await outboxAtHand(t);
  const other = keyOf('B3');
  await claim(store, { key: other });
  const all = fakeConnection(ALL);
  connections.add(all);
  await derive(['a'], { retry: false });
  await derive(['b'], { retry: false }, other);
  outbox.ring(...ring, other);
  await until(() => counted.get('notify written') === 1);
  t.same(msgIdsOf(all), ['b']);
  t.same([await stored(), await stored(other)], [['a'], []]);
});

t.test('the Controller’s own intervals, and an expiration that counts from the first try', async (t) => {
  const { outbox, connections, derive, stored, clock, counted, scheduled } = await outboxAtHand(t);
  const backOff = { minimumMs: 1000, multiplier: 3000 };
  await derive(['a'], { backOff, expiration: 3500 });
  clock.now = START + 60_000;
  connections.add(fakeConnection(ALL));
  outbox.ring(...ring);
  await until(() => counted.get('notify written') === 1);
  t.same(scheduled, [START + 61_000]);
  clock.now += 1000;
  await outbox.look(KEY);
  await until(() => counted.get('notify written') === 2);
  t.same(scheduled, [START + 61_000, START + 64_000], 'three times as long');
  t.same(await stored(), ['a']);
  clock.now = START + 63_500;
  await outbox.look(KEY);
  t.same(await stored(), [], '3.5 s after the first try, however long it had waited for a way');
});

t.test('the answer to an OnBoardRequest is passed on, once', async (t) => {
  const { outbox, derive, onBoarded } = await outboxAtHand(t);
  await derive(['notify-7.0.0', 'notify-7.10000.1']);
  for (const msgId of ['notify-7.10000.1', 'notify-7.0.0', 'notify-7.0.0']) {
    await outbox.answered(KEY, CONTROLLER, msgId);
  }
  t.same(onBoarded, [CONTROLLER]);
});
