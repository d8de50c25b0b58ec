// Device.LocalAgent.Periodic!: each Controller at its own interval and phase, by a timer that lives in the store (TP-469 1.59).
import t from 'tap';
import { KEY, START } from '../store/contract/samples.ts';
import { AgentOverStore } from './agent-over-store.ts';
import { add, create, remove, set, update, type Values } from './requests.ts';

const SUBSCRIPTIONS = 'Device.LocalAgent.Subscription.';
const ME = 'Device.LocalAgent.Controller.1.';
const WANTED: Values = { Enable: 'true', NotifType: 'Event', ReferenceList: 'Device.LocalAgent.Periodic!', ID: 'tick' };
const MINUTE = 60_000;

async function ticking(t: Parameters<typeof AgentOverStore.open>[0], values: Values): Promise<AgentOverStore> {
  const over = await AgentOverStore.open(t);
  await over.deriveAll();
  await over.answer(add(create(SUBSCRIPTIONS, WANTED)));
  await over.answer(set(update(ME, values)));
  return over;
}
/** As due work does; how many were told at each time until `end`. */
async function runUntil(over: AgentOverStore, end: number): Promise<readonly (readonly [at: number, told: number])[]> {
  const told: [number, number][] = [];
  for (let at = await over.agent.lookAfter(KEY); at !== undefined && at <= end; at = await over.agent.lookAfter(KEY)) {
    over.now = Math.max(at, over.now);
    await over.agent.lookAfter(KEY);
    told.push([over.now - START, (await over.notifications()).length]);
  }
  return told;
}

t.test('every interval, at the phase of the Controller', async (t) => {
  const time = new Date(START + 7000).toISOString().slice(0, 19);
  const over = await ticking(t, { 'PeriodicNotifInterval!': '60', 'PeriodicNotifTime!': `${time}Z` });
  t.same(await over.notifications(), [], 'not yet');
  t.same(await runUntil(over, START + 3 * MINUTE), [
    [7000, 1],
    [67_000, 1],
    [127_000, 1],
  ]);
  over.now += 10 * MINUTE;
  await over.agent.lookAfter(KEY);
  t.same((await over.notifications()).length, 1, 'of those that a stopped gateway missed, one');
});

t.test('without a time of its own, at some phase within the interval', async (t) => {
  const over = await ticking(t, { 'PeriodicNotifInterval!': '60' });
  const [first] = await runUntil(over, START + MINUTE);
  t.ok(first !== undefined && first[0] > 0 && first[0] <= MINUTE);
  t.match(await runUntil(over, START + 2 * MINUTE), [[(first?.[0] ?? 0) + MINUTE, 1]]);
});

t.test('a changed interval counts from the change', async (t) => {
  const over = await ticking(t, { 'PeriodicNotifInterval!': '3600' });
  over.now += MINUTE;
  await over.answer(set(update(ME, { 'PeriodicNotifInterval!': '10' })));
  await over.agent.lookAfter(KEY);
  t.same(await over.notifications(), [], 'nothing at once');
  const told = await runUntil(over, START + MINUTE + 20_000);
  t.same(
    told.map(([, count]) => count),
    [1, 1],
  );
});

t.test('nobody is told between a reboot that was asked for and its Boot!', async (t) => {
  const over = await ticking(t, { 'PeriodicNotifInterval!': '10' });
  const { epoch } = await over.device();
  const until = over.now + 90_000;
  await over.store.devices.setQuiet(KEY, epoch, { reason: 'reboot', until });
  over.now += 30_000;
  t.equal(await over.agent.lookAfter(KEY), until);
  t.same(await over.notifications(), []);
});

t.test('it ends with its last Subscription', async (t) => {
  const over = await ticking(t, { 'PeriodicNotifInterval!': '10' });
  t.ok((await over.device()).periodicAt > 0);
  await over.answer(remove(`${SUBSCRIPTIONS}10000.`));
  t.equal((await over.device()).periodicAt, 0);
  t.equal(await over.agent.lookAfter(KEY), undefined);
});
