import type { HotData, KeyScript } from '@fourway/platform-hot-data';
import type { MerchantRow } from './directory.repository.ts';

/** Its last two digits: keys of one tag lie on one shard, so that one call may write many. */
const tagOf = (merchantId: string): string => merchantId.slice(-2);
const keyOf = (merchantId: string): string => `routing:m{${tagOf(merchantId)}}${merchantId}`;

// Whoever was slow, a reader, another replica or a rebuild, must not put back what a change has replaced meanwhile. Versions are
// compared as decimal texts: Lua's numbers would round them.
const putNewer: KeyScript = {
  name: 'fourwayPutNewerMerchants',
  lua: `local function isNewer(a, b) return #a > #b or (#a == #b and a > b) end
for i, key in ipairs(KEYS) do
  local there = redis.call('GET', key)
  if not there or isNewer(string.match(ARGV[i], '^%d*'), string.match(there, '^%d*')) then redis.call('SET', key, ARGV[i]) end
end
return 1`,
};

/** The hot copy of merchants: version and packed profile. It never holds an older version than it held, unless Redis forgets. */
export class HotMerchants {
  readonly #hotData: HotData;

  constructor(hotData: HotData) {
    this.#hotData = hotData;
  }

  /** Packed profiles in the order of the ids, empty where there is none. Rejects when Redis is away. */
  async profilesOf(merchantIds: readonly string[]): Promise<string[]> {
    const values = await this.#hotData.getMany(merchantIds.map(keyOf));
    return values.map((value) => (value === null ? '' : value.slice(value.indexOf('|') + 1)));
  }

  /** Rejects when Redis is away. */
  async put(rows: readonly MerchantRow[]): Promise<void> {
    const calls = [...Map.groupBy(rows, ({ merchantId }) => tagOf(merchantId)).values()].map((ofTag) => ({
      keys: ofTag.map(({ merchantId }) => keyOf(merchantId)),
      args: ofTag.map(({ version, profile }) => `${version}|${profile}`),
    }));
    await this.#hotData.runScript(putNewer, calls);
  }
}
