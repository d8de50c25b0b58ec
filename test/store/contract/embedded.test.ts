// The embedded store keeps the contract, on a real log on disk.
import t, { type Test } from 'tap';
import { createEmbeddedStore } from '../../../proxy/store/embedded/embedded.ts';
import { openLog } from '../../../proxy/store/log/log.ts';
import type { Store } from '../../../proxy/store/store.ts';
import { runContract } from './contract.ts';
import { START } from './samples.ts';
import type { Subject } from './subject.ts';

async function openEmbedded(t: Test): Promise<Subject> {
  const folder = t.testdir();
  const clock = { now: START };
  const open = async (): Promise<Store> => {
    const now = (): number => clock.now;
    return createEmbeddedStore(await openLog({ folder, sync: 'none', clock: now }), now);
  };
  let store = await open();
  t.teardown(() => store.close());
  return {
    store,
    clock,
    async reopen() {
      await store.close();
      store = await open();
      return store;
    },
  };
}

runContract(t, openEmbedded);
