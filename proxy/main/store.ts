// Which store: embedded on disk, or Redis where one is configured.
import type { Config } from '../config/schema.ts';
import { type Clock, systemRandomness } from '../operate/clock.ts';
import type { Log } from '../operate/log.ts';
import { createEmbeddedStore } from '../store/embedded/embedded.ts';
import { openLog } from '../store/log/log.ts';
import type { Store } from '../store/store.ts';

export async function openStore(config: Config, clock: Clock, log: Log): Promise<Store> {
  const now = (): number => clock.now();
  const url = config['redis.url'];
  if (url !== '') {
    // Its library takes a tenth of the start, which is for those who use it.
    const { openRedisStore } = await import('../store/redis/redis.ts');
    return openRedisStore({
      url,
      timeoutMs: config['redis.timeout'],
      now,
      randomness: systemRandomness,
      onEvent: (event) => log[event.kind === 'connected' ? 'info' : 'warn'](event, 'the store on Redis'),
    });
  }
  const folder = config['data.dir'];
  const opened = await openLog({
    folder,
    sync: config['data.sync'],
    clock: now,
    onEvent: (event) => log.info({ folder, ...event }, 'the embedded store'),
  });
  return createEmbeddedStore(opened, now);
}
