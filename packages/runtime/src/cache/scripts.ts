// The few steps that must be one step on the server, as Lua. The development server knows them by their hash and does the same.
import { createHash } from "node:crypto";

export interface CacheScript {
  readonly text: string;
  /** SHA-1 of the text in hex, as the server calls it. */
  readonly sha: string;
}

function script(text: string): CacheScript {
  const trimmed = text.trim();
  return { text: trimmed, sha: createHash("sha1").update(trimmed).digest("hex") };
}

/**
 * KEYS: lock, fence; ARGV: holder, ttlMs. Takes the lock unless somebody has it. Fencing tokens grow for ever: they are the server's time in
 * microseconds, or one more than the last, so that they do even when the fence is lost. Answer: the token; nil when it is taken.
 */
export const acquireLock = script(`
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return false end
local time = redis.call('TIME')
local token = time[1] * 1000000 + time[2]
local last = tonumber(redis.call('GET', KEYS[2]) or '0')
if token <= last then token = last + 1 end
redis.call('SET', KEYS[2], string.format('%.0f', token), 'PX', 86400000)
return string.format('%.0f', token)
`);

/** KEYS: lock; ARGV: holder, ttlMs. Answer: 1, or 0 when somebody else or nobody has it. */
export const extendLock = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
`);

/** KEYS: lock; ARGV: holder. Answer: 1, or 0 when somebody else or nobody has it. */
export const releaseLock = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
`);

/**
 * KEYS: limit; ARGV: limit, windowMs, cost. The generic cell rate algorithm: one number for each key, the time at which its budget is full
 * again. Answer: allowed (1 or 0), remaining, milliseconds to wait for the cost to be free, milliseconds until the budget is full.
 */
export const takeFromBudget = script(`
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local limit, window, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local each = window / limit
local fullAt = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local next = fullAt + each * cost
local wait = next - window - now
if wait > 0.001 then
  return {0, math.floor((window - (fullAt - now)) / each + 0.001), math.ceil(wait), math.ceil(fullAt - now)}
end
if cost > 0 then redis.call('SET', KEYS[1], string.format('%.3f', next), 'PX', math.max(1, math.ceil(next - now))) end
return {1, math.floor((window - (next - now)) / each + 0.001), 0, math.ceil(next - now)}
`);
