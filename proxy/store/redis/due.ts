// DueSteps on Redis: when each item can be taken is a sorted set; what it is, a hash beside it, `at|leasedUntil|again`.
// Both have one hash tag, and each step is one script. Of all nodes that ask, one is handed an item.
import { CausewayError } from '../../errors.ts';
import type { DueItem, DueSteps } from '../due-steps.ts';
import { type Connection, script } from './connection.ts';
import { DUE_ITEMS, DUE_TIMES } from './layout.ts';

const KEYS = [DUE_TIMES, DUE_ITEMS];

/** Numbers stay the texts that they came as; Lua would shorten them. '' is no time. */
const PRELUDE = `
local function earlier(one, other)
  if one == '' then return other elseif other == '' then return one end
  return tonumber(one) <= tonumber(other) and one or other
end
local function get(name)
  local text = redis.call('HGET', KEYS[2], name)
  if not text then return nil end
  local at, leased, again = string.match(text, '^([^|]*)|([^|]*)|([^|]*)$')
  return { at = at, leased = leased, again = again }
end
local function put(name, item)
  redis.call('HSET', KEYS[2], name, item.at .. '|' .. item.leased .. '|' .. item.again)
  local visible = item.leased == '' and item.at or earlier(item.leased, item.again)
  redis.call('ZADD', KEYS[1], visible, name)
end
local function schedule(name, at)
  local item = get(name)
  if not item then
    put(name, { at = at, leased = '', again = '' })
  elseif item.leased ~= '' then
    item.again = earlier(item.again, at)
    put(name, item)
  elseif tonumber(at) < tonumber(item.at) then
    item.at = at
    put(name, item)
  end
end
`;

/** ARGV: item, at. */
const SCHEDULE = script(`${PRELUDE}
schedule(ARGV[1], ARGV[2])
return 1
`);

/** ARGV: now, when the lease ends, how many. Replies with items and their times in turn. */
const TAKE = script(`${PRELUDE}
local taken = {}
for _, name in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])) do
  local item = get(name)
  if item then
    if item.again ~= '' and tonumber(item.again) <= tonumber(ARGV[1]) then
      item.at, item.again = item.again, ''
    end
    item.leased = ARGV[2]
    put(name, item)
    taken[#taken + 1] = name
    taken[#taken + 1] = item.at
  else
    redis.call('ZREM', KEYS[1], name)
  end
end
return taken
`);

/** ARGV: item, at which it was taken, when it is due next ('' for never). */
const FINISH = script(`${PRELUDE}
local name, next = ARGV[1], ARGV[3]
local item = get(name)
if item and (item.leased == '' or item.at ~= ARGV[2]) then
  if next ~= '' then schedule(name, next) end
  return 1
end
if item then next = earlier(item.again, next) end
if next ~= '' then
  put(name, { at = next, leased = '', again = '' })
elseif item then
  redis.call('HDEL', KEYS[2], name)
  redis.call('ZREM', KEYS[1], name)
end
return 1
`);

const nameOf = ({ kind, key }: DueItem): string => JSON.stringify([kind, key.tenant, key.device]);

function itemOf(name: string, at: string): DueItem {
  try {
    const [kind = '', tenant = '', device = ''] = JSON.parse(name) as string[];
    return { kind, key: { tenant, device }, at: Number(at) };
  } catch (error) {
    throw new CausewayError('CAUSEWAY_STORE_CORRUPT', `${DUE_ITEMS} has a foreign field`, { cause: error });
  }
}

export class RedisDue implements DueSteps {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async schedule(item: DueItem): Promise<void> {
    await this.#connection.run(SCHEDULE, KEYS, [nameOf(item), String(item.at)]);
  }

  async takeDue(now: number, leaseMs: number, limit: number): Promise<readonly DueItem[]> {
    const reply = await this.#connection.run(TAKE, KEYS, [String(now), String(now + leaseMs), String(limit)]);
    const taken = reply as string[];
    const items = taken.flatMap((name, index) => (index % 2 === 0 ? [itemOf(name, taken[index + 1] ?? '')] : []));
    return items.sort((one, other) => one.at - other.at);
  }

  async finishDue(item: DueItem, next: number | undefined): Promise<void> {
    await this.#connection.run(FINISH, KEYS, [nameOf(item), String(item.at), next === undefined ? '' : String(next)]);
  }

  async nextDue(): Promise<number | undefined> {
    const [, at] = await this.#connection.send((redis) => redis.zrange(DUE_TIMES, '0', '0', 'WITHSCORES'));
    return at === undefined ? undefined : Number(at);
  }
}
