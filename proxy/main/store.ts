// Which store: embedded on disk, or Redis where one is configured.
import type { Config } from '../config/schema.ts';
import type { Clock } from '../operate/clock.ts';
import type { Log } from '../operate/log.ts';
import { createEmbeddedStore } from '../store/embedded/embedded.ts';
import { openLog } from '../store/log/log.ts';
import type { Store } from '../store/store.ts';

export async function openStore(config: Config, clock: Clock, log: Log): Promise<Store> {
  const folder = config['data.dir'];
  const opened = await openLog({
    folder,
    sync: config['data.sync'],
    clock: () => clock.now(),
    onEvent: (event) => log.info({ folder, ...event }, 'the embedded store'),
  });
  return createEmbeddedStore(opened, () => clock.now());
}
