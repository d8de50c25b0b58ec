// Stores on one Redis, each as a node of its own would open it.
import type { Test } from 'tap';
import { systemRandomness } from '../../../proxy/operate/clock.ts';
import type { ConnectionEvent } from '../../../proxy/store/redis/connection.ts';
import { openRedisStore } from '../../../proxy/store/redis/redis.ts';
import type { Store } from '../../../proxy/store/store.ts';
import { START } from '../contract/samples.ts';

export interface OpenOptions {
  readonly timeoutMs?: number;
  readonly now?: () => number;
  readonly onEvent?: (event: ConnectionEvent) => void;
}

export async function openOn(t: Test, url: string, options: OpenOptions = {}): Promise<Store> {
  const { timeoutMs = 10_000, now = () => START, onEvent = () => undefined } = options;
  const store = await openRedisStore({ url, timeoutMs, now, randomness: systemRandomness, onEvent });
  t.teardown(() => store.close());
  return store;
}
