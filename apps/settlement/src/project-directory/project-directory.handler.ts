import type { Logger } from '@fourway/platform-observability';
import type { StreamRecord } from '@fourway/platform-stream';
import { feeContractOfRecord, isFeeContractKey, type PublishedFeeContract } from './fee-contract-of-record.ts';
import type { FeeContractRepository } from './fee-contract.repository.ts';
import type { FeeContracts } from './fee-contracts.ts';

export interface ProjectDirectoryOptions {
  readonly contracts: FeeContracts;
  readonly repository: FeeContractRepository;
  readonly logger: Logger;
  /** Counts records that are no usable fee contract. */
  readonly onUnusable: () => void;
}

/** Takes the fee contracts among the directory's records into the projection, then into memory. */
export class ProjectDirectory {
  readonly #options: ProjectDirectoryOptions;

  constructor(options: ProjectDirectoryOptions) {
    this.#options = options;
  }

  /** What an earlier process stored. */
  async restore(): Promise<void> {
    const { contracts, repository } = this.#options;
    contracts.publish(await repository.newest());
  }

  /** @param records of one partition, in order */
  async handle(records: readonly StreamRecord[]): Promise<void> {
    const last = records.at(-1);
    if (last === undefined) return;
    const { contracts, repository } = this.#options;
    const published = records.filter(({ key }) => isFeeContractKey(key)).flatMap((record) => this.#read(record));
    contracts.publish(await repository.store(published));
    await repository.storePosition({ topic: last.topic, partition: last.partition, offset: last.offset + 1n });
  }

  /** An unusable contract stays out: outcomes that name it are set aside with their reason, and its next version heals it. */
  #read({ value, partition, offset }: StreamRecord): PublishedFeeContract[] {
    if (value === null) return [];
    try {
      const published = feeContractOfRecord(value);
      return published === null ? [] : [published];
    } catch (error) {
      this.#options.onUnusable();
      this.#options.logger.error(
        { err: error, partition, offset: String(offset) },
        'unusable fee contract in the directory',
      );
      return [];
    }
  }
}
