// ImageSteps on Redis: the uses of an image are a hash of its own, beside the mark that it is given up.
import { DocumentOrigins } from '../documents/images.ts';
import { GIVEN_UP_MS, type ImageKey, type ImageOrigin, type ImageSteps, type ImageUse } from '../image-steps.ts';
import { type Connection, script } from './connection.ts';
import type { DocumentRunner } from './document-runner.ts';
import { sharedImageKeys } from './layout.ts';

/** A use is `<by> <at>`. KEYS: uses, mark. ARGV: device, by, at. */
const USE = script(`
if redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
local known = redis.call('HGET', KEYS[1], ARGV[1])
local by = tonumber(ARGV[2])
if known then by = math.max(by, tonumber(string.match(known, '^%d+'))) end
redis.call('HSET', KEYS[1], ARGV[1], string.format('%d', by) .. ' ' .. ARGV[3])
return 1
`);

/** KEYS: uses, mark. ARGV: how long the mark stays, and of a use that ends: device, by. */
const LEAVE = script(`
if ARGV[2] then
  local known = redis.call('HGET', KEYS[1], ARGV[2])
  if known and tonumber(string.match(known, '^%d+')) <= tonumber(ARGV[3]) then redis.call('HDEL', KEYS[1], ARGV[2]) end
end
if redis.call('HLEN', KEYS[1]) > 0 then return 1 end
redis.call('SET', KEYS[2], '1', 'PX', ARGV[1])
return 0
`);

const PAGE = 1000;

export class RedisImages implements ImageSteps {
  readonly #connection: Connection;
  readonly #runner: DocumentRunner;

  constructor(connection: Connection, runner: DocumentRunner) {
    this.#connection = connection;
    this.#runner = runner;
  }

  async useImage(image: ImageKey, { device, by, at }: ImageUse): Promise<'used' | 'given-up'> {
    const { uses, givenUp } = sharedImageKeys(image);
    const done = await this.#connection.run(USE, [uses, givenUp], [device, String(by), String(at)]);
    return done === 1 ? 'used' : 'given-up';
  }

  leaveImage(image: ImageKey, { device, by }: ImageUse): Promise<'used' | 'given-up'> {
    return this.#leave(image, [device, String(by)]);
  }

  giveUpImage(image: ImageKey): Promise<'used' | 'given-up'> {
    return this.#leave(image, []);
  }

  countUses(image: ImageKey): Promise<number> {
    return this.#connection.send((redis) => redis.hlen(sharedImageKeys(image).uses));
  }

  async *listUses(image: ImageKey): AsyncGenerator<ImageUse, void> {
    const { uses } = sharedImageKeys(image);
    let cursor = '0';
    do {
      const from = cursor;
      const [next, page] = await this.#connection.send((redis) => redis.hscan(uses, from, 'COUNT', PAGE));
      for (let at = 0; at + 1 < page.length; at += 2) {
        const [device = '', use = ''] = page.slice(at, at + 2);
        const [by, since] = use.split(' ');
        yield { device, by: Number(by), at: Number(since) };
      }
      cursor = next;
    } while (cursor !== '0');
  }

  readOrigin(tenant: string, digest: string): Promise<ImageOrigin | undefined> {
    return this.#runner.run((documents) => new DocumentOrigins(documents).readOrigin(tenant, digest));
  }

  saveOrigin(tenant: string, digest: string, origin: ImageOrigin, expiresAt: number): Promise<void> {
    return this.#runner.run((documents) =>
      new DocumentOrigins(documents).saveOrigin(tenant, digest, origin, expiresAt),
    );
  }

  async #leave(image: ImageKey, use: readonly string[]): Promise<'used' | 'given-up'> {
    const { uses, givenUp } = sharedImageKeys(image);
    const left = await this.#connection.run(LEAVE, [uses, givenUp], [String(GIVEN_UP_MS), ...use]);
    return left === 1 ? 'used' : 'given-up';
  }
}
