// The store on Redis keeps the contract, on a real server that holds every step to the slots of a Cluster.
import t, { type Test } from 'tap';
import { systemRandomness } from '../../../proxy/operate/clock.ts';
import { openRedisStore } from '../../../proxy/store/redis/redis.ts';
import type { Store } from '../../../proxy/store/store.ts';
import { emptyDatabase, missingRedis, type RedisServer, startClusterRedis } from '../../redis-server.ts';
import { runContract } from './contract.ts';
import { START } from './samples.ts';
import type { OpenStore, Subject } from './subject.ts';

const openOn =
  (server: RedisServer): OpenStore =>
  async (t: Test): Promise<Subject> => {
    const url = await emptyDatabase(server, 0);
    const clock = { now: START };
    const open = (): Promise<Store> =>
      openRedisStore({
        url,
        timeoutMs: 20_000,
        now: () => clock.now,
        randomness: systemRandomness,
        onEvent: () => undefined,
      });
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
  };

const missing = missingRedis();
if (missing === false) runContract(t, openOn(await startClusterRedis(t)));
else t.pass(missing, { skip: missing });
