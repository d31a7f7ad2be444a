import { VersionedCopy, type HotData } from '@fourway/platform-hot-data';
import type { MerchantRow } from './directory.repository.ts';

/** The hot copy of merchants: version and packed profile. */
export class HotMerchants {
  readonly #copy: VersionedCopy;

  constructor(hotData: HotData) {
    this.#copy = new VersionedCopy(hotData, 'routing:m');
  }

  /** Packed profiles in the order of the ids, empty where there is none. Rejects when Redis is away. */
  async profilesOf(merchantIds: readonly string[]): Promise<string[]> {
    const values = await this.#copy.get(merchantIds);
    return values.map((value) => (value === null ? '' : value.slice(value.indexOf('|') + 1)));
  }

  /** Rejects when Redis is away. */
  async put(rows: readonly MerchantRow[]): Promise<void> {
    await this.#copy.put(rows.map(({ merchantId, version, profile }) => [merchantId, `${version}|${profile}`]));
  }
}
