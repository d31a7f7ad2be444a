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

type PackedProfiles = Iterable<readonly [merchantId: string, packed: string]>;

const settledAtOnce = 2_000;

/** The hot copy of merchants. Away or empty, it only makes reads slower. */
export class HotProfiles {
  readonly #hotData: HotData;
  /** Merchants of which the copy may hold something older than the projection: a change could not be written. */
  readonly #outdated = new Set<string>();

  constructor(hotData: HotData) {
    this.#hotData = hotData;
  }

  /** Packed profiles, null where there is none that can be trusted. */
  async get(merchantIds: readonly string[]): Promise<readonly (string | null)[]> {
    const packed = await this.#hotData.getMany(merchantIds.map(keyOf)).catch(() => []);
    return packed.map((profile, i) => (this.#outdated.has(merchantIds[i] ?? '') ? null : profile));
  }

  /** Puts back what was read from the projection. */
  async put(profiles: PackedProfiles): Promise<void> {
    await this.#write(profiles).catch(() => undefined);
  }

  /** Puts what has changed; where that fails, `settle` does it later. */
  async change(profiles: ReadonlyMap<string, string>): Promise<void> {
    try {
      await this.#write(profiles);
    } catch {
      for (const id of profiles.keys()) this.#outdated.add(id);
    }
  }

  /** Writes what could not be written; to be called now and then. Rejects while Redis is away. */
  async settle(newestOf: (merchantIds: readonly string[]) => Promise<ReadonlyMap<string, string>>): Promise<void> {
    while (this.#outdated.size > 0) {
      const ids = [...this.#outdated].slice(0, settledAtOnce);
      await this.#write(await newestOf(ids));
      for (const id of ids) this.#outdated.delete(id);
    }
  }

  async #write(profiles: PackedProfiles): Promise<void> {
    await this.#hotData.runOnKeys(
      putNewer,
      [...profiles].map(([id, packed]) => [keyOf(id), packed] as const),
    );
  }
}
