import type { HotData, KeyScript } from './hot-data.ts';

/**
 * Of these many hashes a copy consists. Redis keeps a small hash as one block, without the three objects that a key of its own costs: at six
 * million entries there are 46 in each. Fixed: with another number nothing would be found where it lies.
 */
const bucketCount = 1 << 17;

/** Keys of one tag lie on one shard, so that one call may write to many. */
const tagCount = 64;

/** The value begins with the decimal digits of its version; what follows them is not looked at. */
export type VersionedEntry = readonly [id: string, value: string];

// Whoever was slow, a reader, another replica or a rebuild, must not put back what a change has replaced meanwhile. The same version is
// written again: that heals a damaged entry. Versions are compared as decimal texts: Lua's numbers would round them.
const putUnlessOlder: KeyScript = {
  name: 'fourwayPutUnlessOlder',
  lua: `local function isNewer(a, b) return #a > #b or (#a == #b and a > b) end
for i, key in ipairs(KEYS) do
  local id, value = ARGV[2 * i - 1], ARGV[2 * i]
  local there = redis.call('HGET', key, id)
  if not there or not isNewer(string.match(there, '^%d*'), string.match(value, '^%d*')) then redis.call('HSET', key, id, value) end
end
return 1`,
};

/**
 * A copy of millions of small values in half the memory of a key each. It never holds an older version of one than it held, unless Redis
 * forgets. Values above Redis' `hash-max-ziplist-value` are right as well, but take the room of a key. See ADR 0026.
 */
export class VersionedCopy {
  readonly #hotData: HotData;
  readonly #prefix: string;

  /** @param prefix of its keys, e.g. `routing:m` */
  constructor(hotData: HotData, prefix: string) {
    this.#hotData = hotData;
    this.#prefix = prefix;
  }

  /** In the order of the ids, null where there is none. One round trip. Rejects when Redis is away. */
  get(ids: readonly string[]): Promise<(string | null)[]> {
    return this.#hotData.getFields(ids.map((id) => [this.#keyOf(bucketOf(id)), id] as const));
  }

  /** Rejects when Redis is away; some may have been written then. */
  async put(entries: readonly VersionedEntry[]): Promise<void> {
    const placed = entries.map((entry) => ({ entry, bucket: bucketOf(entry[0]) }));
    const calls = [...Map.groupBy(placed, ({ bucket }) => bucket % tagCount).values()].map((ofTag) => ({
      keys: ofTag.map(({ bucket }) => this.#keyOf(bucket)),
      args: ofTag.flatMap(({ entry }) => entry),
    }));
    await this.#hotData.runScript(putUnlessOlder, calls);
  }

  #keyOf(bucket: number): string {
    return `${this.#prefix}{${bucket % tagCount}}${bucket}`;
  }
}

/** FNV-1a: ids of one region or one acquirer differ in few digits, and are to be spread all the same. */
function bucketOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < id.length; at++) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  // The upper bits are the better mixed ones.
  return (hash ^ (hash >>> 15)) & (bucketCount - 1);
}
