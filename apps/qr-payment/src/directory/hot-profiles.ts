import { VersionedCopy, type HotData } from '@fourway/platform-hot-data';

type PackedProfiles = Iterable<readonly [merchantId: string, packed: string]>;

const settledAtOnce = 2_000;

/** The hot copy of merchants. Away or empty, it only makes reads slower. */
export class HotProfiles {
  readonly #copy: VersionedCopy;
  /** Merchants of which the copy may hold something older than the projection: a change could not be written. */
  readonly #outdated = new Set<string>();

  constructor(hotData: HotData) {
    this.#copy = new VersionedCopy(hotData, 'payment:m');
  }

  /** Packed profiles, null where there is none that can be trusted. */
  async get(merchantIds: readonly string[]): Promise<readonly (string | null)[]> {
    const packed = await this.#copy.get(merchantIds).catch(() => []);
    return packed.map((profile, i) => (this.#outdated.has(merchantIds[i] ?? '') ? null : profile));
  }

  /** Puts back what was read from the projection. */
  async put(profiles: PackedProfiles): Promise<void> {
    await this.#copy.put([...profiles]).catch(() => undefined);
  }

  /** Puts what has changed; where that fails, `settle` does it later. */
  async change(profiles: ReadonlyMap<string, string>): Promise<void> {
    try {
      await this.#copy.put([...profiles]);
    } catch {
      for (const id of profiles.keys()) this.#outdated.add(id);
    }
  }

  /** Writes what could not be written; to be called now and then. Rejects while Redis is away. */
  async settle(newestOf: (merchantIds: readonly string[]) => Promise<ReadonlyMap<string, string>>): Promise<void> {
    while (this.#outdated.size > 0) {
      const ids = [...this.#outdated].slice(0, settledAtOnce);
      await this.#copy.put([...(await newestOf(ids))]);
      for (const id of ids) this.#outdated.delete(id);
    }
  }
}
