import type { KeyScript } from '@fourway/platform-hot-data';
import { bucketsBehind } from '@fourway/risk';

/** Operation ids a card remembers: enough for the duplicates that come close together; offsets tell the others. */
const rememberedIds = 8;
/** Twice the window: as long as records are handled at half the pace they are made, no window loses its start. */
const keptMs = 2 * 3_600_000;
/** Lua's numbers are exact to 2^53. No card reaches this sum (CNY 10 trillion an hour), and it is over every limit. */
const highestSumMinor = '1e15';

/**
 * Counts payments on cards, each once however often it comes. All keys share a hash tag.
 *
 * KEYS: the marker, then one card a payment. ARGV: the marker's value, then per payment partition, offset, bucket, amount and
 * operation id. Answers count and sum of the window per payment, in that order; a count of -1 where it cannot be known whether the
 * payment was counted; nothing at all when the marker says otherwise, so that an emptied Redis is noticed in the same step
 * that would have counted on it.
 *
 * A card's value holds the newest operation ids, the last offset counted of each partition, and the buckets as (number, count, sum).
 * A payment later than the window's oldest bucket is counted there: late is never free.
 */
export const countPayments: KeyScript = {
  name: 'fourwayCountPayments',
  lua: `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return false end
local call, unpack, pack = redis.call, cmsgpack.unpack, cmsgpack.pack
local answers = {}
for i = 2, #KEYS do
  local a = 5 * i - 9
  local partition, offset, bucket, amount = tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2]), tonumber(ARGV[a + 3]), tonumber(ARGV[a + 4])
  local id = ARGV[a + 5]
  local ids, offsets, buckets = {}, {}, {}
  local stored = call('GET', KEYS[i])
  if stored then ids, offsets, buckets = unpack(stored) end

  local at = #offsets + 1
  for j = 1, #offsets, 2 do if offsets[j] == partition then at = j end end
  local isFresh = offset > (offsets[at + 1] or -1)
  local isKnown = false
  for j = 1, #ids do if ids[j] == id then isKnown = true end end

  local newest = bucket
  for j = 1, #buckets, 3 do if buckets[j] > newest then newest = buckets[j] end end
  local oldest = newest - ${bucketsBehind}
  if bucket < oldest then bucket = oldest end

  local live, n, count, sum, isDue = {}, 0, 0, 0, isFresh and not isKnown
  for j = 1, #buckets, 3 do
    if buckets[j] >= oldest then
      local c, s = buckets[j + 1], buckets[j + 2]
      if isDue and buckets[j] == bucket then c, s, isDue = c + 1, s + amount, false end
      live[n + 1], live[n + 2], live[n + 3] = buckets[j], c, s
      n, count, sum = n + 3, count + c, sum + s
    end
  end
  if isDue then
    live[n + 1], live[n + 2], live[n + 3] = bucket, 1, amount
    count, sum = count + 1, sum + amount
  end

  if isFresh then
    offsets[at], offsets[at + 1] = partition, offset
    if not isKnown then
      ids[#ids + 1] = id
      if #ids > ${rememberedIds} then table.remove(ids, 1) end
    end
    call('SET', KEYS[i], pack(ids, offsets, live), 'PX', ${keptMs})
  elseif not isKnown then
    count = -1
  end
  answers[2 * i - 3], answers[2 * i - 2] = count, math.min(sum, ${highestSumMinor})
end
return answers`,
};
