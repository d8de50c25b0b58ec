// What spans devices: who is registered, who has an Endpoint ID, who may owe a Controller something, whom an incarnation
// may hold. One rule for all: an index is written before the device is, and names too much rather than too little; who
// reads it looks at the device, and takes out what has been wrong for longer than any step lasts. On one server the
// order of commands is that of sending; in a Cluster a crash between two servers may leave out an entry: the device's
// next Inform with other facts, or the next event for that Controller, writes it again.
import { parseDocument, type Write } from '../documents/documents.ts';
import type { DeviceDocument } from '../documents/state.ts';
import type { DeviceKey } from '../store.ts';
import { type Connection, script } from './connection.ts';
import {
  controllersKey,
  devicesKey,
  endpointKey,
  enrolledKey,
  holdsKey,
  memberOf,
  NODES,
  owingKeys,
} from './layout.ts';

/** Adds a device to its tenant's registry unless that is full. ARGV: device, cap. */
const ADMIT = script(`
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 1 end
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
return redis.call('ZADD', KEYS[1], 0, ARGV[1])
`);

/** Takes members out that were not named since. KEYS: names, since (may be the same). ARGV: since, members. */
const SWEEP = script(`
for at = 2, #ARGV do
  local score = redis.call('ZSCORE', KEYS[2], ARGV[at])
  if not score or tonumber(score) < tonumber(ARGV[1]) then
    redis.call('ZREM', KEYS[1], ARGV[at])
    redis.call('ZREM', KEYS[2], ARGV[at])
  end
end
return 1
`);

/** Whoever has named a device has written it by then, or never will; and no two nodes' clocks differ more. */
const WRONG_FOR_MS = 60_000;

/** `outbox/<tenant>/<controller>/<device>`, the Controller encoded. */
const controllerOf = (path: string, { tenant, device }: DeviceKey): string =>
  decodeURIComponent(path.slice('outbox/'.length + tenant.length + 1, -device.length - 1));

export class Indexes {
  readonly #connection: Connection;
  readonly #now: () => number;

  constructor(connection: Connection, now: () => number) {
    this.#connection = connection;
    this.#now = now;
  }

  /** Writes that are an index's, not the device's. */
  covers(path: string): boolean {
    return path.startsWith('endpoint/') || path.startsWith('outbox/');
  }

  /** False when the registry is full. A device that was admitted and never written is written by its next Inform. */
  async admit({ tenant, device }: DeviceKey, cap: number): Promise<boolean> {
    return (await this.#connection.run(ADMIT, [devicesKey(tenant)], [device, String(cap)])) === 1;
  }

  /**
   * Sends what the writes of a step, and who takes the device, add to the indexes. What they take out, readers do. Each
   * write of what a device is names it anew, in case a failover of Redis has lost its name.
   */
  add(key: DeviceKey, writes: readonly Write[], holder: string | undefined): Promise<unknown>[] {
    const sent = writes.flatMap(({ key: path, value }) => {
      if (value === undefined) return [];
      if (path.startsWith('device/')) return this.#addDevice(key, parseDocument<DeviceDocument>(path, value));
      if (path.startsWith('enrolled/')) return [this.addEnrolled(key)];
      if (path.startsWith('outbox/')) return this.#addOwing(key, controllerOf(path, key));
      return [];
    });
    const member = memberOf(key);
    if (holder !== undefined) sent.push(this.#connection.send((redis) => redis.sadd(holdsKey(holder), member)));
    return sent;
  }

  async findDevice(tenant: string, endpointId: string): Promise<DeviceKey | undefined> {
    const device = await this.#connection.send((redis) => redis.get(endpointKey(tenant, endpointId)));
    return device === null ? undefined : { tenant, device };
  }

  /** Names of devices that may be registered, in byte order. */
  listDevices(tenant: string, after: string, limit: number): Promise<readonly string[]> {
    return this.#page(devicesKey(tenant), after, limit);
  }

  addEnrolled({ tenant, device }: DeviceKey): Promise<unknown> {
    return this.#connection.send((redis) => redis.zadd(enrolledKey(tenant), 0, device));
  }

  removeEnrolled({ tenant, device }: DeviceKey): Promise<unknown> {
    return this.#connection.send((redis) => redis.zrem(enrolledKey(tenant), device));
  }

  /** Names of devices that may be enrolled, in byte order. */
  listEnrolled(tenant: string, after: string, limit: number): Promise<readonly string[]> {
    return this.#page(enrolledKey(tenant), after, limit);
  }

  /** Devices that an incarnation may hold. */
  held(incarnation: string): Promise<readonly string[]> {
    return this.#connection.send((redis) => redis.smembers(holdsKey(incarnation)));
  }

  /**
   * The incarnation does not hold the device any more. Only its own node says so, on the connection on which it took it,
   * so the order of sending holds; nobody waits for it.
   */
  free(key: DeviceKey, incarnation: string): void {
    this.#connection.send((redis) => redis.srem(holdsKey(incarnation), memberOf(key))).catch(() => undefined);
  }

  async forgetIncarnation(incarnation: string): Promise<void> {
    await this.#connection.send((redis) =>
      Promise.all([redis.hdel(NODES, incarnation), redis.unlink(holdsKey(incarnation))]),
    );
  }

  /** Names of devices that may owe a Controller something, in byte order. */
  listOwing(tenant: string, controller: string, after: string, limit: number): Promise<readonly string[]> {
    return this.#page(owingKeys(tenant, controller).names, after, limit);
  }

  async sweepOwing(tenant: string, controller: string, devices: readonly string[]): Promise<void> {
    if (devices.length === 0) return;
    const { names, since } = owingKeys(tenant, controller);
    await this.#connection.run(SWEEP, [names, since], [this.#wrongSince(), ...devices]);
  }

  listControllers(tenant: string): Promise<readonly string[]> {
    return this.#connection.send((redis) => redis.zrange(controllersKey(tenant), '0', '-1'));
  }

  async sweepControllers(tenant: string, controllers: readonly string[]): Promise<void> {
    if (controllers.length === 0) return;
    const key = controllersKey(tenant);
    await this.#connection.run(SWEEP, [key, key], [this.#wrongSince(), ...controllers]);
  }

  #addDevice({ tenant, device }: DeviceKey, { identity }: DeviceDocument): Promise<unknown>[] {
    return [
      this.#connection.send((redis) => redis.zadd(devicesKey(tenant), 0, device)),
      this.#connection.send((redis) => redis.set(endpointKey(tenant, identity.endpointId), device)),
    ];
  }

  #addOwing({ tenant, device }: DeviceKey, controller: string): Promise<unknown>[] {
    const { names, since } = owingKeys(tenant, controller);
    const now = this.#now();
    return [
      // Since when before the name: a sweep takes out a name that nobody has vouched for.
      this.#connection.send((redis) => redis.zadd(since, now, device)),
      this.#connection.send((redis) => redis.zadd(names, 0, device)),
      this.#connection.send((redis) => redis.zadd(controllersKey(tenant), now, controller)),
    ];
  }

  #page(key: string, after: string, limit: number): Promise<string[]> {
    const from = after === '' ? '-' : `(${after}`;
    return this.#connection.send((redis) => redis.zrangebylex(key, from, '+', 'LIMIT', 0, limit));
  }

  #wrongSince(): string {
    return String(this.#now() - WRONG_FOR_MS);
  }
}
