// The script by which a process says which subscriptions it has in its code, and retires those that nobody has had for a long time.

/**
 * ARGV: ms within which it need not be said again, ms after which others are retired (-1: never), subscriptions of the code. What is
 * retired gets no more, and keeps what it has.
 */
export const sight = `
local at, latelyMs, retireAfterMs = now(), tonumber(ARGV[1]), tonumber(ARGV[2])
local ours = {}
for i = 3, #ARGV do ours[ARGV[i]] = true end
local list = redis.call('HGETALL', base .. ':subs')
for i = 1, #list, 2 do
  local name, sub = list[i], cjson.decode(list[i + 1])
  local seenAt = tonumber(redis.call('HGET', base .. ':seen', name) or '')
  local active = sub.active
  -- Of those without a time nobody knows: counted from now on.
  if not seenAt or (ours[name] and at - seenAt >= latelyMs) then redis.call('HSET', base .. ':seen', name, at) end
  if ours[name] then
    active = true
  elseif retireAfterMs >= 0 and seenAt and at - seenAt > retireAfterMs then
    active = false
  end
  if active ~= sub.active then
    sub.active = active
    redis.call('HSET', base .. ':subs', name, cjson.encode(sub))
  end
end
return 1`;
