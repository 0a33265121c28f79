// The scripts that run inside of Redis, each as a whole or not at all: whatever a process does to messages is one of them, so that a
// crash between two commands does not exist. Times are the server's.
//
//   base:log         stream; each message once, with the fields of `publish`
//   base:refs        message -> how many subscriptions still need it
//   base:subs        subscription -> JSON {active, ordered, filter}
//   base:seen        subscription -> when a process last had it in its code
//   base:ids         ids accepted within the dedup window, by time
//   base:wake        channel; the name of a subscription that has something to do
//
// and per subscription, with `s` for base:s:<name>:
//   s:waits          every message without an outcome, by the time from which its retention counts
//   s:due            those that may be taken, by the time when: now, after a backoff, after a lease
//   s:heads, s:line:<key>   with order: the message of a key that is in s:due, and those behind it
//   s:later          when a message in a line falls due, if not at once
//   s:tries, s:lease, s:reason, s:replays   attempts so far; who has it; why it failed last; the replay's trace
//   s:dead, s:dead:info, s:dead:ids   dead letters by time; JSON {attempts, reason}; entry by message id
import { sight } from "./sight-script.ts";

/** KEYS[1]: base. ARGV[1], but for `publish`, `declare` and `sight`: the subscription. */
const prelude = `
local base = KEYS[1]
local function now()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end
local function s(name, part) return base .. ':s:' .. name .. ':' .. part end
local function wake(name) redis.call('PUBLISH', base .. ':wake', name) end
-- A server whose memory is full refuses what may need more, until a script has written: this takes nothing away, and lets through what
-- makes room in the end.
local function evenWhenFull(name) redis.call('ZREM', s(name, 'due'), '') end
-- Puts a message among those that wait. Gives whether it may be taken at some time, which is not so behind another of its key.
local function enqueue(name, entry, due, ordered, key, at)
  redis.call('ZADD', s(name, 'waits'), due, entry)
  if ordered and redis.call('HSETNX', s(name, 'heads'), key, entry) == 0 then
    redis.call('RPUSH', s(name, 'line:' .. key), entry)
    if due > at then redis.call('HSET', s(name, 'later'), entry, due) end
    return false
  end
  redis.call('ZADD', s(name, 'due'), due, entry)
  return true
end
-- Takes it from those that wait, and lets the next one of its key follow. Gives whether there was one.
local function leave(name, entry, key, at)
  redis.call('ZREM', s(name, 'due'), entry)
  redis.call('ZREM', s(name, 'waits'), entry)
  for _, part in ipairs({'tries', 'lease', 'reason', 'replays'}) do redis.call('HDEL', s(name, part), entry) end
  if redis.call('HGET', s(name, 'heads'), key) ~= entry then return false end
  local follower = redis.call('LPOP', s(name, 'line:' .. key))
  if not follower then
    redis.call('HDEL', s(name, 'heads'), key)
    return false
  end
  redis.call('HSET', s(name, 'heads'), key, follower)
  local due = tonumber(redis.call('HGET', s(name, 'later'), follower)) or at
  redis.call('HDEL', s(name, 'later'), follower)
  redis.call('ZADD', s(name, 'due'), math.max(due, at), follower)
  wake(name)
  return true
end
-- One subscription less needs it.
local function forget(entry)
  if redis.call('HINCRBY', base .. ':refs', entry, -1) > 0 then return end
  redis.call('HDEL', base .. ':refs', entry)
  redis.call('XDEL', base .. ':log', entry)
end
local function holds(name, entry, token) return redis.call('HGET', s(name, 'lease'), entry) == token end
local function fields(entry)
  local found = redis.call('XRANGE', base .. ':log', entry, entry)
  return found[1] and found[1][2]
end
local function keyOf(entry)
  local list = fields(entry) or {}
  for i = 1, #list, 2 do if list[i] == 'k' then return list[i + 1] end end
  return ''
end
`;

const scriptsByName = {
  /** ARGV: dedup window (ms), then per message: id, payload, attributes (JSON), "1" with a key, key, traceparent, deliver at (ms or 0), "1" for a repeat. */
  publish: `
local at = now()
local windowMs = tonumber(ARGV[1])
local subs = {}
local isFiltered = false
local list = redis.call('HGETALL', base .. ':subs')
for i = 1, #list, 2 do
  local sub = cjson.decode(list[i + 1])
  if sub.active then
    sub.name = list[i]
    isFiltered = isFiltered or type(sub.filter) == 'table'
    table.insert(subs, sub)
  end
end
local function wants(sub, attributes)
  if type(sub.filter) ~= 'table' then return true end
  for name, values in pairs(sub.filter) do
    local isOne = false
    for _, value in ipairs(values) do isOne = isOne or value == attributes[name] end
    if not isOne then return false end
  end
  return true
end
-- What can fail does so before anything is written: nobody takes back what a script has done.
local attributes = {}
if isFiltered then
  for i = 2, #ARGV, 8 do attributes[i] = cjson.decode(ARGV[i + 2]) end
end
-- Writes nothing, and is refused when the memory is full.
redis.call('SETRANGE', base .. ':room', 0, '')
local woken = {}
redis.call('ZREMRANGEBYSCORE', base .. ':ids', '-inf', at - windowMs)
for i = 2, #ARGV, 8 do
  local isNew = ARGV[i + 7] ~= '1' or redis.call('ZADD', base .. ':ids', 'NX', at, ARGV[i]) == 1
  local wanted = {}
  if isNew then
    for _, sub in ipairs(subs) do if wants(sub, attributes[i]) then table.insert(wanted, sub) end end
  end
  if #wanted > 0 then
    local entry = redis.call('XADD', base .. ':log', '*', 'i', ARGV[i], 'p', ARGV[i + 1], 'a', ARGV[i + 2],
      'o', ARGV[i + 3], 'k', ARGV[i + 4], 't', ARGV[i + 5], 'u', at)
    redis.call('HSET', base .. ':refs', entry, #wanted)
    local due = math.max(at, tonumber(ARGV[i + 6]))
    for _, sub in ipairs(wanted) do
      if enqueue(sub.name, entry, due, sub.ordered, ARGV[i + 4], at) then woken[sub.name] = true end
    end
  end
end
for name in pairs(woken) do wake(name) end
return 1`,

  /** ARGV: subscription, how many, lease (ms), token. Gives per message: entry, attempts, waits since, last reason, replay, fields. */
  take: `
local name, token = ARGV[1], ARGV[4]
local at = now()
local taken = {}
evenWhenFull(name)
for _, entry in ipairs(redis.call('ZRANGEBYSCORE', s(name, 'due'), '-inf', at, 'LIMIT', 0, ARGV[2])) do
  redis.call('ZADD', s(name, 'due'), at + ARGV[3], entry)
  redis.call('HSET', s(name, 'lease'), entry, token)
  local tries = redis.call('HINCRBY', s(name, 'tries'), entry, 1)
  table.insert(taken, {entry, tries, redis.call('ZSCORE', s(name, 'waits'), entry),
    redis.call('HGET', s(name, 'reason'), entry), redis.call('HGET', s(name, 'replays'), entry), fields(entry)})
end
return taken`,

  /** ARGV: subscription. Milliseconds until something falls due; -1: nothing waits. */
  untilDue: `
local first = redis.call('ZRANGE', s(ARGV[1], 'due'), 0, 0, 'WITHSCORES')
if not first[2] then return -1 end
return math.max(0, tonumber(first[2]) - now())`,

  /** ARGV: subscription, entry, token, key. 2: another of its key is due now. */
  handled: `
local name, entry = ARGV[1], ARGV[2]
if not holds(name, entry, ARGV[3]) then return 0 end
local follows = leave(name, entry, ARGV[4], now())
forget(entry)
return follows and 2 or 1`,

  /** ARGV: subscription, entry, token, wait (ms), reason. */
  retry: `
local name, entry = ARGV[1], ARGV[2]
if not holds(name, entry, ARGV[3]) then return 0 end
redis.call('HDEL', s(name, 'lease'), entry)
redis.call('ZADD', s(name, 'due'), now() + ARGV[4], entry)
redis.call('HSET', s(name, 'reason'), entry, ARGV[5])
return 1`,

  /** ARGV: subscription, entry, token, key, message id, attempts, reason. 2: another of its key is due now. */
  bury: `
local name, entry = ARGV[1], ARGV[2]
if not holds(name, entry, ARGV[3]) then return 0 end
local at = now()
local follows = leave(name, entry, ARGV[4], at)
redis.call('ZADD', s(name, 'dead'), at, entry)
redis.call('HSET', s(name, 'dead:info'), entry, cjson.encode({attempts = tonumber(ARGV[6]), reason = ARGV[7]}))
redis.call('HSET', s(name, 'dead:ids'), ARGV[5], entry)
return follows and 2 or 1`,

  /** ARGV: subscription, entry, token. */
  handBack: `
local name, entry = ARGV[1], ARGV[2]
if not holds(name, entry, ARGV[3]) then return 0 end
redis.call('HDEL', s(name, 'lease'), entry)
redis.call('HINCRBY', s(name, 'tries'), entry, -1)
redis.call('ZADD', s(name, 'due'), now(), entry)
wake(name)
return 1`,

  /** ARGV: subscription, entry, token, lease (ms). */
  extend: `
local name, entry = ARGV[1], ARGV[2]
if not holds(name, entry, ARGV[3]) then return 0 end
evenWhenFull(name)
redis.call('ZADD', s(name, 'due'), now() + ARGV[4], entry)
return 1`,

  /** ARGV: per subscription of the code, name and JSON {active, ordered, filter}. */
  declare: `
local at = now()
-- What waits since before the topic had an order, or lost it, is for the consumers of today. Whoever has a message now loses it.
local function reorder(name, ordered)
  local entries = redis.call('ZRANGE', s(name, 'waits'), 0, -1)
  local function parts(entry)
    local ms, n = string.match(entry, '(%d+)-(%d+)')
    return tonumber(ms), tonumber(n)
  end
  table.sort(entries, function(a, b)
    local aMs, aN = parts(a)
    local bMs, bN = parts(b)
    return aMs < bMs or (aMs == bMs and aN < bN)
  end)
  for _, key in ipairs(redis.call('HKEYS', s(name, 'heads'))) do redis.call('DEL', s(name, 'line:' .. key)) end
  redis.call('DEL', s(name, 'heads'), s(name, 'lease'))
  for _, entry in ipairs(entries) do
    local due = redis.call('ZSCORE', s(name, 'due'), entry) or redis.call('HGET', s(name, 'later'), entry) or at
    local since = redis.call('ZSCORE', s(name, 'waits'), entry)
    redis.call('ZREM', s(name, 'due'), entry)
    redis.call('HDEL', s(name, 'later'), entry)
    enqueue(name, entry, tonumber(due), ordered, keyOf(entry), at)
    redis.call('ZADD', s(name, 'waits'), since, entry)
  end
end
for i = 1, #ARGV, 2 do
  local name, text = ARGV[i], ARGV[i + 1]
  local before = redis.call('HGET', base .. ':subs', name)
  local ordered = cjson.decode(text).ordered
  redis.call('HSET', base .. ':subs', name, text)
  if before and cjson.decode(before).ordered ~= ordered then
    reorder(name, ordered)
    wake(name)
  end
end
return 1`,

  sight,

  /** ARGV: subscription. */
  state: `
local name = ARGV[1]
local oldest = redis.call('ZRANGE', s(name, 'waits'), 0, 0, 'WITHSCORES')
return {redis.call('ZCARD', s(name, 'waits')), oldest[2] and math.max(0, now() - tonumber(oldest[2])) or -1,
  redis.call('ZCARD', s(name, 'dead'))}`,

  /** ARGV: subscription, how many, entry of the last one before or "". Gives per letter: entry, died at, info, fields. */
  letters: `
local name = ARGV[1]
local from = 0
if ARGV[3] ~= '' then
  local diedAt, entry = string.match(ARGV[3], '^(%d+)/(.+)$')
  local rank = redis.call('ZRANK', s(name, 'dead'), entry)
  -- One that was replayed meanwhile has left its place: all that died at its time or before are behind the reader.
  from = rank and rank + 1 or redis.call('ZCOUNT', s(name, 'dead'), '-inf', diedAt)
end
local letters = {}
local list = redis.call('ZRANGE', s(name, 'dead'), from, from + ARGV[2] - 1, 'WITHSCORES')
for i = 1, #list, 2 do
  table.insert(letters, {list[i], list[i + 1], redis.call('HGET', s(name, 'dead:info'), list[i]), fields(list[i])})
end
return letters`,

  /** ARGV: subscription, "replay" or "discard", ms after now of the first, ms between two, traceparent or "", entries. Gives how many. */
  raise: `
local name, isReplay = ARGV[1], ARGV[2] == 'replay'
local at = now()
local sub = cjson.decode(redis.call('HGET', base .. ':subs', name) or '{}')
local raised = 0
for i = 6, #ARGV do
  local entry = ARGV[i]
  if redis.call('ZREM', s(name, 'dead'), entry) == 1 then
    local list = fields(entry)
    redis.call('HDEL', s(name, 'dead:info'), entry)
    redis.call('HDEL', s(name, 'dead:ids'), list[2])
    if isReplay then
      if ARGV[5] ~= '' then redis.call('HSET', s(name, 'replays'), entry, ARGV[5]) end
      local due = at + ARGV[3] + math.floor(raised * ARGV[4])
      enqueue(name, entry, due, sub.ordered, keyOf(entry), at)
    else
      forget(entry)
    end
    raised = raised + 1
  end
end
if isReplay and raised > 0 then wake(name) end
return raised`,
} as const;

export type ScriptName = keyof typeof scriptsByName;

export const scripts = Object.fromEntries(
  Object.entries(scriptsByName).map(([name, text]) => [name, prelude + text]),
) as Readonly<Record<ScriptName, string>>;
