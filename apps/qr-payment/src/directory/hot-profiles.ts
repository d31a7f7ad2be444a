import type { HotData, KeyScript } from '@fourway/platform-hot-data';

/** Key of a merchant's packed profile in the hot copy. */
const keyOf = (merchantId: string): string => `payment:m:${merchantId}`;

// A reader that was slow must not put back what a change has replaced meanwhile. Versions are compared as decimal texts: Lua's numbers
// would round them.
const putNewer: KeyScript = {
  name: 'fourwayPutNewerProfile',
  lua: `local function newer(a, b) return #a > #b or (#a == #b and a > b) end
local there = redis.call('GET', KEYS[1])
if there and newer(string.match(there, '^%d*'), string.match(ARGV[1], '^%d*')) then return 0 end
redis.call('SET', KEYS[1], ARGV[1])
return 1`,
};

/** The hot copy of merchants. Away or empty, it only makes reads slower. */
export class HotProfiles {
  readonly #hotData: HotData;

  constructor(hotData: HotData) {
    this.#hotData = hotData;
  }

  /** Packed profiles, null where there is none. */
  async get(merchantIds: readonly string[]): Promise<readonly (string | null)[]> {
    return this.#hotData.getMany(merchantIds.map(keyOf)).catch(() => []);
  }

  async put(profiles: readonly (readonly [merchantId: string, packed: string])[]): Promise<void> {
    await this.#hotData
      .runOnKeys(
        putNewer,
        profiles.map(([id, packed]) => [keyOf(id), packed] as const),
      )
      .catch(() => undefined);
  }
}
