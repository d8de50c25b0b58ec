// The tenants of devices on Redis, where there are several: a key of its own each, claimed before the device is written.
// A claim that a crash left without a device or an enrolment ends by enrolling it there and revoking that.
import { firstTenantHas } from '../documents/homes.ts';
import { type DeviceKey, FIRST_TENANT } from '../store.ts';
import { type Connection, script } from './connection.ts';
import type { DeviceRunner } from './device-runner.ts';
import { homeKey } from './layout.ts';

/** The tenant that has the device; the one of ARGV where none had it. */
const CLAIM = script(`
local home = redis.call('GET', KEYS[1])
if home then return home end
redis.call('SET', KEYS[1], ARGV[1])
return ARGV[1]
`);
const FREE = script(`
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
`);

export class RedisHomes {
  readonly #connection: Connection;
  readonly #runner: DeviceRunner;

  constructor(connection: Connection, runner: DeviceRunner) {
    this.#connection = connection;
    this.#runner = runner;
  }

  async of(device: string): Promise<string | undefined> {
    const written = await this.#connection.send((redis) => redis.get(homeKey(device)));
    if (written !== null) return written;
    const first = { tenant: FIRST_TENANT, device };
    const isFirst = await this.#runner.look(first, (documents) => firstTenantHas(documents, device));
    return isFirst ? FIRST_TENANT : undefined;
  }

  /** Whose it is from now on. `of` was asked before: it is no device of the first tenant's from before there were others. */
  async claim({ tenant, device }: DeviceKey): Promise<string> {
    return String(await this.#connection.run(CLAIM, [homeKey(device)], [tenant]));
  }

  /** It belongs to no tenant any more, if it belonged to this one. */
  async free({ tenant, device }: DeviceKey): Promise<void> {
    await this.#connection.run(FREE, [homeKey(device)], [tenant]);
  }
}
