// Incarnations: alive while their heartbeat is young, dead until somebody has looked after what they left.
import type { Test } from 'tap';
import { START } from './samples.ts';
import type { OpenStore } from './subject.ts';

export function nodeContract(t: Test, openStore: OpenStore): void {
  t.test('an incarnation is alive until its heartbeat runs out, and dead until it is forgotten', async (t) => {
    const { store } = await openStore(t);
    const { nodes } = store;
    t.same([await nodes.listAlive(START), await nodes.listDead(START)], [[], []]);
    await nodes.heartbeat('n1', START, 10_000);
    await nodes.heartbeat('n2', START + 5000, 10_000);
    t.same([...(await nodes.listAlive(START + 9999))].sort(), ['n1', 'n2']);
    t.same(await nodes.listDead(START + 9999), []);
    t.same(await nodes.listAlive(START + 10_000), ['n2']);
    t.same(await nodes.listDead(START + 10_000), ['n1']);
    await nodes.heartbeat('n1', START + 10_000, 10_000);
    t.same(await nodes.listDead(START + 10_000), [], 'a beat brings it back');
    t.same([...(await nodes.listDead(START + 99_999))].sort(), ['n1', 'n2']);
    await nodes.forgetIncarnation('n1');
    await nodes.forgetIncarnation('n1');
    t.same(await nodes.listDead(START + 99_999), ['n2']);
    t.same(await nodes.listAlive(START + 99_999), []);
  });

  t.test('a dead one is found by the next run', async (t) => {
    const { store, reopen } = await openStore(t);
    await store.nodes.heartbeat('n1', START, 10_000);
    const again = await reopen();
    t.same(await again.nodes.listDead(START + 10_000), ['n1']);
    await again.nodes.heartbeat('n2', START + 10_000, 10_000);
    t.same(await again.nodes.listAlive(START + 10_000), ['n2']);
  });
}
