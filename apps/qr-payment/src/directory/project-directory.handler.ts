import { decodeDirectoryChange } from '@fourway/contracts';
import { SwitchError } from '@fourway/kernel';
import type { StreamBatch, StreamRecord } from '@fourway/platform-stream';
import type { HotProfiles } from './hot-profiles.ts';
import { packProfile } from './merchant-profile.ts';
import type { MerchantRepository, MerchantRow } from './merchant.repository.ts';

/** Keeps this service's projection of the directory, and the hot copy of it, a batch at a time. */
export class ProjectDirectory {
  readonly #repository: MerchantRepository;
  readonly #hot: HotProfiles;

  constructor(repository: MerchantRepository, hot: HotProfiles) {
    this.#repository = repository;
    this.#hot = hot;
  }

  async handle(batch: StreamBatch): Promise<void> {
    // One statement may touch a row once, so only the newest change of each merchant counts.
    const newest = new Map<string, MerchantRow>();
    for (const record of batch.records) {
      const row = merchantRowOf(record, batch);
      if (row !== null && row.version > (newest.get(row.merchantId)?.version ?? -1n)) newest.set(row.merchantId, row);
    }
    await this.#repository.save([...newest.values()]);
    // Re-read rather than written from the event: the projection may hold something newer.
    if (newest.size > 0) await this.#hot.change(await this.#repository.profilesOf([...newest.keys()]));
  }
}

function merchantRowOf(record: StreamRecord, batch: StreamBatch): MerchantRow | null {
  if (record.value === null) return null;
  try {
    const change = decodeDirectoryChange(record.value);
    if (change?.entity.type !== 'merchant') return null;
    const { version, status, entity } = change;
    const { merchantId, apiKeyVersion, currency, mcc, region, name } = entity.merchant;
    const profile = packProfile({ merchantId, status, apiKeyVersion, currency, mcc, region, name }, version);
    return { merchantId, version, profile };
  } catch (error) {
    batch.deadLetter(record, {
      code: error instanceof SwitchError ? error.code : 'undecodable',
      detail: String(error),
    });
    return null;
  }
}
