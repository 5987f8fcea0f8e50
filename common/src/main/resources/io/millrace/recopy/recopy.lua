-- Puts the value of KEYS[1] into the replication stream, as the value of the marker KEYS[2], which is gone again at the end.
-- Runs on Redis 6.0 to 8.6 and Valkey 7.2 to 9.1. Returns 1, or 0 if the key does not exist.
if redis.replicate_commands then
  redis.replicate_commands() -- 6.0: the effects are replicated, not the script
end

local function milliseconds()
  local now = redis.call('TIME')
  return tonumber(now[1]) * 1000 + math.floor(tonumber(now[2]) / 1000)
end

local payload = redis.call('DUMP', KEYS[1])
local found = payload and 1 or 0
local expiry = -1
if payload then
  local absolute = redis.pcall('PEXPIRETIME', KEYS[1]) -- since 7.0
  if type(absolute) == 'number' then
    expiry = absolute
  else
    -- Exact when both fall into one millisecond, which the clock may leave between the two calls.
    for attempt = 1, 100 do
      local before = milliseconds()
      local left = redis.call('PTTL', KEYS[1])
      if left < 0 then
        expiry = -1
        break
      end
      expiry = before + left
      if milliseconds() == before then
        break
      end
    end
  end
else
  payload = ''
end

redis.call('SET', KEYS[2], '1:' .. #KEYS[1] .. ':' .. string.format('%.0f', expiry) .. ':' .. KEYS[1] .. payload)
redis.call('DEL', KEYS[2])
return found
