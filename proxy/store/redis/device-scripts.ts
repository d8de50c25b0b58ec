// The two scripts that a step on a device is made of. Both name the device's hash as their first key, and all their keys
// have its hash tag.
import { script } from './connection.ts';

/**
 * Fetches documents, and with them the image unless its token is the one that is known.
 * ARGV: the token; then for each document the number of its key, and its field ('' for a text).
 */
export const FETCH = script(`
local reply = { false }
if (redis.call('HGET', KEYS[1], '#') or '') ~= ARGV[1] then reply[1] = redis.call('HGETALL', KEYS[1]) end
for at = 2, #ARGV, 2 do
  local key, field = KEYS[tonumber(ARGV[at])], ARGV[at + 1]
  reply[#reply + 1] = field == '' and redis.call('GET', key) or field ~= '' and redis.call('HGET', key, field)
end
return reply
`);

/**
 * Makes all changes of a step if the device is still as the step has read it, else replies with the image as it is.
 * ARGV: the token that was read, the token to be; then for each change the number of its key, its field ('' for a text),
 * the value, and how long it lives: milliseconds, '' for good, '-' for a value that goes.
 */
export const COMMIT = script(`
if (redis.call('HGET', KEYS[1], '#') or '') ~= ARGV[1] then return redis.call('HGETALL', KEYS[1]) end
for at = 3, #ARGV, 4 do
  local key, field, value, life = KEYS[tonumber(ARGV[at])], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
  if field ~= '' then
    if life == '-' then redis.call('HDEL', key, field) else redis.call('HSET', key, field, value) end
  elseif life == '-' then
    redis.call('DEL', key)
  elseif life == '' then
    redis.call('SET', key, value)
  else
    redis.call('SET', key, value, 'PX', life)
  end
end
redis.call('HSET', KEYS[1], '#', ARGV[2])
return 1
`);
