// What tells our work from that of the ACS behind us, and devices handed over to another ACS.
import type { Test } from 'tap';
import { NOTHING_UPSTREAM, type UpstreamRecord } from '../../../proxy/store/upstream-steps.ts';
import { claim, claimed, giveUp, KEY, keyOf, read, START } from './samples.ts';
import type { OpenStore } from './subject.ts';

const UPSTREAM: UpstreamRecord = {
  ParameterKey: 'acs key',
  kept: ['6 CONNECTION REQUEST'],
  watched: ['Device.Time.', 'Device.DeviceInfo.ProvisioningCode'],
  always: ['Device.DeviceInfo.SoftwareVersion'],
  values: 'digest',
};

export function upstreamContract(t: Test, openStore: OpenStore): void {
  t.test('it is as it was saved, of each device its own, over the end of the session and of the run', async (t) => {
    const { store, reopen } = await openStore(t);
    t.equal(await store.upstream.readUpstream(KEY), undefined, 'a device that never came');
    const epoch = await claimed(store);
    t.same((await store.upstream.readUpstream(KEY))?.upstream, NOTHING_UPSTREAM);
    t.equal(await store.upstream.saveUpstream(KEY, epoch, UPSTREAM), 'done');
    await claim(store, { key: keyOf('A2') });
    await store.devices.release(KEY, epoch, giveUp());
    const again = await reopen();
    const view = await again.upstream.readUpstream(KEY);
    t.same(view?.upstream, UPSTREAM);
    t.match(view?.device, { key: KEY, epoch });
    t.same((await again.upstream.readUpstream(keyOf('A2')))?.upstream, NOTHING_UPSTREAM);
  });

  t.test('only the owner saves it', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    await claim(store, { at: START + 1 });
    t.equal(await store.upstream.saveUpstream(KEY, epoch, UPSTREAM), 'stale');
    t.equal(await store.upstream.saveUpstream(keyOf('none'), epoch, UPSTREAM), 'stale');
    t.same((await store.upstream.readUpstream(KEY))?.upstream, NOTHING_UPSTREAM);
  });

  t.test('a Connection Request of ours is under way until an Inform comes, or until it has failed', async (t) => {
    const { store } = await openStore(t);
    await store.devices.release(KEY, await claimed(store), giveUp());
    const calling = async (): Promise<boolean | undefined> => (await store.upstream.readUpstream(KEY))?.calling;
    t.equal(await calling(), false);
    await store.devices.beginWake(KEY, 'n1', START, 1000);
    t.equal(await calling(), true);
    await claim(store, { at: START + 1 });
    t.equal(await calling(), false);
    await store.devices.beginWake(KEY, 'n1', START + 2, 1000);
    await store.devices.endWake(KEY, { at: START + 3, outcome: 'refused', detail: '' });
    t.equal(await calling(), false);
  });

  t.test('a device that was handed over is marked until it comes again', async (t) => {
    const { store } = await openStore(t);
    const epoch = await claimed(store);
    const { version } = await read(store);
    const released = { url: 'http://acs.example/', at: START };
    t.equal(await store.upstream.markReleased(KEY, epoch, released), 'done');
    await store.devices.release(KEY, epoch, giveUp());
    const marked = await read(store);
    t.same(marked.released, released);
    t.ok(marked.version > version);
    t.equal(await store.upstream.markReleased(KEY, epoch, released), 'stale');
    t.equal((await claim(store, { at: START + 1 })).released, undefined);
  });
}
